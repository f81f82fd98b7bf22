"""Tokens and trees: what a query says, before anybody is asked."""

import pytest

from plaintextcrm.model.errors import BadQuery
from plaintextcrm.query.compiling import Spot
from plaintextcrm.query.expressions import All, Any, Everyone, Not, OneEntry, Saved, Term, Word
from plaintextcrm.query.lexer import Token, tokens
from plaintextcrm.query.parser import DEEPEST, parse


def _term(name: str, sign: str, value: str, column: int = 1) -> Term:
    return Term(name, sign, Spot(value, column, column + len(name) + len(sign)))


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", []),
        ("  \t\n ", []),
        ("web", [("word", "web")]),
        ("Malá ŁÓDŹ", [("word", "Malá"), ("word", "ŁÓDŹ")]),
        ("new e-shop", [("word", "new"), ("word", "e-shop")]),
        ('"new e-shop"', [("word", "new e-shop")]),
        ('""', [("word", "")]),
        ("a OR b Or c", [("word", "a"), ("or", "OR"), ("word", "b"), ("or", "Or"), ("word", "c")]),
        ("orange nota andrea", [("word", "orange"), ("word", "nota"), ("word", "andrea")]),
        ('"or"', [("word", "or")]),
        ("not -a", [("not", "not"), ("not", ""), ("word", "a")]),
        ("--", [("not", ""), ("word", "-")]),
        ("-", [("word", "-")]),
        ("a-b", [("word", "a-b")]),
        ("a - b", [("word", "a"), ("word", "-"), ("word", "b")]),
        ("C++", [("word", "C++")]),
        ("+", [("word", "+")]),
        ("https://x.cz/a?b=c", [("word", "https://x.cz/a?b=c")]),
        ("eva@acme.cz", [("word", "eva@acme.cz")]),
        ("@cold", [("saved", "cold")]),
        ("@cold)", [("saved", "cold"), (")", "")]),
        ("@", [("word", "@")]),
        ("@cold.x", [("word", "@cold.x")]),
        ("@1", [("word", "@1")]),
        ("(a)", [("(", ""), ("word", "a"), (")", "")]),
        ("😀", [("word", "😀")]),
        ("12:30", [("word", "12:30")]),
        ("100%", [("word", "100%")]),
    ],
)  # fmt: skip
def test_words_and_what_joins_them(query: str, kinds: list[tuple[str, str]]) -> None:
    assert [(token.kind, token.text) for token in tokens(query)] == kinds


@pytest.mark.parametrize(
    ("query", "token"),
    [
        ("tag:client", Token("term", 1, "tag", ":", "client", False, 5)),
        ("last<-3m", Token("term", 1, "last", "<", "-3m", False, 6)),
        ("last <= -3m", Token("term", 1, "last", "<=", "-3m", False, 9)),
        ("last   >   2026", Token("term", 1, "last", ">", "2026", False, 12)),
        ("owner=jana", Token("term", 1, "owner", "=", "jana", False, 7)),
        ('tag:"new shop"', Token("term", 1, "tag", ":", "new shop", True, 5)),
        ('tag:""', Token("term", 1, "tag", ":", "", True, 5)),
        ("owner:", Token("term", 1, "owner", ":", "", False, 7)),
        ("deals.value>=1e", Token("term", 1, "deals.value", ">=", "1e", False, 14)),
        ("follow-ups.done:", Token("term", 1, "follow-ups.done", ":", "", False, 17)),
        ("url:https://x.cz", Token("term", 1, "url", ":", "https://x.cz", False, 5)),
        ("x_ß:1", Token("term", 1, "x_ß", ":", "1", False, 5)),
        ("time:12:30", Token("term", 1, "time", ":", "12:30", False, 6)),
        ("notes:a:b=c<d", Token("term", 1, "notes", ":", "a:b=c<d", False, 7)),
        ("deals:(", Token("group", 1, "deals", value_column=7)),
        ("a<(", Token("term", 1, "a", "<", "", False, 3)),
    ],
)
def test_fields_with_their_signs_and_columns(query: str, token: Token) -> None:
    assert next(tokens(query)) == token


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", Everyone()),
        ("sort:name", Everyone()),
        ("a", Word("a", 1)),
        ("a b", All((Word("a", 1), Word("b", 3)))),
        ("a and b", All((Word("a", 1), Word("b", 7)))),
        ("a or b c", Any((Word("a", 1), All((Word("b", 6), Word("c", 8)))))),
        ("(a or b) c", All((Any((Word("a", 2), Word("b", 7))), Word("c", 10)))),
        ("not a b", All((Not(Word("a", 5)), Word("b", 7)))),
        ("-a -b", All((Not(Word("a", 2)), Not(Word("b", 5))))),
        ("not not a", Not(Not(Word("a", 9)))),
        ("-(a or b)", Not(Any((Word("a", 3), Word("b", 8))))),
        ("((a))", Word("a", 3)),
        ("a:b", _term("a", ":", "b")),
        ("x a:b", All((Word("x", 1), _term("a", ":", "b", 3)))),
        ("deals:(a b)", OneEntry("deals", 1, All((Word("a", 8), Word("b", 10))))),
        ("-deals:(a)", Not(OneEntry("deals", 2, Word("a", 9)))),
        ("a sort:-last b", All((Word("a", 1), Word("b", 14)))),
        ("@two x", All((Saved("two", 1, "a or b", Any((Word("a", 1), Word("b", 6)))), Word("x", 6)))),
    ],
)  # fmt: skip
def test_trees(query: str, tree: object) -> None:
    found = parse(query, {"two": "a or b"}).condition
    assert found == tree
    assert type(found) is type(tree)


def test_the_order_belongs_to_the_whole_query() -> None:
    saved = {"cold": "a sort:last", "colder": "@cold b"}
    order = parse("x sort:-next y", {}).order
    assert order
    assert (order.name, order.descending, order.spot.column) == ("next", True, 3)
    inner = parse("@colder x", saved).order
    assert inner
    assert (inner.name, inner.query) == ("last", "a sort:last")
    own = parse("@cold sort:name", saved).order
    assert own
    assert own.name == "name"
    assert parse("a", saved).order is None


@pytest.mark.parametrize(
    ("query", "column", "said"),
    [
        ('a "b', 3, "A quote is opened here and never closed."),
        ('tag:"b', 5, "A quote is opened here and never closed."),
        ("(a", 1, "This parenthesis is never closed."),
        ("a (b (c)", 3, "This parenthesis is never closed."),
        ("deals:(a", 7, "This parenthesis is never closed."),
        ("a)", 2, "This parenthesis was never opened."),
        ("()", 2, "A condition is missing here"),
        ("a or", 5, "A condition is missing here"),
        ("or a", 1, "A condition is missing here"),
        ("a or or b", 6, "A condition is missing here"),
        ("not", 4, "A condition is missing here"),
        ("a and", 6, "A condition is missing here"),
        ("and a", 1, "A condition is missing here"),
        ("a and or b", 7, "A condition is missing here"),
        ("(a or) b", 6, "A condition is missing here"),
        ("not  ", 4, "A condition is missing here"),
        ("a sort:x sort:y", 10, "There is a `sort:` already."),
        ("sort:", 1, "Write `sort:last`, or `sort:-last`: largest first."),
        ("sort:-", 1, "Write `sort:last`, or `sort:-last`: largest first."),
        ("@cald", 1, "There is no saved query `@cald`. Did you mean `@cold`?"),
        ("x @zzz", 3, "There is no saved query `@zzz`. There are `@cold`"),
        ("@self", 1, "A saved query cannot use itself: @self → @self."),
        ("a\0b", 2, "This is no text in UTF-8."),
        ("é\udcff", 2, "This is no text in UTF-8."),
    ],
)
def test_errors_point_at_their_column(query: str, column: int, said: str) -> None:
    saved = {"cold": "a", "self": "x y @self", "ring": "x @gnir", "gnir": "(@ring)"}
    with pytest.raises(BadQuery) as error:
        parse(query, saved)
    assert error.value.what.startswith(said)
    assert error.value.column == column
    assert str(error.value).encode()  # it can be printed


def test_the_mark_stands_below_its_letter_also_behind_wide_ones() -> None:
    with pytest.raises(BadQuery) as error:
        parse("東京 e\u0301 (a", {})
    lines = str(error.value).splitlines()
    assert lines == ["This parenthesis is never closed.", "  東京 e\u0301 (a", "         ^"]


def test_a_circle_of_saved_queries_is_told_with_its_members() -> None:
    saved = {"a": "x @b", "b": "y (z or @c)", "c": "-@a"}
    with pytest.raises(BadQuery, match="cannot use itself: @a → @b → @c → @a"):
        parse("@a", saved)
    with pytest.raises(BadQuery, match="cannot use itself: @b → @c → @a → @b"):
        parse("k or @b", saved)
    with pytest.raises(BadQuery) as error:
        parse("k or @b", saved)
    assert (error.value.query, error.value.column) == ("k or @b", 6)
    assert parse("@d", {"d": "@e @e", "e": "x"}).condition  # twice is no circle


@pytest.mark.parametrize("left, right", [("(", ")"), ("not ", ""), ("-", ""), ("-(", ")")])
def test_how_deep_a_query_may_be(left: str, right: str) -> None:
    steps = len(left.replace(" ", "").replace("not", "-"))
    most = DEEPEST // steps
    assert parse(f"{left * most}a{right * most}", {})
    with pytest.raises(BadQuery, match="within each other"):
        parse(f"{left * (most + 1)}a{right * (most + 1)}", {})


def test_saved_queries_may_not_hide_how_deep_they_are() -> None:
    half = DEEPEST // 2
    saved = {
        "deep": f"{'(' * half}a{')' * half}",
        "deeper": f"{'(' * (half - 5)}@deep{')' * (half - 5)}",
    }
    assert parse("@deep @deeper (@deep)", saved)
    for query in (
        "((((@deeper))))",
        f"{'(' * half}@deep{')' * half}",
        "@deep @deeper ((((@deeper))))",
    ):
        with pytest.raises(BadQuery, match="within each other"):
            parse(query, saved)
    chain = {"q0": "a", **{f"q{n}": f"@q{n - 1}" for n in range(1, 2000)}}
    assert parse(f"@q{DEEPEST - 1}", chain)
    with pytest.raises(BadQuery, match="within each other"):
        parse("@q1999", chain)
