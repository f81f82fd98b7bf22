"""The columns of LinkedIn's connections, and of HubSpot's contacts and companies."""

from plaintextcrm.exchange.sheets.spots import Fields, Layout, Rest, Spot, as_company, by_name, key

_NAMES = {"first name": Spot("given_name"), "last name": Spot("family_name")}
_LINKEDIN = {
    **_NAMES,
    "url": Spot("profiles", "value", "linkedin"),
    "profile url": Spot("profiles", "value", "linkedin"),
    "email address": Spot("emails"),
    "company": Spot("organization"),
    "position": Spot("title"),
}
_ADDRESS = {
    name: Spot("addresses", part, "address")
    for name, part in {
        "street address": "street",
        "street address 2": "street",
        "city": "locality",
        "state/region": "region",
        "postal code": "postcode",
        "country/region": "country",
        "country": "country",
    }.items()
}
_HUBSPOT = {
    **_ADDRESS,
    "phone number": Spot("phones"),
    "website url": Spot("urls"),
    "preferred language": Spot("language"),
    "lifecycle stage": Spot("status"),
    "record source": Spot("source"),
    "original source": Spot("source"),
    "tags": Spot("tags", split=";"),
}
_CONTACTS = {
    **_HUBSPOT,
    **_NAMES,
    "salutation": Spot("prefix"),
    "email": Spot("emails"),
    "additional email addresses": Spot("emails", split=";"),
    "work email": Spot("emails", "value", "work email", "work"),
    "mobile phone number": Spot("phones", "value", "mobile", "mobile"),
    "fax number": Spot("phones", "value", "fax", "fax"),
    "job title": Spot("title"),
    "company name": Spot("organization"),
    "company": Spot("organization"),
    "associated company": Spot("organization"),
    "primary company": Spot("organization"),
    "contact owner": Spot("owner"),
    "date of birth": Spot("birthday"),
    "linkedin url": Spot("profiles", "value", "linkedin"),
    "message": Spot("notes"),
}
_COMPANIES = {
    **_HUBSPOT,
    "company name": Spot("name"),
    "name": Spot("name"),
    "company domain name": Spot("urls"),
    "company owner": Spot("owner"),
    "description": Spot("notes"),
    "year founded": Spot("founded"),
    "linkedin company page": Spot("profiles", "value", "linkedin"),
}
# HubSpot's stages of a life in words of ours; others are kept as they are called, too.
_STAGES = {
    "lead": "lead",
    "marketing qualified lead": "lead",
    "sales qualified lead": "prospect",
    "opportunity": "prospect",
    "customer": "client",
}
_EVEN = ("lead", "customer")
# By what each tells a person: so the same one is known when the file comes again, grown.
_RECORD = ("Record ID", "Record ID - Contact", "Contact ID", "Company ID")


def linkedin(header: tuple[str, ...]) -> Layout | None:
    """The layout, where the header is that of Connections.csv."""
    if not {"first name", "last name", "connected on"} <= set(map(key, header)):
        return None
    return Layout("LinkedIn", by_name(header, _LINKEDIN), _connection)


def hubspot(header: tuple[str, ...]) -> Layout | None:
    """The layout, where the header is that of contacts or companies."""
    names = set(map(key, header))
    if names & {"contact owner", "record id", "record id - contact", "contact id"} and (
        "first name" in names or "email" in names
    ):
        return Layout("HubSpot contacts", by_name(header, _CONTACTS), _person)
    companies = {"company owner", "company domain name", "record id", "company id"}
    if names & companies and names & {"company name", "name"}:
        return Layout("HubSpot companies", by_name(header, _COMPANIES), _company)
    return None


def _connection(fields: Fields, rest: Rest) -> None:
    _linkedin(fields)
    fields.setdefault("source", "LinkedIn")
    if profiles := fields.get("profiles"):
        fields["uid"] = profiles[0]["value"]


def _linkedin(fields: Fields) -> None:
    for profile in fields.get("profiles", ()):
        profile["service"] = "LinkedIn"


def _person(fields: Fields, rest: Rest) -> None:
    _stage(fields, rest)
    _linkedin(fields)
    _identify(fields, rest, "contact")
    as_company(fields, rest)


def _company(fields: Fields, rest: Rest) -> None:
    _stage(fields, rest)
    _linkedin(fields)
    _identify(fields, rest, "company")
    fields["kind"] = "organization"


def _identify(fields: Fields, rest: Rest, what: str) -> None:
    """The number of the record, and when it was made: two accounts may have the same numbers."""
    number = next((str(rest[name]) for name in _RECORD if name in rest), "")
    if number:
        fields["uid"] = f"hubspot {what} {number} {rest.get('Create Date', '')}"


def _stage(fields: Fields, rest: Rest) -> None:
    stage = fields.pop("status", "")
    if status := _STAGES.get(key(stage)):
        fields["status"] = status
    if stage and key(stage) not in _EVEN:
        rest["Lifecycle Stage"] = stage
