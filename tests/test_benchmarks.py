"""The benchmark measures what it says: the same contacts everywhere, and honest tables."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from benchmarks import bench, cases, targets
from benchmarks.cases import Case, State
from benchmarks.people import generate
from benchmarks.running import Failed, Launcher, Place, Run
from benchmarks.table import READING, Measured, share, table
from benchmarks.targets import Target, verdict
from tests.conftest import PROJECT

# Of the 60 contacts of seed 1. Another one means that figures of before cannot be compared.
DIGEST = "bbf39c6fffba7bc6ea52293e115d9235c0b3bd7eabe640344547d88c6ccda8cf"


def digest(folder: Path) -> str:
    """All paths and bytes of a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            found.update(path.read_bytes() + b"\0")
    return found.hexdigest()


# --- the contacts -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed_of_hashes", ["0", "4242"])
def test_contacts_are_the_same_in_every_process(tmp_path: Path, seed_of_hashes: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "benchmarks.people", tmp_path / "book", "60"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": seed_of_hashes, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        check=True,
    )
    assert digest(tmp_path / "book") == DIGEST


def test_another_seed_gives_other_contacts(tmp_path: Path) -> None:
    generate(tmp_path / "book", 60, seed=2)
    assert digest(tmp_path / "book") != DIGEST


def test_contacts_are_as_large_and_as_rich_as_real_ones(tmp_path: Path) -> None:
    generate(tmp_path, 400)
    files = [path.read_bytes() for path in (tmp_path / "contacts").rglob("*.yaml")]
    contacts = [yaml.safe_load(data) for data in files]
    assert len(files) == 400
    assert all(1_000 <= len(data) <= 3_072 for data in files)
    assert 1_500 <= sum(map(len, files)) / 400 <= 2_200
    assert {len(contact["interactions"]) for contact in contacts} == set(range(3, 16))
    assert sum(b"#" in data for data in files) > 100
    assert sum("ř" in data.decode() for data in files) > 100
    assert sum("ł" in data.decode() for data in files) > 40
    for key in ("deals", "revenue", "needs", "promises", "referrals", "feedback", "follow_ups"):
        assert sum(key in contact for contact in contacts) >= 20, key
    lost = [
        deal for contact in contacts for deal in contact.get("deals", ()) if deal["stage"] == "lost"
    ]
    assert len({deal["reason"] for deal in lost}) == 5
    assert sum("competitor" in deal for deal in lost) >= 20


# --- running ------------------------------------------------------------------------------------


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Launcher]:
    with Launcher(Place(tmp_path, os.environ), "test") as running:
        yield running


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", program)


def test_a_run_tells_time_and_memory_of_the_child_alone(launcher: Launcher) -> None:
    """This process is far larger than a bare Python."""
    bare = launcher.run(python("pass"))
    large = launcher.run(python("text = b'x' * 100 * 2**20\nprint(sum(range(1_000_000)))"))
    assert 2 < bare.peak < 25
    assert 95 < large.peak - bare.peak < 115
    assert large.cpu > bare.cpu
    assert bare.seconds > 0


def test_a_run_that_fails_is_not_measured(launcher: Launcher) -> None:
    with pytest.raises(Failed, match=r"exit code 3\nno such thing"):
        launcher.run(python("import sys\nprint('no such thing', file=sys.stderr); sys.exit(3)"))


def test_a_run_that_has_no_answer_is_not_measured(launcher: Launcher) -> None:
    launcher.run(python("print('Zuzana')"), answers=True)
    with pytest.raises(Failed, match="no answer"):
        launcher.run(python("pass"), answers=True)


# --- judging ------------------------------------------------------------------------------------


def test_a_target_that_is_met_has_no_excuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(targets.REASONS, "`list`", "the moon is full")
    target = Target(2.0, 8)
    assert verdict("`list`", target, 10_000, 2.0) == "met: 2"
    assert verdict("`list`", target, 10_000, 2.004) == "missed: 2.004; the moon is full"
    assert verdict("`list`", target, 100_000, 7.9) == "met: 7.9"
    assert verdict("`list`", target, 100_000, 8.1) == "missed: 8.1; the moon is full"
    assert verdict("`sing`", target, 10_000, 3) == f"missed: 3; {targets.NOT_LOOKED_INTO}"
    assert verdict("`list`", target, 9_999, 30) == ""
    assert verdict("git status", None, 10_000, 30) == ""


def test_a_share_of_values() -> None:
    assert share(range(1, 101), 0.95) == 95
    assert share([3.0, 1.0, 2.0], 0.5) == 2.0
    assert share([1.0, 2.0], 0.95) == 2.0
    assert share([5.0], 0.5) == 5.0


def made_up(count: int) -> Measured:
    """A unit of 0.1 s, 4 s to read all, and some commands."""

    def case(
        name: str, seconds: list[float], target: Target | None, state: State = State.ANY
    ) -> Case:
        runs = [Run(second, second / 2, 10 * second + 5) for second in seconds]
        return Case(name, (), state, target, runs=runs)

    return Measured(
        count,
        [
            case(READING, [3.0, 9.0, 4.0], None),
            case("`check`, first time", [2.4, 2.0, 2.3], targets.COLD, State.COLD),
            case("`list`", [0.19, 0.21, 0.9], targets.WARM, State.SETTLED),
            case("`log`", [0.41, 0.39, 0.1], targets.LOG, State.EDITED),
        ],
        [Run(second, 0.09, 14) for second in (0.1, 0.08, 0.7)],
        [0.1] * 18 + [0.6, 0.7],
    )


def test_rows_show_medians_ratios_and_targets() -> None:
    rows = table(made_up(10_000)).splitlines()
    cold, saved = (
        targets.REASONS.get(name, targets.NOT_LOOKED_INTO)
        for name in ("`check`, first time", "a save until the feed has it, 95 of 100")
    )
    slow = "| `check`, first time | 2.300 | 1.150 | 23.00 | 29 | ≤ 0.55 of reading"
    late = "| a save until the feed has it, 95 of 100 | 0.600 |  |  |  | ≤ 0.5 s"
    assert rows[2:] == [
        '| unit: `python -c "import click, sqlite3"` | 0.100 | 0.090 | 1.00 | 14 |  |  |',
        f"| {READING} | 4.000 | 2.000 | 40.00 | 95 |  |  |",
        f"{slow} | missed: 0.575 of reading; {cold} |",
        f"| `list` | 0.210 | 0.105 | 2.10 | 14 | ≤ 2 | missed: 2.1; {targets.NOT_LOOKED_INTO} |",
        "| `log` | 0.390 | 0.195 | 3.90 | 9 | ≤ 0.4 s | met: 0.39 s |",
        "| a save until the feed has it, median | 0.100 |  |  |  |  |  |",
        f"{late} | missed: 0.6 s; {saved} |",
        "| memory, nothing changed |  |  |  | 14 | ≤ 40 MB | met: 14 MB |",
        "| memory, first `check` |  |  |  | 29 | ≤ 60 MB | met: 29 MB |",
    ]


def test_few_contacts_have_no_targets() -> None:
    text = table(made_up(1_000))
    assert "met" not in text
    assert "missed" not in text
    assert "≤" not in text


def test_reasons_are_of_rows_that_are_there(tmp_path: Path) -> None:
    place = Place(tmp_path, {**os.environ, "PYTHONPATH": str(PROJECT)})
    generate(tmp_path / "book", 3)
    rows = {case.name for case in cases.ours(tmp_path / "book", tmp_path / "feed.ics", place)}
    rows |= set(re.findall(r"^\| ([^|]+) \|", table(made_up(10_000)), re.MULTILINE))
    assert set(targets.REASONS) <= rows


# --- the whole ----------------------------------------------------------------------------------


def test_the_tables_come_out(tmp_path: Path) -> None:
    words = ("--counts", "200", "--rounds", "1", "--no-peers")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench", *words, "--work", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("## 200 contacts\n")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in done.stdout.splitlines()
        if line.startswith("|")
    ]
    rows = {cell[0]: cell for cell in cells[2:]}
    for name in ("`check`, first time", "`list WORD`", "`agenda` while `watch` runs", "git status"):
        seconds, _cpu, units, memory = map(float, rows[name][1:5])
        assert seconds > 0, name
        assert units > 0, name
        assert memory > 2, name
    assert float(rows["a save until the feed has it, median"][1]) > 0
    assert float(rows["memory, nothing changed"][4]) > float(rows["bare Python"][4])
    assert not list(tmp_path.iterdir()), "it left something behind"


def test_a_table_replaces_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("# Speed\n\nWhat it means.\n")
    bench.write(page, 1_000, "## one")
    bench.write(page, 10_000, "## ten")
    bench.write(page, 1_000, "## one again \\1")
    assert page.read_text() == (
        "# Speed\n\nWhat it means.\n\n<!-- 1000 -->\n## one again \\1\n<!-- end of 1000 -->\n\n"
        "<!-- 10000 -->\n## ten\n<!-- end of 10000 -->\n"
    )
