"""E-mail addresses: what no mail can reach, and what was probably meant."""

import pytest

from plaintextcrm.text.emails import email_fault


@pytest.mark.parametrize(
    "text",
    [
        "eva@mala.example", "e@x.cz", "eva.mala+crm@sub.x-y.co.uk", "o'brien@x.ie", "eva@háčky.cz",
        "ева@почта.рф", '"eva mala"@x.cz', "a_b@x_y.cz", "info@xn--hky-7ma6b.cz",
    ],
)  # fmt: skip
def test_what_may_be_one(text: str) -> None:
    assert email_fault(text) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Eva <eva@x.cz>", "did you mean `eva@x.cz`?"),
        ("mailto:eva@x.cz", "did you mean `eva@x.cz`?"),
        ("eva(at)x.cz", "did you mean `eva@x.cz`?"),
        ("eva at x.cz", "did you mean `eva@x.cz`?"),
        ("eva@x,cz", "did you mean `eva@x.cz`?"),
        ("eva @x.cz", "did you mean `eva@x.cz`?"),
        ("eva@x..cz", "did you mean `eva@x.cz`?"),
        ("eva@x.cz.", "did you mean `eva@x.cz`?"),
        ("a@x.cz, b@y.cz", "make each an entry of its own"),
        ("eva@x", ""),
        ("eva", ""),
        ("eva@10.0.0.1", ""),
        ("@x.cz", ""),
        (f"{'e' * 250}@x.cz", ""),
    ],
)
def test_what_cannot(text: str, hint: str) -> None:
    found = email_fault(text)
    assert found
    assert found[1] == hint
    assert found[0]


def test_s19_no_text_takes_long() -> None:
    for text in (
        "a." * 60_000,
        "a@" * 60_000,
        "@" * 120_000,
        "a@" + "b-" * 60_000,
        "a at " * 30_000,
    ):
        assert email_fault(text)  # one that took its time would never end here
