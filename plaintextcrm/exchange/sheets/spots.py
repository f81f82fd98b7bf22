"""Where the cells of a column go in a contact."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, NamedTuple, TypeAlias

from plaintextcrm.exchange.incoming import Plain

Fields: TypeAlias = "dict[str, Any]"  # of one person, while they are put together
Rest: TypeAlias = MutableMapping[str, Plain]  # what has no field, by the column's name


class Spot(NamedTuple):
    """A field, and for an entry of a list which part of it; without a field: `x_csv`.

    Columns with the same `group` make one entry, of the type `kind` unless one of them says it.
    `split` stands between several values in one cell. An `echo` repeats what other columns say: it is
    kept only where it says more. Cells that are in `nothing` mean that there is none.
    """

    field: str = ""
    part: str = ""
    group: str = ""
    kind: str = ""
    split: str = ""
    echo: bool = False
    nothing: tuple[str, ...] = ()


class Layout(NamedTuple):
    """The columns of one program, and what it is called.

    `finish` puts right what a column alone cannot tell; it may change both.
    """

    called: str
    spots: tuple[Spot, ...]
    finish: Callable[[Fields, Rest], None] = lambda fields, rest: None


NOWHERE = Spot()
_KINDS = {
    "home": "home", "work": "work", "mobile": "mobile", "cell": "mobile", "main": "main",
    "other": "other", "home fax": "home fax", "work fax": "work fax", "other fax": "other fax",
    "pager": "pager", "business": "work", "profile": "profile", "blog": "blog", "internet": "",
    "homepage": "homepage", "home page": "homepage",
}  # fmt: skip


def key(name: str) -> str:
    """What makes two names of columns the same."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def kind_of(label: str) -> str:
    """The type that a label means: the usual words in small letters, others as they are written."""
    bare = label.removeprefix("_$!<").removesuffix(">!$_").strip()
    return _KINDS.get(bare.casefold(), bare)


def by_name(header: "tuple[str, ...]", table: Mapping[str, Spot]) -> tuple[Spot, ...]:
    """The spots of columns that are known by their whole names."""
    return tuple(table.get(key(name), NOWHERE) for name in header)


def as_company(fields: Fields, rest: Rest) -> None:
    """A row with an organization and nobody in it is about the organization."""
    named = ("name", "given_name", "family_name", "additional_name", "nicknames")
    if fields.get("organization") and not any(fields.get(one) for one in named):
        fields["name"] = fields.pop("organization")
        fields["kind"] = "organization"
