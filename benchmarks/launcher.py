"""A small process that starts the measured ones: `python -I -S launcher.py ANSWER ERRORS`.

A child's peak of memory counts from what its parent had, so the parent must have little: this file
imports next to nothing. Each line of stdin is a command, its words divided by NUL, its own line
ends written as RS. The answer is a line with the seconds it took, its seconds of CPU, its peak of
memory as the system counts it, its exit code, and how many bytes it answered. Its stdout and stderr
go to the two files.
"""

import os
import sys
from time import perf_counter


def main() -> None:
    read_nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    answer, errors = sys.argv[1:]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    keep_answer = (os.POSIX_SPAWN_OPEN, 1, answer, flags, 0o600)
    keep_errors = (os.POSIX_SPAWN_OPEN, 2, errors, flags, 0o600)
    actions = (read_nothing, keep_answer, keep_errors)
    for line in sys.stdin:
        words = line.rstrip("\n").replace("\x1e", "\n").split("\0")
        begin = perf_counter()
        child = os.posix_spawnp(words[0], words, os.environ, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        seconds = perf_counter() - begin
        cpu = usage.ru_utime + usage.ru_stime
        code = os.waitstatus_to_exitcode(status)
        size = os.stat(answer).st_size  # noqa: PTH116 no more imports than needed
        print(seconds, cpu, usage.ru_maxrss, code, size, flush=True)


if __name__ == "__main__":
    main()
