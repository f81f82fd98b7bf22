"""Who is connected, and for how long they may take: nobody slow, greedy or silent stops the others."""

from collections.abc import Iterator
from typing import Protocol

MOST = 1000  # connections at a time
HEAD_TIME = 10.0  # seconds for a whole head, however it trickles in
ANSWER_TIME = 120.0  # seconds to take an answer: a megabyte over a bad phone line
IDLE_TIME = 60.0  # seconds from an answer to the next question


class Guest(Protocol):
    """A connection. It is busy while an answer to it is under way."""

    deadline: float

    @property
    def is_busy(self) -> bool: ...

    def drop(self) -> None: ...


class Crowd:
    """All connections of a server, the oldest first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._guests: dict[Guest, None] = {}

    def enter(self, guest: Guest) -> None:
        """Somebody comes; where it is full, who has asked nothing for longest must go."""
        if len(self._guests) >= self._most:
            oldest = next(self._waiting(), None) or next(iter(self._guests))
            self.leave(oldest)
            oldest.drop()
        self._guests[guest] = None

    def leave(self, guest: Guest) -> None:
        """Somebody is gone."""
        self._guests.pop(guest, None)

    def tidy(self, now: float) -> None:
        """Let those go whose time is over."""
        for guest in [guest for guest in self._guests if guest.deadline <= now]:
            guest.drop()

    def _waiting(self) -> Iterator[Guest]:
        return (guest for guest in self._guests if not guest.is_busy)
