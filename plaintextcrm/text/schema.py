"""The field table → JSON Schema (draft 7), which editors know: completion, help and checks."""

from typing import Any

from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import SETTINGS_FIELDS, contact_fields
from plaintextcrm.text.types import object_schema

DRAFT = "http://json-schema.org/draft-07/schema#"


def contact_schema(settings: Settings) -> dict[str, Any]:
    """The schema of a contact file under these settings."""
    form = object_schema(tuple(contact_fields(settings).values()), settings)
    return {
        "$schema": DRAFT,
        "title": "A contact of plaintextcrm",
        **form,
        "patternProperties": {"^x_": {"description": "anything of your own"}},
    }


def export_schema(settings: Settings) -> dict[str, Any]:
    """The schema of what `export json` writes: a list of contacts, each with its id."""
    form = contact_schema(settings)
    head = {"$schema": form.pop("$schema"), "title": "Contacts that plaintextcrm exports"}
    form["properties"] = {
        "id": {"type": "string", "description": "the contact's id"},
        **form["properties"],
    }
    form["required"] = ["id", "uid", *form["required"]]
    return {**head, "type": "array", "items": form}


def settings_schema() -> dict[str, Any]:
    """The schema of `plaintextcrm.yaml`."""
    form = object_schema(SETTINGS_FIELDS, Settings())
    form["type"] = ["object", "null"]  # comments alone are fine
    return {"$schema": DRAFT, "title": "The settings of plaintextcrm", **form}
