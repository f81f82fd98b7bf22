"""Events → iCalendar text (RFC 5545), by the icalendar library."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as Time
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Component, Todo, vDDDTypes, vDuration, vRecur, vText
from icalendar import Event as VEvent

from plaintextcrm.feed.event import Event
from plaintextcrm.model.dates import Duration

LENGTH = timedelta(minutes=30)  # of an event at a time of day


class _Text(vText):
    r"""A text as RFC 5545 §3.3.11 escapes it. The library takes `\N` (as in `C:\New`) for a line end."""

    def to_ical(self) -> bytes:
        """The escaped text."""
        return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], str(self)).encode()


_ESCAPES = {"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"}
_SPECIAL = re.compile(r"[\\;,\n]")


class NotACalendar(ValueError):
    """What was rendered does not read back as what was meant: our own fault."""


def render(events: Iterable[Event]) -> list[str]:
    """Each event's text, without the stamps that only the previous feed knows; CRLF line ends.

    All of it is parsed back and compared. Raises NotACalendar.
    """
    made = [(event, _component(event)) for event in events]
    texts = [component.to_ical().decode() for _event, component in made]
    _read_back([event for event, _component in made], texts)
    return texts


def _component(event: Event) -> VEvent | Todo:
    component = Todo() if event.task else VEvent()
    component.add("UID", _Text(event.uid))
    component.add("SUMMARY", _Text(event.summary))
    if event.description:
        component.add("DESCRIPTION", _Text(event.description))
    component.add("CATEGORIES", [event.category])
    if event.url:
        component.add("URL", event.url)
    if isinstance(component, Todo):
        _add_due(component, event)
    else:
        component.add("TRANSP", _Text("TRANSPARENT"))
        _add_times(component, event)
    if event.yearly:
        component.add("RRULE", vRecur(_rule(event.day)))
    if event.remind:
        component.add_component(_alarm(event))
    return component


def _add_times(component: VEvent, event: Event) -> None:
    start: date | datetime = event.day
    end: date | datetime
    if event.time:
        start = _moment(event)
        end = _moved(start, LENGTH)
    else:
        end = _moved(event.day, timedelta(days=1))
    component.add("DTSTART", vDDDTypes(start))
    if end > start:  # on the last day that there is, the next one cannot be told
        component.add("DTEND", vDDDTypes(end))


def _add_due(component: Todo, event: Event) -> None:
    """The day of a task; a `closed` one is there only because a calendar must not be empty."""
    component.add("DUE", vDDDTypes(_moment(event) if event.time else event.day))
    if event.closed:
        component.add("STATUS", _Text("COMPLETED"))
        component.add("COMPLETED", vDDDTypes(datetime.combine(event.day, Time(), UTC)))


def _moment(event: Event) -> datetime:
    """The moment in UTC; without a zone, a time that floats."""
    local = datetime.combine(event.day, Time.fromisoformat(event.time))
    if not event.zone:
        return local
    try:
        return local.replace(tzinfo=ZoneInfo(event.zone)).astimezone(UTC)
    except OverflowError:
        return local


def _moved(start: date, length: timedelta) -> date:
    try:
        return start + length
    except OverflowError:
        return start


def _rule(day: date) -> dict[str, object]:
    """Every year; 29 February as the last day of February, which all expanders agree on."""
    if (day.month, day.day) == (2, 29):
        return {"FREQ": "YEARLY", "BYMONTH": 2, "BYMONTHDAY": -1}
    return {"FREQ": "YEARLY"}


def _alarm(event: Event) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", _Text("DISPLAY"))
    alarm.add("DESCRIPTION", _Text(event.summary))
    before = {"RELATED": "END"} if event.task else {}  # a task has no beginning, only its day
    alarm.add("TRIGGER", vDuration(-_timedelta(event.remind)), parameters=before)
    return alarm


def _timedelta(text: str) -> timedelta:
    """The span that `str(Duration)` wrote; months count as 30 days here."""
    words = text.split()
    parts = {
        unit.rstrip("s"): int(number) for number, unit in zip(words[::2], words[1::2], strict=True)
    }
    span = Duration(parts.get("month", 0), parts.get("day", 0), parts.get("minute", 0))
    return timedelta(days=span.months * 30 + span.days, minutes=span.minutes)


def _read_back(events: list[Event], texts: list[str]) -> None:
    body = "".join(texts)
    calendar = Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n")
    assert isinstance(calendar, Component)
    read = calendar.subcomponents
    if len(read) != len(events):
        raise NotACalendar(f"{len(events)} events were written, {len(read)} read back")
    for event, component in zip(events, read, strict=True):
        name = "VTODO" if event.task else "VEVENT"
        texts_read = [str(component.get(key, "")) for key in ("UID", "SUMMARY", "DESCRIPTION")]
        if [component.name, *texts_read] != [name, event.uid, event.summary, event.description]:
            raise NotACalendar(f"event {event.uid} does not read back as it was meant")


def render_head(title: str, product: str) -> str:
    """The calendar's own lines, up to its first event. `product` says which of ours it is."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//plaintextcrm//{product}")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", _Text(title))
    calendar.add("X-WR-CALNAME", _Text(title))
    calendar.add("COLOR", _Text("teal"))
    calendar.add(
        "REFRESH-INTERVAL", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"}
    )
    calendar.add("X-PUBLISHED-TTL", _Text("PT1H"))
    text: str = calendar.to_ical().decode()
    return text.removesuffix("END:VCALENDAR\r\n")
