"""E-mail addresses: which text cannot be one, and what was probably meant."""

import re

_NAME = r"[^\s@\"(),:;<>\[\]\\]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(
    rf"(?P<name>{_NAME}|\"[^\"\s@]+(?: [^\"\s@]+)*\")@(?P<host>(?:{_LABEL}\.)+{_LABEL})"
)
_WITHIN = re.compile(rf"{_NAME}@(?:{_LABEL}\.)+{_LABEL}")
_AT = re.compile(r"\s*[\[({]\s*(?:at|zavinac)\s*[\])}]\s*|\s+at\s+", re.IGNORECASE)
_LONGEST = 254  # letters (RFC 5321)


def email_fault(text: str) -> tuple[str, str] | None:
    """Why no mail can reach this, and a hint; None for an address that may be one."""
    return None if _may_be(text) else (_why(text), _hint(text))


def _may_be(text: str) -> bool:
    found = _ADDRESS.fullmatch(text) if len(text) <= _LONGEST else None
    if not found or found["host"].rpartition(".")[2].isdigit():
        return False
    name = found["name"]
    return not (name.startswith(".") or name.endswith(".") or ".." in name)


def _why(text: str) -> str:
    if len(text) > _LONGEST:
        return f"no e-mail address has more than {_LONGEST} letters"
    _name, at, host = text.rpartition("@")
    if not at:
        return "an e-mail address without `@`"
    if len(_WITHIN.findall(text)) > 1:
        return "several e-mail addresses in one"
    if re.search(r"\s", text):
        return "an e-mail address with more than the address in it"
    return "this cannot be an e-mail address" if "." in host else "the part behind `@` has no dot"


def _hint(text: str) -> str:
    """What was probably meant; empty where nothing comes to mind."""
    if len(text) > _LONGEST:
        return ""
    inside = _WITHIN.findall(text)
    if len(inside) > 1:
        return "make each an entry of its own"
    bare = re.sub(r"\s+", "", _AT.sub("@", text))
    tries = [*inside, bare, bare.replace(",", "."), re.sub(r"\.{2,}", ".", bare), bare.strip(".,;")]
    good = next((one for one in tries if _may_be(one)), "")
    return f"did you mean `{good}`?" if good else ""
