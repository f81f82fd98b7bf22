"""`find` and `list --matches`: the best first, and the lines in which the words stand."""

import json

import pytest

from tests.conftest import AddressBook


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    """Somebody who is called Shop, and some who talk of one."""
    book.write(
        "zoe.yaml",
        """\
name: Zoë Shop
notes: |
  The old
  garden centre has a shop
# a shop in a comment
""",
    )
    book.write(
        "adam.yaml",
        """\
name: Adam
phones: [+420 601 000 111]
interactions:
  - {date: 2026-10-01, channel: call, note: "Wants a new e-shop, a shop like Zoë's"}
  - date: 2026-10-02
    note: >
      He has seen many a new
      garden
  - {date: 2026-10-03, note: shop}
  - {date: 2026-10-04, note: shops}
  - {date: 2026-10-05, note: workshop}
""",
    )
    book.write("łukasz.yaml", "name: Łukasz Weiß\nnotes: Straße und noch eine Straße\n")
    return book


def matches(book: AddressBook, *query: str) -> dict[str, list[tuple[int, str]]]:
    """The lines by contact, in the order of the answer."""
    answer = book.run("find", *query, "--format", "json")
    assert answer.code == 0, answer.err
    rows = json.loads(answer.out)
    return {row["id"]: [(one["line"], one["text"]) for one in row["matches"]] for row in rows}


def test_a_name_counts_more_than_a_note(people: AddressBook) -> None:
    answer = people.run("find", "shop")
    assert answer.out == (
        "Zoë Shop  zoe\n"
        "  contacts/zoe.yaml:1: name: Zoë Shop\n"
        "  contacts/zoe.yaml:4: garden centre has a shop\n"
        "  contacts/zoe.yaml:5: # a shop in a comment\n"
        "Adam  adam\n"
        '  contacts/adam.yaml:4: - {date: 2026-10-01, channel: call, note: "Wants a new e-shop, a'
        " shop like Zoë's\"}\n"
        "  contacts/adam.yaml:9: - {date: 2026-10-03, note: shop}\n"
        "  contacts/adam.yaml:10: - {date: 2026-10-04, note: shops}\n"
    )
    assert (answer.code, answer.err) == (0, "2 contacts\n")


def test_list_shows_the_same_by_name(people: AddressBook) -> None:
    found, listed = people.run("find", "shop").out, people.run("list", "--matches", "shop").out
    assert listed.startswith("Adam  adam\n")
    assert sorted(listed.splitlines()) == sorted(found.splitlines())
    by_id = people.run("list", "--matches", "shop", "--sort=-id").out
    assert by_id.startswith("Zoë Shop  zoe\n")


def test_more_lines_are_counted(book: AddressBook) -> None:
    book.write("a.yaml", "name: A\nnotes: |\n" + "  shop\n" * 5)
    book.write("b.yaml", "name: B\nnotes: |\n" + "  shop\n" * 4)
    assert "and 2 more lines\n" in book.run("find", "shop").out
    assert "and 1 more line\n" in book.run("find", "shop").out


def test_a_phrase_over_a_line_break_begins_in_its_line(people: AddressBook) -> None:
    assert matches(people, "new garden") == {"adam": [(7, "He has seen many a new")]}
    assert matches(people, "old garden centre") == {"zoe": [(3, "The old")]}


def test_signs_within_words_count(people: AddressBook) -> None:
    [(line, _text)] = matches(people, "e-shop")["adam"]
    assert line == 4


def test_names_of_fields_are_not_among_the_words(people: AddressBook) -> None:
    people.write("note.yaml", "name: Note\ninteractions:\n  - {date: 2026-10-01, note: A note}\n")
    assert matches(people, "name:note", "note") == {
        "note": [(1, "name: Note"), (3, "- {date: 2026-10-01, note: A note}")]
    }
    people.write("block.yaml", "name: Block\nnotes: |\n  Offer: send it\n")
    assert matches(people, "offer")["block"] == [(3, "Offer: send it")]


def test_a_number_however_its_digits_are_grouped(people: AddressBook) -> None:
    assert matches(people, "601000111") == {"adam": [(2, "phones: [+420 601 000 111]")]}


def test_what_stands_in_no_line(people: AddressBook) -> None:
    assert matches(people, "has:phone") == {"adam": []}
    assert matches(people, "lukasz") == {"łukasz": [(1, "name: Łukasz Weiß")]}
    people.write("big-fish.yaml", "name: Somebody\n")
    assert matches(people, "fish") == {"big-fish": []}


def test_what_must_not_be_there_is_not_shown(people: AddressBook) -> None:
    assert matches(people, "shop", "-adam") == {
        "zoe": [
            (1, "name: Zoë Shop"),
            (4, "garden centre has a shop"),
            (5, "# a shop in a comment"),
        ]
    }


@pytest.mark.parametrize("typed", ["strasse", "straße", "STRASSE"])
def test_the_words_are_bold_as_they_are_written(people: AddressBook, typed: str) -> None:
    out = people.run("--color", "always", "find", typed).out
    bold = [part.partition("\x1b[0m")[0] for part in out.split("\x1b[1m")[1:]]
    assert bold == ["Łukasz Weiß", "Straße", "Straße"]


def test_a_long_line_shows_the_words(book: AddressBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    book.write("a.yaml", f"name: A\nnotes: {'word ' * 60}here {'word ' * 60}\n")
    line = book.run("find", "here").out.splitlines()[1]
    assert len(line) <= 80
    assert "here" in line
    assert line.count("…") == 2


def test_the_last_good_version_of_a_broken_file(people: AddressBook) -> None:
    assert matches(people, "shop")["zoe"]
    people.write("zoe.yaml", "name: Zoë Shop\nbirthday: soon\nnotes: shop\n")
    answer = people.run("find", "centre")
    assert answer.code == 1
    assert "contacts/zoe.yaml:4: garden centre has a shop\n" in answer.out


def test_s09_a_file_cannot_play_tricks(book: AddressBook) -> None:
    book.write("a.yaml", "name: A\nnotes: a \u202eshop\u202c b\n")
    out = book.run("find", "shop").out
    assert "\\u202e" in out
    assert "\u202e" not in out


def test_forms_that_have_no_place_for_lines(people: AddressBook) -> None:
    for more in (["--format", "csv"], ["--columns", "id"]):
        answer = people.run("list", "--matches", "shop", *more)
        assert (answer.code, answer.out) == (2, "")
        assert "--matches shows lines, which have no place in" in answer.err
    assert people.run("find", "shop", "--format", "ids").out == "zoe\nadam\n"
    assert people.run("find").code == 2


def test_s20_words_are_no_patterns(people: AddressBook) -> None:
    for word in ("sh.p", "(shop", "[s]hop", "sho?p", "a|b", "\\w+"):
        answer = people.run("find", f'"{word}"')
        assert (answer.code, answer.out) == (0, ""), word


def test_a_phone_number_is_shown_where_it_is_written_in_another_way(book: AddressBook) -> None:
    book.write("plaintextcrm.yaml", "country: CZ\n")
    book.write("eva.yaml", "name: Eva\nphones: [601 000 111]\n")
    book.write("jan.yaml", "name: Jan\nphones: [00420 601 000 111]\ntags: [vip]\n")
    answer = book.run("find", "+420601000111", "-tag:vip")
    assert answer.out == "Eva  eva\n  contacts/eva.yaml:2: phones: [601 000 111]\n"
