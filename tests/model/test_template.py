"""A person's own words for what an event says: names and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintextcrm.model.template import NAMES, UnknownName, fill, parse_template, unknown_names
from tests.conftest import PROJECT

VALUES = dict.fromkeys(NAMES, "") | {"who": "Eva (ACME)", "name": "Eva", "note": "new e-shop"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$who: $note", "Eva (ACME): new e-shop"),
        ("${name}s $note", "Evas new e-shop"),
        ("$name.title $name[0]", "Eva.title Eva[0]"),
        ("$$who costs $5, US$ or $ or $$", "$who costs $5, US$ or $ or $"),
        ("$name[, $year][: $note]", "Eva: new e-shop"),
        ("$name[ $year $note]!", "Eva!"),
        ("[CRM] $name", "[CRM] Eva"),
        ("[CRM $name", "[CRM Eva"),
        ("CRM] $name", "CRM] Eva"),
        ("[[$name]]", "[Eva]"),
        ("a\n$phone $email\nb", "a\nb"),
        ("a\n\n$phone\n\n$email\n\nb\n\n", "a\n\nb"),
        ("$phone", ""),
        ("no value", "no value"),
        ("%s {0} {name.__class__} {}", "%s {0} {name.__class__} {}"),
    ],
)
def test_fill(template: str, text: str) -> None:
    assert fill(template, VALUES) == text


UNKNOWN = {
    "$titel": "titel",
    "$who_": "who_",
    "${who.__class__}": "who.__class__",
    "${who!r}": "who!r",
    "${}": "",
    "${who": "who",
    "[$nobody]": "nobody",
    "$__class__": "__class__",
}


@pytest.mark.parametrize("template", UNKNOWN)
def test_s07_a_name_that_does_not_exist_is_refused(template: str) -> None:
    text = f"a $who\n$note {template} $x"
    with pytest.raises(UnknownName):
        parse_template(text)
    (name, written), last = unknown_names(text)
    assert name == UNKNOWN[template]
    assert written in text
    assert last == ("x", "$x")


@given(st.text(max_size=60), st.text(max_size=40))
def test_s07_a_value_is_put_in_as_it_is(before: str, value: str) -> None:
    plain = before.replace("$", "").replace("[", "").replace("]", "").replace("\n", "")
    values = VALUES | {"note": value, "who": "$note ${note} [$note]"}
    assert fill(f"x{plain}$name$note|", values) == f"x{plain}Eva{value}|"
    assert fill("x$who|", values) == "x$note ${note} [$note]|"


@given(st.text(st.sampled_from("$[]{}who n\n.é"), max_size=40))
def test_s07_any_template_is_filled_or_refused(template: str) -> None:
    try:
        parse_template(template)
    except UnknownName:
        assert all(written in template for _name, written in unknown_names(template))
    else:
        assert isinstance(fill(template, VALUES), str)


def test_every_name_is_documented() -> None:
    text = (PROJECT / "docs/calendar.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `\$(\w+)` \| (.*) \|$", text, re.MULTILINE))
    assert rows == NAMES
