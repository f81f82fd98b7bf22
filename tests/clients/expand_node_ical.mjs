// Asks node-ical, the parser of Node-RED, MagicMirror and Homebridge, what it sees in a feed.
// Usage: node expand_node_ical.mjs URL_OR_FILE FIRST LAST; prints {"count", "occurrences"} of
// [FIRST, LAST) as JSON.

import ical from "node-ical";

const [place, first, last] = process.argv.slice(2);
const read = place.startsWith("http") ? ical.async.fromURL : ical.async.parseFile;
const events = Object.values(await read(place)).filter((event) => event.type === "VEVENT");

/** The start as text: the bare day of an all-day event, else minutes in UTC. */
function text(start, isFullDay) {
  if (!isFullDay) return start.toISOString().slice(0, 16);
  const [year, month, day] = [start.getFullYear(), start.getMonth() + 1, start.getDate()];
  return [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
}

/** Texts may come with their parameters. */
const plain = (value) => (typeof value === "object" ? value.val : value);

const window = { from: new Date(`${first}T00:00:00Z`), to: new Date(`${last}T00:00:00Z`) };
const occurrences = events.flatMap((event) =>
  ical
    .expandRecurringEvent(event, window)
    .map(({ start, isFullDay }) => [text(start, isFullDay), plain(event.summary), event.uid])
    .filter(([start]) => first <= start && start < last),
);
console.log(JSON.stringify({ count: events.length, occurrences }));
