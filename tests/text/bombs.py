"""Files of up to 1 MiB that once crashed, hung or filled a YAML reader; read in a process of their own.

`python -m tests.text.bombs LOADER` reads each with the usual loader (libyaml's, where it is there)
or the pure one; with the usual one also as a contact and as settings. It prints the name before,
and after it the processor seconds, the peak memory in MiB and the codes, so that a crash leaves
the name of what crashed it.
"""

import re
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.loader import LOADER, PureLoader
from plaintextcrm.text.parse import parse_contact, parse_settings
from plaintextcrm.text.reader import read
from plaintextcrm.text.source import MAX_BYTES

LOADERS = {"usual": LOADER, "pure": PureLoader}
MILLION = 1_000_000


def _fill(line: str, start: str = "name: Eva\n") -> str:
    """As many of these lines as a file may have."""
    return start + line * ((MAX_BYTES - len(start)) // len(line.encode()))


def _laughs(link: str) -> str:
    """Billion laughs: each line has nine of the one above."""
    lines = ["a: &a0 [lol]"]
    for number in range(1, 12):
        row = ", ".join([f"*a{number - 1}"] * 9)
        lines.append(f"a{number}: &a{number} {link.format(row)}")
    return "\n".join(lines)


BOMBS = {
    "open brackets": "[" * MILLION,
    "open braces": "{" * MILLION,
    "brackets in a value": "name: Eva\ntags: " + "[" * MILLION,
    "closed brackets": "x: " + "[" * 500_000 + "]" * 500_000,
    "dashes": "- " * 500_000,
    "question marks": "? " * 500_000,
    "colons": "a:" * 500_000,
    "indented deeper and deeper": "\n".join(" " * depth + "a:" for depth in range(1400)),
    "billion laughs": _laughs("[{}]"),
    "merge keys": _laughs("{{<<: [{}]}}"),
    "one long plain text": "name: " + "a b " * 260_000,
    "one long quoted text": 'name: "' + "a b " * 260_000 + '"',
    "one long block": _fill("  a b\n", "name: Eva\nnotes: |\n"),
    "one long folded block": _fill("  a b\n\n", "name: Eva\nnotes: >\n"),
    "one long word": "name: " + "a" * 1_040_000,
    "one long name of a field": "a" * 1_040_000 + ": x",
    "escapes": 'name: "' + "\\x41" * 260_000 + '"',
    "a quote that never ends": _fill("it's\n", 'name: Eva\nnotes: "'),
    "quotes": "name: " + "''" * 500_000,
    "comments": _fill("# x\n"),
    "empty lines": _fill("\n"),
    "blanks": "name:" + " " * 1_040_000 + "x",
    "tabs in a quote": "name: '" + "\t" * MILLION + "'",
    "tabs in comments": _fill("#\t\n"),
    "tabs between words": _fill("x\ty ", "name: "),
    "documents": _fill("---\n"),
    "directives": _fill("%YAML 1.1\n", ""),
    "conflict marks": _fill("<<<<<<< ours\n", ""),
    "the same field": "name: Eva\n" * 29_000,
    "many fields": "".join(f"k{number}: v\n" for number in range(59_000)),
    "many values": "name: Eva\ntags: [" + "1," * 520_000 + "]",
    "many anchors": _fill("x: &a 1\n"),
    "many tags": _fill("- !!int 1\n", "tags:\n"),
    "many entries": _fill("  - {date: 2026-01-01, note: hello}\n", "name: Eva\ninteractions:\n"),
    "lines that are no fields": _fill("no field here\n"),
    "byte-order marks": "\ufeff" * 340_000,
    "NUL": "\0" * 1_048_576,
    "emoji": _fill("😀"),
    "a private slip": "name: Eva\n" + "visi " * 200_000 + ":::::" * 1_000,
}
# Values on which the parsing of one field could hang; to YAML they are plain text.
VALUES = {
    "a date of a million digits": "name: Eva\nbirthday: " + "1" * MILLION,
    "a yearly day": "name: Eva\nbirthday: --" + "1" * MILLION,
    "an amount": "name: Eva\nrevenue: [{year: 2026, amount: " + "1" * MILLION + "}]",
    "an amount with marks": "name: Eva\nrevenue: [{year: 2026, amount: '" + "1," * 400_000 + "'}]",
    "a score": "name: Eva\nfeedback: [{date: 2026-01-01, score: " + "1" * MILLION + "}]",
    "a power": "name: Eva\nfeedback: [{date: 2026-01-01, score: 1e999999}]",
    "a year": "name: Eva\nrevenue: [{amount: 1, year: " + "1" * MILLION + "}]",
    "a duration": "name: Eva\ncadence: " + "1 " * 500_000 + "weeks",
    "a duration of blanks": "name: Eva\ncadence: '1" + " " * MILLION + "x'",
    "an ISO duration": "name: Eva\ncadence: P" + "1" * MILLION,
    "a time": "name: Eva\nfollow_ups: [{date: 2026-01-01, time: " + "1" * MILLION + "}]",
    "a language": "name: Eva\nlanguage: en" + "-gb" * 340_000,
    "a web address": "name: Eva\nurls: [" + "a." * 500_000 + " x]",
    "a web address of dots": "name: Eva\nurls: [" + "." * MILLION + "]",
    "a time zone": "name: Eva\ntimezone: " + "Europe/" * 148_000,
    "a status": "name: Eva\nstatus: " + "client" * 170_000,
    "a path": "name: Eva\nphoto: " + "../" * 340_000,
}


def _peak() -> float:
    """The most memory this program ever had, in MiB.

    On Linux `ru_maxrss` begins with what the process had that started us.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / (1 << 20)


def _read_as_yaml(data: bytes, loader: str) -> set[str]:
    document = read(data, "contacts/eva.yaml", LOADERS[loader])
    return {problem.code for problem in document.problems}


def _read_as_contact(data: bytes) -> set[str]:
    parsed = parse_contact(data, "contacts/eva.yaml", Settings(), date(2026, 11, 22))
    return {problem.code for problem in parsed.problems}


def _read_as_settings(data: bytes) -> set[str]:
    return {problem.code for problem in parse_settings(data, "plaintextcrm.yaml")[1]}


def _explode(name: str, text: str, read_one: Callable[[bytes], set[str]]) -> None:
    data = text.encode()[:MAX_BYTES]
    sys.stdout.write(f"{name}\t")
    sys.stdout.flush()
    start = time.process_time()
    codes = ",".join(sorted(read_one(data)))
    sys.stdout.write(f"{time.process_time() - start:.2f}\t{_peak():.0f}\t{codes}\n")


def main(loader: str) -> None:
    """Read them all."""
    for name, text in BOMBS.items():
        _explode(name, text, lambda data: _read_as_yaml(data, loader))
    if loader == "usual":
        for name, text in (BOMBS | VALUES).items():
            _explode(f"{name} as a contact", text, _read_as_contact)
            _explode(f"{name} as settings", text, _read_as_settings)


if __name__ == "__main__":
    main(sys.argv[1])
