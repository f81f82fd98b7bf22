"""All the words of a contact file, for the search of bare words."""

from plaintextcrm.text.nodes import Node, Scalar, Sequence


def words(node: Node) -> list[str]:
    """Every value's text, without the names of fields, in no special order."""
    found = []
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            text = node.text  # on one line: a phrase may go over its line break
            found.append(" ".join(text.split()) if "\n" in text else text)
        elif isinstance(node, Sequence):
            waiting += node.items
        else:
            waiting += [value for _key, value in node.pairs]
    return found
