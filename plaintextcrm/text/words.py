"""All the words of a contact file, for the search of bare words."""

from collections.abc import Iterator

from plaintextcrm.text.nodes import Node, Scalar, Sequence


def words(node: Node) -> Iterator[str]:
    """Every value's text, without the names of fields."""
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from words(item)
    else:
        for _key, value in node.pairs:
            yield from words(value)
