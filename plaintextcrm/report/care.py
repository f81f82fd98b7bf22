"""Whom nobody takes care of: what `check --care` finds beside what is wrong in the files.

Every contact that is to be cared for should have a next date, a way to be reached and somebody who
is still there; top clients should hear of us, and what we promised should be kept.
"""

import json
import re
from collections.abc import Callable, Iterator

from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.report.asking import ALIVE, Question
from plaintextcrm.report.silent import silences, spell_days, spell_silence
from plaintextcrm.text.source import shown

TOP = "A"
# Reminders that lead to a talk; who has only a birthday may hear nothing from us but once a year.
_KINDS = "('follow-up', 'keep-in-touch', 'promise', 'need', 'deal', 'win-back', 'feedback')"
_OPEN = f"SELECT 1 FROM reminders r WHERE r.kind IN {_KINDS} AND r.file"
# Whose cadence is `none` is left alone on purpose; a company is looked after with its people.
_NO_NEXT = f"""
SELECT f.path FROM contacts c JOIN files f USING (file)
WHERE c.file IN {{chosen}} AND {ALIVE} AND NOT EXISTS ({_OPEN} = c.file)
AND NOT EXISTS (SELECT 1 FROM cadence d WHERE d.file = c.file AND d.every_days IS NULL)
AND c.key NOT IN (SELECT p.organization_key FROM contacts p
  WHERE p.organization != '' AND EXISTS ({_OPEN} = p.file))
"""
_LATE = f"""
SELECT f.path, r.line, CAST(julianday(:today) - julianday(r.due) AS INTEGER), c.private, r.note
FROM reminders r JOIN contacts c USING (file) JOIN files f USING (file)
WHERE c.file IN {{chosen}} AND {ALIVE} AND r.kind = 'promise' AND r.action = 'ours' AND r.due < :today
"""
_OWNERS = f"""
SELECT f.path, c.owner, c.private, t.text
FROM contacts c JOIN files f USING (file) JOIN texts t USING (file)
WHERE c.file IN {{chosen}} AND {ALIVE} AND c.owner NOT IN (SELECT value FROM json_each(:ours))
"""


_OWNER_LINE = re.compile(r"^owner *:", re.MULTILINE)


def _reached(alias: str) -> str:
    """A condition: there is some way to reach the contact."""
    lists = " OR ".join(
        f"EXISTS (SELECT 1 FROM {name} x WHERE x.file = {alias}.file)"
        for name in ("profiles", "addresses")
    )
    return f"({alias}.email != '' OR {alias}.phone != '' OR {lists})"


_NO_WAY = f"""
SELECT f.path FROM contacts c JOIN files f USING (file)
WHERE c.file IN {{chosen}} AND {ALIVE} AND NOT {_reached("c")} AND NOT EXISTS (SELECT 1 FROM contacts o
  WHERE c.organization != '' AND o.key = c.organization_key AND {_reached("o")})
"""


def care(question: Question) -> list[Problem]:
    """What is found, by file and line, as `check` shows problems."""
    found = [problem for check in _CHECKS for problem in check(question)]
    return sorted(found, key=lambda problem: (problem.path, problem.place, problem.code))


def _no_next_date(question: Question) -> Iterator[Problem]:
    hint = "add a `cadence`, or a follow-up: `plaintextcrm follow-up`; `cadence: none` if it is meant so"
    for (path,) in question.rows(_NO_NEXT):
        yield _problem(path, 1, "no-next-date", "nothing will remind you of this contact", hint)


def _silent_clients(question: Question) -> Iterator[Problem]:
    for silence in silences(question):
        if silence.class_ == TOP and silence.drift > 0:
            how_long = spell_silence(silence.days, silence.usual)
            message = f"a client of class {TOP}, and {how_long}"
            hint = f"talk, then `plaintextcrm log {silence.contact} call …`"
            yield _problem(silence.path, 1, "silent-client", message, hint)


def _late_promises(question: Question) -> Iterator[Problem]:
    hint = (
        "keep it and close it: `plaintextcrm done`; or agree on another day: `plaintextcrm snooze`"
    )
    for path, line, days, private, note in question.rows(_LATE):
        what = "" if private else f": {shown(note)}"
        yield _problem(
            path, line, "late-promise", f"promised, and {spell_days(days)} late{what}", hint
        )


def _owners_gone(question: Question) -> Iterator[Problem]:
    settings = question.book.settings
    if not settings.people:
        return
    ours = json.dumps([*settings.people, settings.me, ""])
    for path, owner, private, text in question.rows(_OWNERS, ours=ours):
        found = _OWNER_LINE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        who = "its owner" if private else f"`{shown(owner)}`"
        hint = f"`plaintextcrm handover {'OWNER' if private else shown(owner)} PERSON`"
        yield _problem(path, line, "owner-gone", f"{who} is not among `people`", hint)


def _no_channels(question: Question) -> Iterator[Problem]:
    hint = "add `emails`, `phones`, `profiles` or `addresses`, or the company's"
    for (path,) in question.rows(_NO_WAY):
        yield _problem(path, 1, "no-channel", "there is no way to reach this contact", hint)


_CHECKS: tuple[Callable[[Question], Iterator[Problem]], ...] = (
    _no_next_date,
    _silent_clients,
    _late_promises,
    _owners_gone,
    _no_channels,
)


def _problem(path: str, line: int, code: str, message: str, hint: str) -> Problem:
    return Problem(path, Place(line, 1, line, 1), code, message, hint)
