"""What is answered to a request, asked as a function: no server, no clock."""

import gzip
import hashlib
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.web.addresses import Address, granted, grants_of
from plaintextcrm.web.answer import Answer, Request, Site, answer
from plaintextcrm.web.body import Body, body_of, is_calendar
from plaintextcrm.web.hosts import Hosts, hosts_of
from plaintextcrm.web.wishes import wants_packed

NOW = 1_795_000_000.75
CHANGED = 1_794_900_000.25
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Call Eva\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)
BODY = body_of(CALENDAR, CHANGED)
ADDRESS = Address("/book", "Jana's č 100%", "", "2026-11-22", "T" * 32)
SITE = Site(
    hosts_of("127.0.0.1", 8642, ["cal.example.com"]),
    (
        *grants_of([ADDRESS], Path("/book")),
        *grants_of([Address("/book", "gone", "", "", "U" * 32)], Path("/book")),
        *grants_of([Address("/book", "lost", "", "", "V" * 32)], Path("/book")),
    ),
    {ADDRESS.feed: BODY, "lost": None},
)
HOST = (b"host", b"127.0.0.1:8642")


def ask(
    *headers: tuple[bytes, bytes],
    method: str = "GET",
    path: str = ADDRESS.path,
    host: tuple[bytes, bytes] = HOST,
    site: Site = SITE,
    now: float = NOW,
) -> Answer:
    return answer(Request(method, path, (host, *headers)), site, now)


def header(found: Answer, name: bytes) -> bytes | None:
    values = [value for key, value in found.headers if key == name]
    assert len(values) <= 1
    return values[0] if values else None


def test_a_feed() -> None:
    found = ask()
    assert (found.status, found.body) == (200, CALENDAR)
    assert header(found, b"etag") == f'"{hashlib.sha256(CALENDAR).hexdigest()}"'.encode()
    assert header(found, b"content-type") == b"text/calendar; charset=utf-8"
    assert header(found, b"content-length") == str(len(CALENDAR)).encode()
    assert header(found, b"cache-control") == b"private, no-cache"
    assert header(found, b"vary") == b"Accept-Encoding"
    assert header(found, b"content-encoding") is None
    assert header(found, b"last-modified") == formatdate(CHANGED + 0.75, usegmt=True).encode()


def test_head_is_get_without_a_body() -> None:
    for wish in ((), ((b"accept-encoding", b"gzip"),), ((b"if-none-match", b"*"),)):
        whole, head = ask(*wish), ask(*wish, method="HEAD")
        assert (head.status, head.headers, head.body) == (whole.status, whole.headers, b"")
    assert ask(method="HEAD", path="/").headers == ask(path="/").headers


# --- gzip only when asked -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("br;q=1, gzip ; q=0.2", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*", False),
        ("identity", False),
        ("identity, gzip;q=0.5", False),
        ("identity;q=0.5, gzip;q=0.5", True),
        ("identity;q=0, gzip", True),
        ("gzip;q=2", False),
        ("gzip;q=-1", False),
        ("gzip;q=nan", False),
        ("gzip;level=9", False),
        ("gzipped, not-gzip", False),
        (",,;;q=,", False),
    ],
)
def test_packed_only_when_asked(accepted: str, packed: bool) -> None:
    found = ask((b"accept-encoding", accepted.encode()))
    assert wants_packed(accepted) is packed
    assert header(found, b"content-encoding") == (b"gzip" if packed else None)
    assert (gzip.decompress(found.body) if packed else found.body) == CALENDAR
    tag = f'"{hashlib.sha256(found.body).hexdigest()}"'
    assert header(found, b"etag") == tag.encode()
    assert header(found, b"content-length") == str(len(found.body)).encode()


def test_the_wish_may_be_spread_over_lines() -> None:
    found = ask((b"accept-encoding", b"br"), (b"accept-encoding", b"gzip"))
    assert header(found, b"content-encoding") == b"gzip"


@given(st.text(max_size=60))
def test_any_wish_is_answered(text: str) -> None:
    value = text.encode("utf-8", "replace")
    for name in (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"):
        assert ask((name, value)).status in (200, 304)


# --- what the app has already -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        (BODY.plain.tag, 304),
        (BODY.packed.tag, 304),
        (f"W/{BODY.plain.tag}", 304),
        (f'"other", {BODY.plain.tag}', 304),
        (f'"a,b" , W/"c",{BODY.packed.tag}', 304),
        ("*", 304),
        ('"other"', 200),
        (BODY.plain.tag.strip('"'), 200),
        ("", 200),
    ],
)
def test_if_none_match(tags: str, status: int) -> None:
    found = ask((b"if-none-match", tags.encode()))
    assert found.status == status
    assert header(found, b"etag") == BODY.plain.tag.encode()
    if status == 304:
        assert found.body == b""
        assert header(found, b"content-length") is None
        assert header(found, b"last-modified")
        assert header(found, b"cache-control")
        assert header(found, b"vary")


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (formatdate(CHANGED + 0.75, usegmt=True), 304),
        (formatdate(NOW, usegmt=True), 304),
        (formatdate(CHANGED - 0.25, usegmt=True), 200),  # the second in which it changed
        ("Sunday, 06-Nov-94 08:49:37 GMT", 200),
        ("Sun Nov  6 08:49:37 2094", 304),
        ("yesterday", 200),
        ("Sun, 99 Nov 2026 99:99:99 GMT", 200),
        ("", 200),
    ],
)
def test_if_modified_since(moment: str, status: int) -> None:
    assert ask((b"if-modified-since", moment.encode())).status == status


def test_tags_count_before_moments() -> None:
    late = (b"if-modified-since", formatdate(NOW, usegmt=True).encode())
    assert ask((b"if-none-match", b'"other"'), late).status == 200
    assert ask((b"if-none-match", b""), late).status == 200
    early = (b"if-modified-since", b"Thu, 01 Jan 1970 00:00:00 GMT")
    assert ask((b"if-none-match", BODY.plain.tag.encode()), early).status == 304


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=8))
def test_no_change_is_missed_by_moments(steps: list[tuple[float, float]]) -> None:
    """An app that knows moments alone asks between changes, which may come within one second."""
    clock = CHANGED
    body: Body | None = None
    for number, (until_change, until_question) in enumerate(steps):
        clock += until_change
        body = body_of(CALENDAR + b"%d" % number, clock, body)
        clock += until_question
        site = Site(SITE.hosts, SITE.grants, {ADDRESS.feed: body})
        since = header(ask(site=site, now=clock), b"last-modified")
        assert since
        newer = Site(SITE.hosts, SITE.grants, {ADDRESS.feed: body_of(CALENDAR, clock, body)})
        assert ask((b"if-modified-since", since), site=newer, now=clock + 10).status == 200


def test_a_clock_that_is_put_back() -> None:
    """The feed changes, the clock goes back an hour, the feed changes again."""
    since = header(ask(), b"last-modified")
    assert since
    newer = Site(SITE.hosts, SITE.grants, {ADDRESS.feed: body_of(CALENDAR, CHANGED - 3600, BODY)})
    assert ask((b"if-modified-since", since), site=newer).status == 200


def test_never_changed_in_the_future() -> None:
    found = ask(now=CHANGED - 7200)
    assert header(found, b"last-modified") == formatdate(int(CHANGED - 7200), usegmt=True).encode()


# --- who may ask, and what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/feeds",
        "/feeds/",
        f"/feeds/{'T' * 32}",
        f"/feeds/{'T' * 32}/",
        f"/feeds/{'T' * 31}/Jana's č 100%.ics",
        f"/feeds/{'t' * 32}/Jana's č 100%.ics",
        f"/feeds//{ADDRESS.feed}.ics",
        f"/feeds/{'T' * 32}/other.ics",
        f"{ADDRESS.path}/",
        f"/{ADDRESS.path}",
        f"{ADDRESS.path}\0",
        f"/feeds/{'T' * 32}/../{'T' * 32}/{ADDRESS.feed}.ics",
        f"/feeds/{'U' * 32}/gone.ics",
        "/feeds/\udcff",
        "/" + "x" * 16_000,
    ],
)
def test_s13_anything_else_is_not_there(path: str) -> None:
    """The same bytes each time: nothing tells a wrong secret from a wrong path."""
    first, found = ask(path="/robots.txt"), ask(path=path)
    assert found == first
    assert found.status == 404


def test_s13_the_address_of_another_book_opens_nothing() -> None:
    other = Address("/other", ADDRESS.feed, "", "", "W" * 32)
    grants = grants_of([ADDRESS, other], Path("/book"))
    assert granted(ADDRESS.path, grants) == ADDRESS.feed
    assert granted(other.path, grants) is None


def test_a_feed_that_is_not_to_be_had_now() -> None:
    found = ask(path=f"/feeds/{'V' * 32}/lost.ics")
    assert (found.status, header(found, b"retry-after")) == (503, b"60")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "get"])
@pytest.mark.parametrize("path", [ADDRESS.path, "/"])
def test_s11_feeds_can_only_be_read(method: str, path: str) -> None:
    found = ask(method=method, path=path)
    assert (found.status, header(found, b"allow")) == (405, b"GET, HEAD")


@pytest.mark.parametrize(
    "announced",
    [
        (b"content-length", b"1"),
        (b"content-length", b"18446744073709551616"),
        (b"content-length", b"+1"),
        (b"transfer-encoding", b"chunked"),
        (b"transfer-encoding", b"identity"),
    ],
)
def test_s21_a_body_ends_the_connection(announced: tuple[bytes, bytes]) -> None:
    for method, status in (("GET", 400), ("POST", 405)):
        found = ask(announced, method=method)
        assert (found.status, header(found, b"connection")) == (status, b"close")
    assert ask((b"content-length", b"0")).status == 200


@pytest.mark.parametrize("host", [b"127.0.0.1:8642", b"localhost:8642", b"LOCALHOST:8642",
                                  b"[::1]:8642", b"cal.example.com", b"Cal.Example.com"])  # fmt: skip
def test_our_names(host: bytes) -> None:
    assert ask(host=(b"host", host)).status == 200


@pytest.mark.parametrize(
    "host",
    [b"evil.example", b"127.0.0.1", b"127.0.0.1:80", b"127.0.0.1:8642.evil.example", b"",
     b"evil.example:8642", b"127.0.0.2:8642", b"localhost.:8642", b"[::1]", b"2130706433:8642",
     b"127.1:8642", b"user@127.0.0.1:8642", b"127.0.0.1:8642, evil.example", b"cal.example.com:8642",
     b" 127.0.0.1:8642", b"\xff"],
)  # fmt: skip
def test_s10_other_names_are_refused(host: bytes) -> None:
    """A page of elsewhere may give its own name our address; its requests bring that name."""
    for path in (ADDRESS.path, "/"):
        found = ask(host=(b"host", host), path=path)
        assert (found.status, header(found, b"connection")) == (421, b"close")
        assert b"VCALENDAR" not in found.body


def test_s10_one_name_only() -> None:
    assert ask(HOST).status == 400
    assert answer(Request("GET", ADDRESS.path), SITE, NOW).status == 400


def test_s10_names_of_a_wider_address() -> None:
    everywhere = hosts_of("0.0.0.0", 8642)
    known = ["192.0.2.7:8642", "127.0.0.1:8642", "[2001:db8::1]:8642", "localhost:8642"]
    unknown = ["192.0.2.7", "192.0.2.7:80", "evil.example:8642", "192.0.2.7.evil.example:8642",
               "0xc0000207:8642", "192.0.2.07:8642", "[2001:db8::1]", "[x]:8642", ":8642"]  # fmt: skip
    assert [host for host in known if not everywhere.know(host)] == []
    assert [host for host in unknown if everywhere.know(host)] == []
    one = hosts_of("192.0.2.7", 80)
    assert one.know("192.0.2.7") and one.know("192.0.2.7:80")
    assert not one.know("192.0.2.8") and not one.know("localhost")
    assert isinstance(one, Hosts)


# --- nothing but whole calendars ----------------------------------------------------------------


def test_is_calendar() -> None:
    assert is_calendar(CALENDAR)
    assert is_calendar(CALENDAR.replace(b"VEVENT", b"VTODO"))
    for size in range(len(CALENDAR)):
        assert not is_calendar(CALENDAR[:size])
    for wrong in (
        CALENDAR.replace(b"\r", b""),
        CALENDAR.replace(b"END:VEVENT\r\n", b""),
        CALENDAR[: len(CALENDAR) // 2] + b"\0" * 50,
        b"<html>" + CALENDAR,
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    ):
        assert not is_calendar(wrong)
