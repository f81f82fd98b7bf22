"""`scrape`: e-mails of real programs become talks, once each, and no bad one stops the others."""

import io
import mailbox
import subprocess
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintextcrm.exchange.letters import Letter, heads, read_letter
from tests.conftest import COMMAND, PROJECT, TODAY, AddressBook

MAIL = PROJECT / "tests" / "mail"
SETTINGS = 'timezone: Europe/Prague\nmy_emails: ["@studio.example"]\n'
EVA = "name: Eva Malá\nemails: [Eva@mala.example]\n"
JAN = "name: Jan Novák\nemails: [jan@novak.example]\n"
# Of each message what is written down with Eva, without `channel` and `id`.
TALKS = {
    "gmail": "date: 2026-10-12, direction: in, note: Poptávka na nový e-shop a správu sociálních sítí",
    "outlook": "date: 2026-10-13, direction: in, note: 'RE: Nabídka', with: [jan]",
    "apple": "date: 2026-10-14, direction: out, note: Smlouva, with: [jan]",
    "latin": "date: 2026-10-15, direction: in, note: Díky za schùzku",
    "utf8": "date: 2026-10-16, direction: in, note: Díky za schůzku",
    "no-date": "date: 2026-10-17, direction: in, note: (no subject)",
    "bad-words": "date: 2026-10-18, direction: in, note: áno =?utf-8?q?konec",
}
LEFT_OUT = {
    "mailman": "1 left out: a mailing list",
    "vacation": "1 left out: an automatic answer",
    "nobody": "nobody sent it",
    "no-day": "it has no date",
}


@pytest.fixture
def crm(book: AddressBook) -> AddressBook:
    book.write("plaintextcrm.yaml", SETTINGS)
    book.write("eva.yaml", EVA)
    book.write("jan.yaml", JAN)
    return book


def eva(book: AddressBook) -> str:
    return (book.folder / "contacts" / "eva.yaml").read_text()


def test_every_sample_is_told() -> None:
    assert {path.stem for path in MAIL.iterdir()} == TALKS.keys() | LEFT_OUT.keys()


@pytest.mark.parametrize("name", TALKS)
def test_a_message_becomes_a_talk(crm: AddressBook, name: str) -> None:
    answer = crm.run("scrape", str(MAIL / f"{name}.eml"))
    assert answer.err.startswith("Wrote down 1 e-mail with 1 contact.") or name == "apple"
    [line] = [line for line in eva(crm).splitlines() if "mail-" in line or "note:" in line][:1]
    told = eva(crm).partition("interactions:\n")[2]
    assert flat(told) == TALKS[name], line
    assert crm.run("check").code == 0
    after = eva(crm)
    again = crm.run("scrape", str(MAIL / f"{name}.eml"))
    assert "1 written down already\nNothing to write down.\n" in again.err
    assert eva(crm) == after
    crm.run("undo")
    assert eva(crm) == EVA


def flat(told: str) -> str:
    """The one entry without what all have."""
    parts = " ".join(told.split()).removeprefix("- ").strip("{}")
    for name in ("date", "channel", "direction", "note", "with", "id"):
        parts = parts.replace(f" {name}: ", f"| {name}: ", 1)
    kept = [part.strip(", ") for part in parts.split("|")]
    kept = [part for part in kept if not part.startswith(("channel:", "id:"))]
    return ", ".join(kept).replace(": - ", ": ")


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_is_told(crm: AddressBook, name: str) -> None:
    answer = crm.run("scrape", str(MAIL / f"{name}.eml"))
    assert LEFT_OUT[name] in answer.err
    assert answer.err.endswith("Nothing to write down.\n")
    assert (answer.code, answer.out, eva(crm)) == (0, "", EVA)


def test_one_bad_message_stops_no_other_and_the_day_tells_the_place(crm: AddressBook) -> None:
    crm.write(
        "eva.yaml",
        EVA + "interactions:\n"
        "  - {date: 2026-11-20, channel: call, note: New}\n"
        "  - {date: 2026-10-14, channel: call, note: Old}\n",
    )
    answer = crm.run("scrape", str(MAIL))
    assert "Wrote down 8 e-mails with 2 contacts." in answer.err
    days = [line[11:21] for line in eva(crm).splitlines() if "date: " in line]
    assert days == sorted(days, reverse=True)
    assert len(days) == 9
    assert answer.code == 0


def test_from_stdin_an_mbox_and_a_maildir(crm: AddressBook, tmp_path: Path) -> None:
    gmail = (MAIL / "gmail.eml").read_bytes()
    done = subprocess.run(
        [*COMMAND, "-C", str(crm.folder), "--today", TODAY, "scrape"],
        input=gmail + b"x" * 100_000,
        capture_output=True,
        check=True,
    )
    assert done.stderr.startswith(b"Wrote down 1 e-mail with 1 contact.")
    box = mailbox.mbox(tmp_path / "mbox")
    for path in sorted(MAIL.iterdir()):
        box.add(path.read_bytes() + b"\nFrom the beginning, it was a good day.\n\n>From x\n")
    box.close()
    answer = crm.run("scrape", str(tmp_path / "mbox"))
    assert "1 written down already" in answer.err
    assert "Wrote down 7 e-mails with 2 contacts." in answer.err
    (tmp_path / "Mail").mkdir()
    folder = mailbox.Maildir(tmp_path / "Mail" / "INBOX")
    for path in MAIL.iterdir():
        folder.add(path.read_bytes())
    answer = crm.run("scrape", str(tmp_path / "Mail"))
    assert "7 written down already" in answer.err
    assert answer.err.endswith("Nothing to write down.\n")
    assert crm.run("scrape", str(tmp_path / "none")).code == 2


def test_who_is_no_contact_is_proposed_and_made(crm: AddressBook, tmp_path: Path) -> None:
    letter = tmp_path / "a.eml"
    letter.write_text(
        'From: "O\'Hara `id`" <$HOME`x`@new.example>\nTo: jana@studio.example\n'
        "Date: Tue, 13 Oct 2026 10:00:00 +0200\nSubject: Hello\x1b[31m\n\n"
    )
    answer = crm.run("scrape", str(letter))
    assert answer.out == (
        "plaintextcrm new '--email=$HOME`x`@new.example' -- 'O'\"'\"'Hara `id`'  # 2026-10-13: Hello [31m\n"
    )
    assert crm.run("scrape", str(letter), "--new", "--dry-run").out.startswith("--- /dev/null\n")
    assert crm.run("scrape", str(letter), "--new").code == 0
    made = (crm.folder / "contacts" / "o-hara-id.yaml").read_text()
    assert "emails: [$HOME`x`@new.example]\n" in made
    assert "note: 'Hello [31m'" in made
    assert crm.run("check").code == 0
    assert "1 written down already" in crm.run("scrape", str(letter), "--new").err
    crm.run("undo")
    assert not (crm.folder / "contacts" / "o-hara-id.yaml").exists()


def message(sender: str, to: str, more: str = "") -> str:
    return f"From: {sender}\nTo: {to}\nDate: Tue, 13 Oct 2026 10:00:00 +0200\nSubject: Hi\n{more}\n"


def test_who_is_left_out(crm: AddressBook, tmp_path: Path) -> None:
    many = ", ".join(f"p{number}@x.example" for number in range(11))
    letters = {
        "ourselves": message("jana@studio.example", "petr@studio.example"),
        "robot": message("no-reply@shop.example", "jana@studio.example"),
        "many": message("jana@studio.example", f"eva@mala.example, {many}"),
        "future": message("eva@mala.example", "x@x.cz").replace("2026", "2036"),
    }
    for name, text in letters.items():
        (tmp_path / f"{name}.eml").write_text(text)
    answer = crm.run("scrape", str(tmp_path))
    for why in ("between yourselves", "too many people", "a date that is still to come"):
        assert f"1 left out: {why}\n" in answer.err
    assert answer.out == ""
    assert eva(crm) == EVA
    answer = crm.run("scrape", str(tmp_path), "--most", "12")
    assert "Wrote down 1 e-mail with 1 contact." in answer.err
    assert len(answer.out.splitlines()) == 11
    (tmp_path / "many.eml").write_text(message("eva@mala.example", "jana@studio.example", "X: y\n"))
    answer = crm.run("scrape", str(tmp_path), "--since", "2026-10-14")
    assert "3 left out: before 2026-10-14" in answer.err


def test_an_address_of_two_is_nobodys(crm: AddressBook) -> None:
    crm.write("eva-2.yaml", EVA)
    answer = crm.run("scrape", str(MAIL / "utf8.eml"))
    assert "eva@mala.example: eva and eva-2 have it, so it is left out." in answer.err
    crm.write("eva-2.yaml", EVA + "kind: organization\n")
    assert "Wrote down 1 e-mail" in crm.run("scrape", str(MAIL / "utf8.eml")).err


def test_without_own_addresses_only_what_came_in_is_known(crm: AddressBook) -> None:
    crm.write("plaintextcrm.yaml", "timezone: Europe/Prague\n")
    answer = crm.run("scrape", str(MAIL / "apple.eml"))
    assert eva(crm) == EVA
    assert "--email=jana@studio.example" in answer.out
    assert answer.err.startswith("Set `my_emails` in plaintextcrm.yaml")
    answer = crm.run("scrape", str(MAIL / "apple.eml"), "--me", "Jana@studio.example")
    assert "Wrote down 2 e-mails with 2 contacts." in answer.err


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_bytes_are_read(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(sorted(MAIL.iterdir()))).read_bytes()
    start = data.draw(st.integers(0, len(sample)))
    junk = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"\nFrom ", b"=?", b"\n\n", b",;:<", b"\0"])
    )
    end = data.draw(st.integers(start, len(sample)))
    for head in heads(io.BytesIO(sample[:start] + junk + sample[end:])):
        found = read_letter(head, ZoneInfo("Europe/Prague"))
        if isinstance(found, Letter):
            assert found.subject.isprintable()
            assert found.sender.address.count("@") == 1
            assert found.id == read_letter(head, UTC)[0]
        else:
            assert found.why
