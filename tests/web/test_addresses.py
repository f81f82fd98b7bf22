"""`feed-url`: addresses are made, shown and revoked, and kept where nobody else reads them."""

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest
from segno import make_qr

from tests.conftest import COMMAND, AddressBook

BASE = "https://cal.example.com"


@pytest.fixture
def file() -> Path:
    return Path(os.environ["XDG_DATA_HOME"]) / "plaintextcrm" / "feed-urls.json"


def urls(book: AddressBook, *arguments: str) -> list[str]:
    answer = book.run("feed-url", *arguments, "--base", BASE)
    assert answer.code == 0, answer
    return answer.out.splitlines()


def test_one_for_each_feed_and_person(book: AddressBook) -> None:
    jana, petr, all_ = (
        urls(book, "follow-ups", *whom)[0] for whom in (["--for=jana"], ["--for=petr"], [])
    )
    assert len({jana, petr, all_}) == 3
    assert urls(book, "follow-ups", "--for=jana")[0] == jana
    for url in (jana, petr, all_):
        assert url.startswith(f"{BASE}/feeds/") and url.endswith("/follow-ups.ics")


def test_s13_secrets_that_nobody_guesses(book: AddressBook) -> None:
    secrets = {urls(book, "follow-ups", f"--for={n}")[0].split("/")[4] for n in range(20)}
    assert len(secrets) == 20
    assert all(len(base64.urlsafe_b64decode(secret)) * 8 >= 128 for secret in secrets)


def test_both_forms_and_how_to(book: AddressBook) -> None:
    answer = book.run("feed-url", "follow-ups", "--base", f"{BASE}/crm/")
    https, webcal = answer.out.splitlines()
    assert https.startswith("https://cal.example.com/crm/feeds/")
    assert webcal == https.replace("https:", "webcal:")
    for app in ("Google", "Apple", "Outlook", "Thunderbird", "GNOME", "Android"):
        assert app in answer.err
    assert "on this machine alone" not in answer.err


@pytest.mark.parametrize("base", [[], ["--base=http://localhost:1"], ["--base=http://[::1]:8642"]])
def test_an_address_of_this_machine_is_told(base: list[str], book: AddressBook) -> None:
    assert "on this machine alone" in book.run("feed-url", "follow-ups", *base).err


def test_the_base_from_the_environment(book: AddressBook) -> None:
    answer = book.process("feed-url", "follow-ups", PLAINTEXTCRM_BASE_URL=BASE)
    assert answer.out.startswith(BASE)


def test_the_list(book: AddressBook, file: Path) -> None:
    empty = book.run("feed-url")
    assert (empty.code, empty.out) == (0, "") and "No feed has an address yet" in empty.err
    made = urls(book, "follow-ups", "--for=jana")[0]
    assert urls(book) == ["follow-ups, for jana, made on 2026-11-22", f"  {made}"]
    (found,) = json.loads(book.run("feed-url", "--format=json", "--base", BASE).out)
    assert found == {
        "feed": "follow-ups", "person": "jana", "made": "2026-11-22", "url": made,
        "webcal": made.replace("https", "webcal"),
    }  # fmt: skip
    one = json.loads(book.run("feed-url", "follow-ups", "--for=jana", "--format=json").out)
    assert one["url"] == made.replace(BASE, "http://127.0.0.1:8642")
    assert len(json.loads(file.read_text("utf-8"))) == 1


def test_an_address_is_never_cut(book: AddressBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    made = urls(book, "follow-ups", f"--for={'jana' * 20}")[0]
    assert made in book.run("feed-url", "--base", BASE).out


def test_revoke(book: AddressBook) -> None:
    first, second = urls(book, "follow-ups", "--for=jana")[0], urls(book, "follow-ups")[0]
    answer = book.run("feed-url", "follow-ups", "--for=jana", "--revoke")
    assert (answer.code, answer.out) == (0, "")
    listed = "\n".join(urls(book))
    assert second in listed and first not in listed
    again = book.run("feed-url", "follow-ups", "--for=jana", "--revoke")
    assert again.code == 2 and "no address" in again.err


def test_a_feed_that_the_settings_no_longer_name_can_be_revoked(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "feeds: [{name: old}]\n")
    urls(book, "old")
    book.write("plaintextcrm.yaml", "feeds: [{name: new}]\n")
    assert book.run("feed-url", "old", "--revoke").code == 0


def test_settings_with_an_error_are_told_where_a_feed_is_missing(book: AddressBook) -> None:
    assert book.run("list").code == 0  # settings that are broken later leave those before
    book.write("plaintextcrm.yaml", "feeds: [{name: all, alarms: true}]\n")
    answer = book.run("feed-url", "all")
    assert (answer.code, "`plaintextcrm check` tells which" in answer.err) == (2, True)
    book.write("plaintextcrm.yaml", "feeds: [{name: all}]\n")
    assert book.run("feed-url", "all").code == 0
    assert "check" not in book.run("feed-url", "nothing").err


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["--revoke"], ["--for=jana"], ["follow-ups", "--revoke"]]
)
def test_wrong_usage(arguments: list[str], book: AddressBook, file: Path) -> None:
    answer = book.run("feed-url", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "follow-ups" in answer.err or "Name the feed" in answer.err
    assert not file.exists() or json.loads(file.read_text("utf-8")) == []


def test_the_code_to_scan(book: AddressBook) -> None:
    """Two rows of the code in a line of half blocks; light is drawn, as terminals are dark."""
    lines = book.run("feed-url", "follow-ups", "--base", BASE, "--qr").out.splitlines()
    url, drawn = lines[1], lines[3:]
    assert url.startswith("webcal://cal.example.com/")
    rows: list[list[bool]] = []
    for line in drawn:
        rows.append([sign in "█▀" for sign in line])
        rows.append([sign in "█▄" for sign in line])
    code = [[bool(dark) for dark in row] for row in make_qr(url).matrix_iter(border=4)]
    assert [[not light for light in row] for row in rows[: len(code)]] == code
    assert book.run("feed-url", "follow-ups", "--base", BASE).out.splitlines() == lines[:2]


def test_s22_closed_to_others_even_if_somebody_opened_it(book: AddressBook, file: Path) -> None:
    urls(book, "follow-ups")
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    urls(book, "follow-ups", "--for=jana")
    assert file.stat().st_mode & 0o777 == 0o600


def test_other_books_keep_theirs(book: AddressBook, file: Path, tmp_path: Path) -> None:
    mine = urls(book, "follow-ups")[0]
    other = tmp_path / "other"
    (other / "contacts").mkdir(parents=True)
    theirs = subprocess.run(
        [*COMMAND, "-C", str(other), "feed-url", "follow-ups", "--base", BASE],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()[0]  # fmt: skip
    assert theirs != mine
    assert len(json.loads(file.read_text("utf-8"))) == 2
    assert theirs not in "\n".join(urls(book))


def test_f06_made_at_the_same_time(book: AddressBook, file: Path) -> None:
    words = [*COMMAND, "-C", str(book.folder), "feed-url", "follow-ups"]
    running = [
        subprocess.Popen([*words, f"--for={n % 4}"], stdout=subprocess.PIPE, text=True)
        for n in range(8)
    ]
    shown = {process.communicate()[0].splitlines()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 8
    assert len(shown) == len(json.loads(file.read_text("utf-8"))) == 4


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"book": "x"}]', "[", "\0", '"x"', "[[]]",
                                  '[{"book":1,"feed":"","person":"","made":"","token":""}]'])  # fmt: skip
def test_a_file_that_is_something_else(text: str, book: AddressBook, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    answer = book.run("feed-url", "follow-ups")
    if text:
        assert answer.code == 3
        assert "feed-urls.json: cannot be used" in answer.err
        assert file.read_text("utf-8") == text
    else:
        assert answer.code == 0


def test_never_in_an_address_book(book: AddressBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(book.folder / "data"))
    answer = book.run("feed-url", "follow-ups")
    assert answer.code == 3 and "XDG_DATA_HOME" in answer.err
    assert not (book.folder / "data").exists()


def test_told_where_git_would_take_it(
    book: AddressBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "dotfiles"
    subprocess.run(["git", "init", "-q", str(home)], check=True)
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "share"))
    answer = book.run("feed-url", "follow-ups")
    assert answer.code == 0 and "git repository" in answer.err


def test_s06_names_play_no_tricks(book: AddressBook) -> None:
    answer = book.run("feed-url", "follow-ups", "--for", "ja\x1b[31mna\n\u202epetr")
    assert answer.code == 0
    listed = book.run("feed-url")
    for text in (answer.out, answer.err, listed.out):
        assert "\x1b" not in text and "\u202e" not in text
