// Asks ical.js, the parser inside Thunderbird, what it sees in a feed.
// Usage: node expand.mjs FILE_OR_URL FIRST LAST; prints {"count", "occurrences"} of [FIRST, LAST) as JSON.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const [path, first, last] = process.argv.slice(2);
const feed = path.startsWith("http") ? await (await fetch(path)).text() : readFileSync(path, "utf8");
const calendar = new ICAL.Component(ICAL.parse(feed));
const events = calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));

/** The start as text: the bare day of an all-day event, else minutes in UTC. */
function text(time) {
  if (time.isDate) return time.toString();
  return time.convertToZone(ICAL.Timezone.utcTimezone).toString().slice(0, 16);
}

/** Every start before `last`; the texts sort as the moments do. */
function* starts(event) {
  if (!event.isRecurring()) {
    yield text(event.startDate);
    return;
  }
  const rule = event.iterator();
  for (let time = rule.next(); time && text(time) < last; time = rule.next()) yield text(time);
}

const occurrences = events.flatMap((event) =>
  [...starts(event)]
    .filter((start) => first <= start && start < last)
    .map((start) => [start, event.summary, event.uid]),
);
console.log(JSON.stringify({ count: events.length, occurrences }));
