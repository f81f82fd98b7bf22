"""Commands for everyone whom a query finds: one line, one entry of the journal."""

import json

import pytest

from tests.cli.test_log import send
from tests.conftest import AddressBook


@pytest.fixture
def clients(book: AddressBook) -> AddressBook:
    """Seven clients, four of them vip, and somebody else."""
    book.write("plaintextcrm.yaml", "queries: {vips: tag:vip}\n")
    for n in range(7):
        tags = "[vip]" if n < 4 else "[old]"
        book.write(f"c{n}.yaml", f"name: C{n}\nstatus: client\ntags: {tags}\ncadence: 6 weeks\n")
    book.write("eva.yaml", "name: Eva\nemails: [eva@mala.example]\n")
    return book


def texts(book: AddressBook) -> dict[str, str]:
    return {path.stem: path.read_text() for path in (book.folder / "contacts").iterdir()}


def talked(book: AddressBook) -> list[str]:
    return sorted(name for name, text in texts(book).items() if "Sent" in text)


def test_a_talk_with_everyone_of_a_query(clients: AddressBook) -> None:
    before = texts(clients)
    answer = clients.run("log", "tag:vip status:client", "email", "Sent", "the", "price", "list")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == (
        "Logged an email with C0, C1, C2 and C3. Next:\n"
        "  C0: 3 Jan 2027 (keep in touch)\n"
        "  C1: 3 Jan 2027 (keep in touch)\n"
        "  C2: 3 Jan 2027 (keep in touch)\n"
        "  C3: 3 Jan 2027 (keep in touch)\n"
    )
    assert talked(clients) == ["c0", "c1", "c2", "c3"]
    assert "with" not in texts(clients)["c0"].replace("with_", "")
    head, *entries = clients.run("undo", "--list").out.splitlines()
    assert len(entries) == 1, head
    assert clients.run("undo").code == 0
    assert texts(clients) == before


def test_many_are_counted(clients: AddressBook) -> None:
    answer = clients.run("log", "status=client", "email", "Sent")
    assert answer.err.startswith("Logged an email with 7 contacts. Next:\n  C0: ")
    assert "log 7 contacts email" in clients.run("undo", "--list").out
    for n in range(30):
        clients.write(f"x{n}.yaml", f"name: X{n}\ntags: [x]\n")
    answer = clients.run("log", "tag:x", "email", "Sent")
    assert answer.err.endswith("  and 10 more\n")
    lines = answer.err.splitlines()
    assert len(lines) == 22


def test_queries_together_are_one_as_for_list(clients: AddressBook) -> None:
    assert clients.run("log", "status:client", "tag:old", "call", "Sent").code == 0
    assert talked(clients) == ["c4", "c5", "c6"]


def test_saved_queries_and_names_beside_them(clients: AddressBook) -> None:
    assert clients.run("log", "eva", "@vips", "call", "Sent").code == 0
    assert talked(clients) == ["c0", "c1", "c2", "c3", "eva"]
    assert "with:" not in texts(clients)["eva"]


def test_an_address_is_no_query(clients: AddressBook) -> None:
    assert clients.run("log", "eva@mala.example", "c0", "call", "Sent").code == 0
    assert talked(clients) == ["c0", "eva"]
    assert "with: [c0]" in texts(clients)["eva"]


def test_scripts_may_send_queries(clients: AddressBook) -> None:
    line = json.dumps({"contact": "@vips", "channel": "call", "note": "Sent"})
    code, out, _err = send(clients, line, "log", "-", "--format", "json")
    assert code == 0
    assert [json.loads(one)["id"] for one in out.splitlines()] == ["c0", "c1", "c2", "c3"]
    assert talked(clients) == ["c0", "c1", "c2", "c3"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("tag:nothing", "tag:nothing finds nobody; nothing was changed."),
        ("tga:vip", "There is no field `tga` to ask for."),
        ("@nothing", "There is no saved query `@nothing`."),
    ],
)
def test_nobody_is_found(clients: AddressBook, query: str, told: str) -> None:
    before = texts(clients)
    for line in (["log", query, "call", "Sent"], ["tag", query, "+new"]):
        answer = clients.run(*line)
        assert (answer.code, answer.out) == (2, "")
        assert told in answer.err
    assert texts(clients) == before


def test_all_or_none(clients: AddressBook) -> None:
    clients.write("c3.yaml", "name: C3\ntags: [vip]\nbirthday: soon\ninteractions: {a: b}\n")
    clients.write("c9.yaml", "name: C9\ntags: [vip]\ninteractions: 5\n")
    before = texts(clients)
    answer = clients.run("log", "tag:vip", "call", "Sent")
    assert answer.code == 1
    assert texts(clients) == before


def test_tags_for_everyone(clients: AddressBook) -> None:
    answer = clients.run("tag", "status:client", "+new", "-vip")
    assert answer.code == 0
    assert answer.err.startswith("Tagged 7 contacts +new -vip. Next:\n")
    assert "tags: [new]" in texts(clients)["c0"]
    assert "tags: [old, new]" in texts(clients)["c6"]
    assert clients.run("tag", "eva", "-vip").code == 1


def test_a_feed_of_a_query(clients: AddressBook) -> None:
    assert clients.run("export", "ics", "tag:vip").code == 2
    file = clients.folder / "vip.ics"
    answer = clients.run("export", "ics", "@vips", "-c0", "-o", str(file))
    assert (answer.code, answer.out) == (0, "")
    summaries = [line for line in file.read_text().splitlines() if line.startswith("SUMMARY")]
    assert sorted(line[-2:] for line in summaries) == ["C1", "C2", "C3"]
    assert clients.run("export", "ics", "@vips", "-c0", "-o", str(file)).err.endswith("unchanged\n")
    assert clients.run("export", "ics", "tag:old", "-o", str(file)).code == 0
    assert "C6" in file.read_text()
    out = clients.run("export", "ics", "tag:old", "-o", "-").out
    assert "C6" in out
    assert "C1" not in out


def test_a_turned_condition_is_not_the_name_of_a_file(clients: AddressBook) -> None:
    answer = clients.run("export", "ics", "-org:acme", "-o", "x.ics")
    assert (answer.code, answer.out) == (2, "")
    assert "-o is an option here: write `not org:acme`." in answer.err
    assert clients.run("export", "ics", "tga:x", "-o", str(clients.folder / "x.ics")).code == 2
