"""What is answered to a request: a pure function of the request, of what there is, and of now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

from plaintextcrm.web.addresses import Grant, granted
from plaintextcrm.web.body import Body, Form
from plaintextcrm.web.hosts import Hosts
from plaintextcrm.web.wishes import has_it, wants_packed

Headers = tuple[tuple[bytes, bytes], ...]

# No page may read, run or frame what we answer, nor learn the address from a link in it.
_ALWAYS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
# A copy may be kept by the app alone, and it asks each time whether it still holds.
_OF_FEEDS: Headers = (
    (b"content-type", b"text/calendar; charset=utf-8"),
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Accept-Encoding"),
)
_OF_REFUSALS: Headers = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: `path` is decoded, names of headers are in lower case."""

    method: str
    path: str
    headers: Headers = ()

    def all(self, name: bytes) -> list[str]:
        """The values of a header, in their order."""
        return [value.decode("latin-1") for key, value in self.headers if key == name]

    def joined(self, name: bytes) -> str:
        """The same as one value: a list may be spread over several lines."""
        return ", ".join(self.all(name))

    @property
    def has_body(self) -> bool:
        """True where more than its head is announced."""
        length = self.joined(b"content-length")
        return bool(self.all(b"transfer-encoding")) or length.strip("0") != ""


@dataclass(frozen=True, slots=True)
class Site:
    """What there is to hand out. A feed that cannot be handed out now is None."""

    hosts: Hosts
    grants: tuple[Grant, ...] = ()
    bodies: Mapping[str, Body | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back. `length` is that of the body, which an answer to HEAD does not bring."""

    status: int
    headers: Headers
    body: bytes = b""


def answer(request: Request, site: Site, now: float) -> Answer:
    """The answer. Who does not know an address learns nothing about what there is."""
    hosts = request.all(b"host")
    if len(hosts) != 1:
        return _refused(request, 400, "A request names one host.", close=True)
    if not site.hosts.know(hosts[0]):
        return _refused(request, 421, "This server does not go by that name.", close=True)
    if request.method not in ("GET", "HEAD"):
        allow = ((b"allow", b"GET, HEAD"),)
        return _refused(request, 405, "Feeds can only be read.", allow, close=request.has_body)
    if request.has_body:
        return _refused(request, 400, "To read a feed, send no body.", close=True)
    name = granted(request.path, site.grants)
    if name is None or name not in site.bodies:
        return _refused(request, 404, "There is nothing here.")
    body = site.bodies[name]
    if body is None:
        later = ((b"retry-after", b"60"),)
        return _refused(request, 503, "This feed cannot be read now.", later)
    return _feed(request, body, now)


def _feed(request: Request, body: Body, now: float) -> Answer:
    packed = wants_packed(request.joined(b"accept-encoding"))
    form = body.packed if packed else body.plain
    # Never later than now: an app may ask again with the moment that it was told.
    changed = min(body.changed, int(now))
    headers = (*_ALWAYS, *_OF_FEEDS, *_identity(form, changed))
    tags = request.joined(b"if-none-match") if request.all(b"if-none-match") else None
    if has_it(tags, request.joined(b"if-modified-since"), body):
        return Answer(304, headers)
    headers += tuple(_measures(form, packed))
    return Answer(200, headers, form.data if request.method == "GET" else b"")


def _identity(form: Form, changed: int) -> Headers:
    moment = formatdate(changed, usegmt=True)
    return (b"etag", form.tag.encode()), (b"last-modified", moment.encode())


def _measures(form: Form, packed: bool) -> Iterator[tuple[bytes, bytes]]:
    yield b"content-length", str(len(form.data)).encode()
    if packed:
        yield b"content-encoding", b"gzip"


def _refused(
    request: Request, status: int, why: str, more: Headers = (), *, close: bool = False
) -> Answer:
    text = f"{why}\n".encode()
    length = ((b"content-length", str(len(text)).encode()),)
    ending = ((b"connection", b"close"),) if close else ()
    headers = (*_ALWAYS, *_OF_REFUSALS, *more, *length, *ending)
    return Answer(status, headers, b"" if request.method == "HEAD" else text)
