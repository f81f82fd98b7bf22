"""How git is to call this program: by an absolute path, and by nothing that lies in the repository."""

import shlex
import sys


def own_words() -> list[str]:
    """The program as a list of words. `-P`: Python imports nothing from the folder it runs in."""
    return [sys.executable, "-P", "-m", "plaintextcrm"]


def own_command() -> str:
    """The same for a shell, as git's settings and hooks have it."""
    return shlex.join(own_words())
