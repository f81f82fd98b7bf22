// Asks ical.js, the parser inside Thunderbird, what it sees in a file of vCards.
// Usage: node cards.mjs FILE; prints a list of cards as JSON, each a list of [name, parameters, type, value…].

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const parsed = ICAL.parse(readFileSync(process.argv[2], "utf8"));
const cards = parsed[0] === "vcard" ? [parsed] : parsed;
console.log(JSON.stringify(cards.map((card) => card[1])));
