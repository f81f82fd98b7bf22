"""What is right in a contact file, and yet worth a look: a plain list of checks, in order."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from plaintextcrm.text.nodes import Mapping, Node, Scalar, Sequence, scalars
from plaintextcrm.text.phone import country_of, read_phone
from plaintextcrm.text.reading import Reading

# The values that could be read, by the fields' names.
Values: TypeAlias = dict[str, Any]


def warn(values: Values, root: Mapping, at: Reading) -> None:
    """Report all that is worth a look."""
    for check in _CHECKS:
        check(values, root, at)


def _future_interactions(values: Values, root: Mapping, at: Reading) -> None:
    """An interaction in the future does not count as contact: often it is a slip of the year."""
    talks = values.get("interactions", ())
    if not any(talk.date > at.today for talk in talks):
        return
    for entry in _entries(root, "interactions", [one for one in talks if one.date > at.today]):
        node = next(node for key, node in entry.pairs if key.text == "date")
        hint = "check the year; what is planned belongs under `follow_ups`"
        text = node.text if isinstance(node, Scalar) else ""
        at.report("future-interaction", node, f"{at.quote(text)} is in the future", hint)


def _times_without_zone(values: Values, root: Mapping, at: Reading) -> None:
    """Times of day without a zone mean another moment in every calendar."""
    if at.settings.timezone:
        return
    entries = _list(root, "follow_ups")
    for entry in entries.items if entries else ():
        for key, node in getattr(entry, "pairs", ()):
            if key.text == "time" and not blank_text(node):
                hint = "add `timezone: Europe/Prague`, or yours, to plaintextcrm.yaml"
                at.report("time-without-zone", node, "the settings name no `timezone`", hint)


def _lost_deals(values: Values, root: Mapping, at: Reading) -> None:
    """A lost deal is worth something only to who knows why, and when to try again."""
    deals = values.get("deals", ())
    lost = [
        deal
        for deal in deals
        if deal.done is None and at.settings.stage_means(deal.stage) == "lost"
    ]
    if not lost:
        return
    for entry in _entries(root, "deals", lost):
        given = {key.text: node for key, node in entry.pairs if not blank_text(node)}
        stage = given.get("stage")
        if not isinstance(stage, Scalar) or at.settings.stage_means(stage.text.strip()) != "lost":
            continue  # another deal, on the same line
        if "reason" not in given:
            hint = "add `reason: …`: price, timing, or what they said"
            at.report("lost-without-reason", stage, "a lost deal without a `reason`", hint)
        if "win_back" not in given:
            hint = "add `win_back: 2027-Q3`, when to try again; `done: DATE` if never"
            at.report("lost-without-win-back", stage, "a lost deal without a `win_back`", hint)


def _impossible_phones(values: Values, root: Mapping, at: Reading) -> None:
    """Numbers that nobody can have in the contact's country."""
    if not (phones := values.get("phones")):
        return
    country = country_of(values.get("addresses", ()), at.settings)
    wrong = {phone.value for phone in phones if read_phone(phone.value, country).fault}
    entries = next(node for key, node in root.pairs if key.text == "phones") if wrong else None
    for node in scalars(entries) if entries else ():
        if node.text.strip() in wrong:
            why = read_phone(node.text.strip(), country).fault
            if at.source.private:
                why = "this phone number cannot be"
            hint = "count the digits; a number of another country begins with `+` and its code"
            at.report("impossible-phone", node, f"{why}: {at.quote(node.text)}", hint)


_CHECKS: tuple[Callable[[Values, Mapping, Reading], None], ...] = (
    _future_interactions,
    _times_without_zone,
    _impossible_phones,
    _lost_deals,
)


def blank_text(node: Node) -> bool:
    """True for a text of nothing but blanks, quoted or not."""
    return isinstance(node, Scalar) and not node.text.strip()


def _list(root: Mapping, field: str) -> Sequence | None:
    found = next((node for key, node in root.pairs if key.text == field), None)
    return found if isinstance(found, Sequence) else None


def _entries(root: Mapping, field: str, values: list[Any]) -> Iterator[Mapping]:
    """The nodes of these entries of a list."""
    lines = {value.line for value in values}
    entries = _list(root, field)
    for entry in entries.items if entries else ():
        if isinstance(entry, Mapping) and entry.start.line + 1 in lines:
            yield entry
