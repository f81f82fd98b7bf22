"""`deal --lost`: why, and when to try again, is asked for where somebody can answer."""

import pexpect

from tests.conftest import COMMAND, TODAY, AddressBook

SETTINGS = "currency: CZK\nlost_reasons: [price, timing]\n"


def lose(book: AddressBook, *answers: str) -> str:
    """Lose Eva's only deal on a terminal, and answer its questions; the entry as it stands then."""
    book.write("plaintextcrm.yaml", SETTINGS)
    file = book.write("eva.yaml", "name: Eva\ndeals:\n  - {name: New e-shop, stage: offer}\n")
    words = [*COMMAND[1:], "-C", str(book.folder), "--today", TODAY, "deal", "eva", "--lost"]
    child = pexpect.spawn(COMMAND[0], words, encoding="utf-8", timeout=60)
    for question, answer in zip((r"lost \(price, timing\)\?", "try again"), answers, strict=False):
        child.expect(question)
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    return file.read_text().splitlines()[-1]


def test_both_are_asked_and_a_day_is_proposed(book: AddressBook) -> None:
    assert lose(book, "price", "") == (
        "  - {name: New e-shop, stage: lost, closed: 2026-11-22, reason: price, win_back: 2027-11-22}"
    )
    assert book.run("check").out == ""


def test_a_dash_leaves_it_out_and_check_tells(book: AddressBook) -> None:
    assert lose(book, "-", "-") == "  - {name: New e-shop, stage: lost, closed: 2026-11-22}"
    found = book.run("check")
    assert found.code == 0
    assert "warning[lost-without-reason]" in found.out
    assert "warning[lost-without-win-back]" in found.out


def test_a_vague_day_stays_vague(book: AddressBook) -> None:
    assert lose(book, "timing", "2027-Q3").endswith("reason: timing, win_back: 2027-Q3}")


def test_without_a_terminal_nothing_is_asked(book: AddressBook) -> None:
    book.write("eva.yaml", "name: Eva\ndeals: [{name: Shop, stage: offer}]\n")
    answer = book.process("deal", "eva", "--lost")
    assert answer.code == 0 and "without a `reason`" in answer.err
