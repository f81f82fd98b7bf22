"""All the words of a contact file, for the search of bare words."""

from plaintextcrm.text.nodes import Node, Scalar, Sequence


def words(node: Node) -> list[str]:
    """Every value's text on a line of its own, without the names of fields, in no special order."""
    found = []
    waiting = [node]
    for node in waiting:  # it grows on the way
        if isinstance(node, Scalar):
            found.append(node.text)
        elif isinstance(node, Sequence):
            waiting += node.items
        else:
            waiting += [value for _name, value in node.pairs]
    # A phrase may go over a line break: a text that has one is put on one line.
    return [" ".join(text.split()) if "\n" in text else text for text in found]
