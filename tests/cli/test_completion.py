"""What the Tab key offers, in the real bash, zsh and fish."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.conftest import AddressBook

BIN = Path(sys.executable).parent
PROGRAMS = ("plaintextcrm", "pcrm")


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """A few contacts to complete."""
    book.write("eva-mala.yaml", "name: Eva Malá\ntags: [vip, garden]\nowner: jana\n")
    book.write("eva-nova.yaml", "name: Eva Nová\ntags: [vienna]\nstatus: lead\n")
    book.write("łukasz.yaml", "name: Łukasz Zieliński\norganization: Zielone Miasto\n")
    book.write("jan.yaml", "name: Jan\ntags: ['big fish']\norganization: łukasz\n")
    return book


def environment(book: AddressBook) -> dict[str, str]:
    """A shell's: our commands are found, and nothing is written into the home folder."""
    home = book.folder.parent / "shell-home"
    home.mkdir(exist_ok=True)
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {
        **os.environ,
        "PATH": path,
        "HOME": str(home),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
        "PLAINTEXTCRM_BOOK": str(book.folder),
    }


BASH = """
eval "$(env "_${2}_COMPLETE=bash_source" "$1")"
COMP_LINE=$3 COMP_POINT=${#3} COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
"_${1}_completion" "$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def bash(book: AddressBook, line: str) -> list[str]:
    """What bash puts on the line instead of its last word; it takes a colon for a word's end."""
    program = line.split()[0]
    arguments = ["bash", "-c", BASH, "bash", program, program.upper(), line]
    done = subprocess.run(
        arguments, env=environment(book), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("program", PROGRAMS)
def test_bash_completes_commands(people: AddressBook, program: str) -> None:
    assert bash(people, f"{program} sh") == ["show"]
    assert set(bash(people, f"{program} ")) >= {"agenda", "check", "export", "list", "watch"}
    assert bash(people, f"{program} export ") == ["ics", "vcard", "csv", "json", "jsonl"]


def test_bash_completes_options_and_their_values(people: AddressBook) -> None:
    assert bash(people, "pcrm list --for") == ["--format"]
    assert bash(people, "pcrm list --format js") == ["json", "jsonl"]
    assert bash(people, "pcrm --col") == ["--color"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_bash_completes_contacts(people: AddressBook, program: str) -> None:
    assert bash(people, f"{program} show eva") == ["eva-mala", "eva-nova"]
    assert bash(people, f"{program} show luk") == ["łukasz"]
    assert bash(people, f"{program} show mala") == ["eva-mala"]
    assert bash(people, f"{program} show nobody") == [""]
    assert bash(people, f"{program} show EVA-N") == ["eva-nova"]


def test_bash_completes_queries(people: AddressBook) -> None:
    assert bash(people, "pcrm list o") == ["owner:", "overdue:", "org:"]
    assert bash(people, "pcrm list tag:vi") == ["vienna", "vip"]
    assert bash(people, "pcrm agenda status:lead owner:") == ["jana"]
    assert bash(people, "pcrm find own") == ["owner:"]
    assert bash(people, "pcrm list tag:b") == ["big\\ fish"]
    assert bash(people, "pcrm list org:z") == ["Zielone\\ Miasto"]
    assert bash(people, "pcrm list nothing:") == [""]


def test_bash_completes_conditions_that_are_turned(people: AddressBook) -> None:
    assert bash(people, "pcrm list -tag:vi") == ["vienna", "vip"]
    assert bash(people, "pcrm agenda status:lead -owner:") == ["jana"]
    assert bash(people, "pcrm list -overd") == ["-overdue:"]
    assert bash(people, "pcrm list -h") == ["-has:"]
    assert bash(people, "pcrm log -tag:vie") == ["vienna"]
    assert bash(people, "pcrm show -e") == [""]
    assert bash(people, "pcrm export ics -tag:vie") == ["vienna"]


def test_a_bare_tab_drowns_nobody(people: AddressBook) -> None:
    people.write("plaintextcrm.yaml", "queries: {cold: status:client last<-6m}\n")
    offered = bash(people, "pcrm list ")
    assert offered[:4] == ["tag:", "status:", "owner:", "org:"]
    assert offered[-1] == "@cold"
    assert len(offered) < 16
    assert bash(people, "pcrm list @") == ["@cold"]
    assert bash(people, "pcrm list tags") == ["tags:"]
    assert bash(people, "pcrm list birth") == ["birthday:"]


def test_bash_completes_fields_of_entries(people: AddressBook) -> None:
    offered = bash(people, "pcrm list deals.")
    assert set(offered) >= {"deals.stage:", "deals.value:", "deals.reason:"}
    assert all(name.startswith("deals.") for name in offered)
    assert bash(people, "pcrm list deal.st") == ["deal.stage:"]
    assert bash(people, "pcrm list deals.stage:w") == ["won"]
    assert bash(people, "pcrm list nothing.") == [""]


def test_bash_completes_what_stands_behind_special_names(people: AddressBook) -> None:
    people.write("plaintextcrm.yaml", "fields: {vat: yes-no}\n")
    assert bash(people, "pcrm list has:pho") == ["phones", "photo"]
    assert bash(people, "pcrm list is:ov") == ["overdue"]
    assert bash(people, "pcrm list sort:la") == ["language", "last"]
    assert bash(people, "pcrm list sort:-tur") == ["-turnover"]
    assert bash(people, "pcrm list has:deals.r") == ["deals.reason"]
    assert bash(people, "pcrm list vat:") == ["yes", "no"]
    assert bash(people, "pcrm list last:t") == ["today"]


def test_bash_completes_talks(people: AddressBook) -> None:
    people.write("plaintextcrm.yaml", "channels: [pub]\n")
    assert bash(people, "pcrm log eva-m") == ["eva-mala"]
    assert bash(people, "pcrm log ca") == [""]  # first a contact
    assert bash(people, "pcrm log eva-mala ca") == ["call"]
    assert bash(people, "pcrm log eva-mala pu") == ["pub"]
    assert bash(people, "pcrm log eva-mala eva-n") == ["eva-nova"]
    assert bash(people, "pcrm done eva-m") == ["eva-mala"]
    assert bash(people, "pcrm set eva-mala cade") == ["cadence"]


FIRM = """
name: Firma
cadence: 6 weeks
birthday: --12-01
follow_ups:
  - {date: 2026-11-01, note: "Send the offer: both"}
  - {date: 2026-11-02, note: gone, done: 2026-11-03}
promises: [{date: 2030-01-01, note: Two references}]
"""


def test_bash_completes_entries(people: AddressBook) -> None:
    people.write("firma.yaml", FIRM)
    shown = people.run("show", "firma").out
    assert "3. 2030-01-01  promise: Two references" in shown
    assert bash(people, "pcrm --today 2026-11-22 done firma ") == ["1", "3"]  # 2 is the birthday
    assert bash(people, "pcrm --today 2026-11-22 snooze firma 3") == ["3"]
    assert bash(people, "pcrm --today 2026-11-22 snooze firma 3 ") == [""]
    assert bash(people, "pcrm done jan ") == [""]
    assert bash(people, "pcrm done nobody ") == [""]
    assert bash(people, "pcrm done eva ") == [""]  # there are two


def test_bash_completes_values(people: AddressBook) -> None:
    people.write(
        "plaintextcrm.yaml",
        "people: [jana, petr]\nstatuses: [vip]\nlost_reasons: [price]\nfields: {likes: list, vat: yes-no}\n",
    )
    assert bash(people, "pcrm set eva-mala status l") == ["lead", "lost"]
    assert bash(people, "pcrm set eva-mala status v") == ["vip"]
    assert bash(people, "pcrm set eva-mala kind ") == ["individual", "organization", "group"]
    assert bash(people, "pcrm set eva-mala owner ") == ["jana", "petr"]
    assert bash(people, "pcrm set eva-mala tags v") == ["vienna", "vip"]
    assert bash(people, "pcrm set eva-mala tags vip, b") == ["big\\ fish"]
    assert bash(people, "pcrm set eva-mala tags vip b") == [""]
    assert bash(people, "pcrm set eva-mala organization z") == ["Zielone\\ Miasto"]
    assert bash(people, "pcrm set eva-mala organization l") == ["łukasz"]
    assert bash(people, "pcrm set eva-mala introduced_by j") == ["jan"]
    assert bash(people, "pcrm set eva-mala cadence.channels me") == ["meeting", "message"]
    assert bash(people, "pcrm set eva-mala deals.1.stage w") == ["won"]
    assert bash(people, "pcrm set eva-mala deals.1.reason ") == ["price"]
    assert bash(people, "pcrm set eva-mala vat ") == ["yes", "no"]
    for field in ("title", "no_such", "0", "a..b", "cadence"):
        assert bash(people, f"pcrm set eva-mala {field} ") == [""], field


def test_bash_completes_fields_of_fields(people: AddressBook) -> None:
    people.write("plaintextcrm.yaml", "fields: {likes: list}\n")
    assert bash(people, "pcrm set eva-mala li") == ["likes"]
    assert bash(people, "pcrm set eva-mala cadence.e") == ["cadence.every"]
    assert bash(people, "pcrm set eva-mala deals.1.st") == ["deals.1.stage"]
    assert bash(people, "pcrm set eva-mala name.x") == [""]


def test_bash_uses_the_book_of_the_line(people: AddressBook, tmp_path: Path) -> None:
    other = tmp_path / "other" / "contacts"
    other.mkdir(parents=True)
    (other / "adam.yaml").write_text("name: Adam\n")
    assert bash(people, f"pcrm -C {other.parent} show a") == ["adam"]


def test_s16_names_that_hold_commands_are_quoted(people: AddressBook) -> None:
    people.write("$(touch owned).yaml", "name: Mallory\n")
    people.write("x;y*z.yaml", "name: Mallory\n")
    people.write("q\x1b[31m.yaml", "name: Mallory\n")
    assert bash(people, "pcrm show $") == ["\\$\\(touch\\ owned\\)"]
    assert bash(people, "pcrm show x") == ["x\\;y\\*z"]
    assert bash(people, "pcrm show q") == [""]


def test_completion_is_silent_where_there_is_no_book(tmp_path: Path, people: AddressBook) -> None:
    shutil.rmtree(people.folder)
    assert bash(people, "pcrm show e") == [""]
    assert bash(people, "pcrm list tag:") == [""]


def typed(shell: "pexpect.spawn[str]", keys: str, wanted: str) -> None:
    """Type the keys, and see the line become what is wanted."""
    shell.send(keys)
    shell.expect_exact(wanted)
    shell.send("\x15")  # take the line back


def test_bash_under_the_fingers(people: AddressBook) -> None:
    shell = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], env=environment(people), encoding="utf-8"
    )
    shell.timeout = 60
    shell.sendline("bind 'set bell-style none'; bind 'set enable-bracketed-paste off'")
    shell.sendline('eval "$(_PCRM_COMPLETE=bash_source pcrm)"; echo rea""dy')
    shell.expect_exact("ready\r\n")
    typed(shell, "pcrm show eva-m\t", "eva-mala ")
    typed(shell, "pcrm show luk\t", "łukasz ")
    typed(shell, "pcrm list tag:vip\t", "tag:vip ")
    typed(shell, "pcrm list tag:vie\t", "tag:vienna ")
    typed(shell, "pcrm list -tag:vie\t", "-tag:vienna ")
    typed(shell, "pcrm list sta\t", "status:")
    typed(shell, "pcrm list status:lea\t", "status:lead ")
    typed(shell, "pcrm set eva-mala status prosp\t", "prospect ")
    typed(shell, "pcrm set jan tags big\t", "big\\ fish ")
    shell.close()


ZSH = """
autoload -Uz compinit && compinit -u -D
eval "$(_PCRM_COMPLETE=zsh_source pcrm)"; eval "$(_PLAINTEXTCRM_COMPLETE=zsh_source plaintextcrm)"
PS1='> '; echo rea""dy
"""


@pytest.mark.clients
@pytest.mark.parametrize("program", PROGRAMS)
def test_zsh_under_the_fingers(people: AddressBook, program: str) -> None:
    shell = pexpect.spawn(installed("zsh"), ["-f", "-i"], env=environment(people), encoding="utf-8")
    shell.timeout = 60
    for line in ZSH.strip().splitlines():
        shell.sendline(line)
    shell.expect_exact("ready\r\n")
    typed(shell, f"{program} sho\t", "show ")
    typed(shell, f"{program} show eva-m\t", "eva-mala ")
    typed(shell, f"{program} show luk\t", "łukasz ")
    typed(shell, f"{program} list --fo\t", "--format ")
    typed(shell, f"{program} list tag:vie\t", "tag:vienna ")
    typed(shell, f"{program} list -tag:vie\t", "-tag:vienna ")
    people.write("firma.yaml", FIRM)
    typed(shell, f"{program} --today 2026-11-22 done firma \t", "follow-up: Send the offer: both")
    typed(shell, f"{program} set eva-mala status prosp\t", "prospect ")
    shell.close()


@pytest.mark.clients
@pytest.mark.parametrize("program", PROGRAMS)
def test_fish_completes(people: AddressBook, program: str) -> None:
    offers = fish(people, program)
    assert offers("sho") == ["show"]
    assert set(offers("list --fo")) == {"--format"}
    assert offers("show eva") == ["eva-mala", "eva-nova"]
    assert offers("list tag:vi") == ["tag:vienna", "tag:vip"]
    assert offers("list -tag:vi") == ["-tag:vienna", "-tag:vip"]
    people.write("firma.yaml", FIRM)
    assert offers("--today 2026-11-22 done firma ") == ["1", "3"]
    assert offers("set eva-mala status le") == ["lead"]


def fish(book: AddressBook, program: str) -> Callable[[str], list[str]]:
    def offers(line: str) -> list[str]:
        script = f"_{program.upper()}_COMPLETE=fish_source {program} | source; complete -C $argv[1]"
        done = subprocess.run(
            [installed("fish"), "--no-config", "-c", script, f"{program} {line}"],
            env=environment(book),
            capture_output=True,
            text=True,
            check=True,
        )
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    return offers


def installed(program: str) -> str:
    """Where a shell is; in CI it must be there (tests/clients/install.sh)."""
    found = shutil.which(program)
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not installed", pytrace=False)
        pytest.skip(f"{program} is not installed")
    return found
