"""What is worth a look in a file that is right."""

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.parse import parse_contact
from tests.model.cases import DAY


def test_several_deals_on_one_line_are_told_apart() -> None:
    text = (
        "name: Eva\ndeals: [{name: Shop, stage: lost, win_back: 2027}, {note: Bare},"
        " {name: Bar, stage: won}, {name: Pub, stage: lost, reason: price}]\n"
    )
    found = parse_contact(text.encode(), "contacts/eva.yaml", Settings(), DAY).problems
    assert [(one.code, one.place.column) for one in found] == [
        ("lost-without-reason", text.index("lost") - 9),
        ("lost-without-win-back", text.rindex("lost") - 9),
    ]
