"""Ask Evolution's data server for the subscription named `feed`: ask_evolution.py START END

Prints JSON like `expand.c`: the count of events, and the occurrences that start in [START, END).
Run by the system's Python on a bus of its own; `evolution.py` does so.
"""

import json
import os
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found,import-untyped,unused-ignore]

gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
from gi.repository import (  # type: ignore[import-not-found,import-untyped,unused-ignore] # noqa: E402
    ECal,
    EDataServer,
    ICalGLib,
)

LIMIT = 60.0  # seconds until the feed must have been taken in
DO_NOT_WAIT = 0xFFFFFFFF
ALL = "#t"


def main(first: str, last: str) -> None:
    source = EDataServer.SourceRegistry.new_sync(None).ref_source("feed")
    client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, DO_NOT_WAIT, None)
    wait_until_taken_in()
    _, events = client.get_object_list_sync(ALL, None)
    seen = sorted(row for row in occurrences(client, first, last) if first <= row[0] < last)
    json.dump({"count": len(events), "occurrences": seen}, sys.stdout)


def wait_until_taken_in() -> None:
    """The server notes the feed's ETag in its cache once it has taken in everything; there is no
    other sign of it, as a feed may also be empty.
    """
    cache = Path(os.environ["XDG_CACHE_HOME"], "evolution/calendar/feed/cache.db")
    end = time.monotonic() + LIMIT
    while not has_tag(cache):
        if time.monotonic() > end:
            sys.exit(f"the data server did not take in the feed within {LIMIT:g} seconds")
        time.sleep(0.05)


def has_tag(cache: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as database:
            question = "SELECT value FROM ECacheKeys WHERE key = 'user::ecmb::sync-tag'"
            return database.execute(question).fetchone() is not None
    except sqlite3.OperationalError:  # not made yet, or being written
        return False


def occurrences(client: Any, first: str, last: str) -> list[tuple[str, str, str]]:
    """What the server finds between two days, those that began before the first included."""
    seen: list[tuple[str, str, str]] = []

    def take(event: Any, start: Any, *_rest: Any) -> bool:
        seen.append((as_text(start), event.get_summary() or "", event.get_uid()))
        return True

    client.generate_instances_sync(moment(first), moment(last), None, take)
    return seen


def moment(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def as_text(start: Any) -> str:
    """A day, or a moment in UTC, as all readers of this folder write it."""
    if start.is_date():
        return f"{start.get_year():04}-{start.get_month():02}-{start.get_day():02}"
    seconds = start.as_timet_with_zone(start.get_timezone() or ICalGLib.Timezone.get_utc_timezone())
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M")


if __name__ == "__main__":
    main(*sys.argv[1:])
