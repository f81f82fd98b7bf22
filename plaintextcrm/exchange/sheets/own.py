"""The columns of our own export: each is a field."""

from plaintextcrm.exchange.sheets.spots import Layout, Spot, key
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields

ID = "id"  # the contact's id there


def own(header: tuple[str, ...], settings: Settings) -> Layout | None:
    """The layout, where all columns are fields, and one of them is the name."""
    known = {*contact_fields(settings), ID}
    names = tuple(name if name.startswith("x_") else key(name) for name in header)
    if "name" not in names or not all(name in known or name.startswith("x_") for name in names):
        return None
    return Layout("plaintextcrm", tuple(map(Spot, names)))
