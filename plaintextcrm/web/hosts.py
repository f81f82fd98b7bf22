"""By which names we may be called: a page elsewhere that gives its name our address is not answered."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

HTTP_PORT = 80


@dataclass(frozen=True, slots=True)
class Hosts:
    """Values of the header `Host`, in lower case, that mean us. With `any_address`, also every
    number with our port: no other name can stand for it.
    """

    names: frozenset[str]
    any_address: bool = False
    port: int = HTTP_PORT

    def know(self, host: str) -> bool:
        """True where a request for this host is for us."""
        return host.lower() in self.names or (self.any_address and self._is_address(host))

    def _is_address(self, host: str) -> bool:
        name, port = _parted(host)
        return port == str(self.port) and is_number(name)


def hosts_of(address: str, port: int, bases: Iterable[str] = ()) -> Hosts:
    """The names of a server that listens at this address; `bases` are further ones, of a web server
    before it: `calendar.example.com`.
    """
    numbers = ip_address(address)
    called = {_in_brackets(address)}
    if numbers.is_loopback or numbers.is_unspecified:
        called |= {"localhost", "127.0.0.1", "[::1]"}
    if numbers.is_unspecified:
        called.add(socket.gethostname().lower())
    names = {f"{name}:{port}" for name in called} | ({*called} if port == HTTP_PORT else set())
    return Hosts(frozenset(names | {base.lower() for base in bases}), numbers.is_unspecified, port)


def is_loopback(address: str) -> bool:
    """True for an address that only this machine reaches."""
    return ip_address(address).is_loopback


def is_number(name: str) -> bool:
    """True for an address in numbers: `192.0.2.7`, `[2001:db8::1]`."""
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        return _in_brackets(str(ip_address(bare))) == name.lower()
    except ValueError:
        return False


def _in_brackets(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _parted(host: str) -> tuple[str, str]:
    """Name and port; without one, the usual port."""
    name, colon, port = host.rpartition(":")
    return (name, port) if colon and not port.endswith("]") else (host, str(HTTP_PORT))
