"""The columns of Outlook's export, in English, German and Polish."""

from plaintextcrm.exchange.sheets.spots import (
    Fields,
    Layout,
    Rest,
    Spot,
    as_company,
    by_name,
    key,
)

_PHONES = {
    "business phone": "work", "business phone 2": "work", "home phone": "home",
    "home phone 2": "home", "mobile phone": "mobile", "mobile phone 2": "mobile",
    "company main phone": "main", "primary phone": "main", "car phone": "car",
    "other phone": "other", "assistant's phone": "assistant", "radio phone": "radio",
    "callback": "callback", "pager": "pager", "isdn": "isdn", "telex": "telex",
    "tty/tdd phone": "tty", "business fax": "work fax", "home fax": "home fax",
    "other fax": "other fax",
}  # fmt: skip
_EMAILS = ("e-mail address", "e-mail 2 address", "e-mail 3 address")
_PARTS = {
    "street": "street", "street 2": "street", "street 3": "street", "city": "locality",
    "state": "region", "postal code": "postcode", "country": "country",
    "country/region": "country",
}  # fmt: skip
_PLACES = {"business": "work", "home": "home", "other": "other"}
_NO_DATE = ("0/0/00", "0.0.00", "00.00.0000")

_TABLE: dict[str, Spot] = {
    "title": Spot("prefix"),
    "first name": Spot("given_name"),
    "middle name": Spot("additional_name"),
    "last name": Spot("family_name"),
    "suffix": Spot("suffix"),
    "nickname": Spot("nicknames"),
    "company": Spot("organization"),
    "department": Spot("department"),
    "job title": Spot("title"),
    "birthday": Spot("birthday", nothing=_NO_DATE),
    "anniversary": Spot("anniversary", nothing=_NO_DATE),
    "categories": Spot("tags", split=";"),
    "notes": Spot("notes"),
    "language": Spot("language"),
    "initials": Spot(echo=True),
    "spouse": Spot("related", "contact", "spouse", "spouse"),
    "children": Spot("related", "contact", "children", "child"),
    "manager's name": Spot("related", "contact", "manager", "manager"),
    "assistant's name": Spot("related", "contact", "assistant", "assistant"),
    "e-mail display name": Spot(echo=True),
    "e-mail 2 display name": Spot(echo=True),
    "e-mail 3 display name": Spot(echo=True),
    "e-mail type": Spot(nothing=("SMTP",)),
    "e-mail 2 type": Spot(nothing=("SMTP",)),
    "e-mail 3 type": Spot(nothing=("SMTP",)),
    # What it writes where nobody said anything, in its three languages.
    "gender": Spot(nothing=("Unspecified", "Keine Angabe", "Nieokreślona", "Nieokreślone")),
    "priority": Spot(nothing=("Normal", "Normalny", "Normalna")),
    "sensitivity": Spot("visibility", nothing=("Normal", "Normalny", "Normalna")),
    "private": Spot("visibility", nothing=("False", "Falsch", "Fałsz")),
    "web page": Spot("urls", "value", "web page"),
    "personal web page": Spot("urls", "value", "personal web page", "home"),
    "business web page": Spot("urls", "value", "business web page", "work"),
    **{name: Spot("phones", "value", name, kind) for name, kind in _PHONES.items()},
    **{name: Spot("emails", "value", name) for name in _EMAILS},
    **{
        f"{place} {part}": Spot("addresses", field, place, kind)
        for place, kind in _PLACES.items()
        for part, field in _PARTS.items()
    },
    **{
        f"{place} address": Spot("addresses", "formatted", place, kind, echo=True)
        for place, kind in _PLACES.items()
    },
}

_GERMAN = {
    "anrede": "title", "vorname": "first name", "weitere vornamen": "middle name",
    "nachname": "last name", "suffix": "suffix", "firma": "company", "abteilung": "department",
    "position": "job title", "geburtstag": "birthday", "jahrestag": "anniversary",
    "kategorien": "categories", "notizen": "notes", "sprache": "language",
    "initialen": "initials", "webseite": "web page", "geschlecht": "gender",
    "priorität": "priority", "vertraulichkeit": "sensitivity", "privat": "private",
    "partner": "spouse", "partner/in": "spouse", "kinder": "children",
    "name assistent": "assistant's name", "assistent(in)": "assistant's name",
    "name des/r vorgesetzten": "manager's name", "name des/der vorgesetzten": "manager's name",
    "e-mail-adresse": "e-mail address", "e-mail-typ": "e-mail type",
    "e-mail: angezeigter name": "e-mail display name",
    "e-mail 2: adresse": "e-mail 2 address", "e-mail 2: typ": "e-mail 2 type",
    "e-mail 2: angezeigter name": "e-mail 2 display name",
    "e-mail 3: adresse": "e-mail 3 address", "e-mail 3: typ": "e-mail 3 type",
    "e-mail 3: angezeigter name": "e-mail 3 display name",
    "telefon geschäftlich": "business phone", "telefon geschäftlich 2": "business phone 2",
    "telefon privat": "home phone", "telefon (privat)": "home phone",
    "telefon privat 2": "home phone 2", "telefon (privat 2)": "home phone 2",
    "mobiltelefon": "mobile phone", "mobiltelefon 2": "mobile phone 2",
    "telefon firma": "company main phone", "haupttelefon": "primary phone",
    "autotelefon": "car phone", "weiteres telefon": "other phone",
    "telefon assistent": "assistant's phone", "rückmeldung": "callback", "pager": "pager",
    "isdn": "isdn", "telex": "telex", "telefon für hörbehinderte": "tty/tdd phone",
    "fax geschäftlich": "business fax", "fax privat": "home fax", "weiteres fax": "other fax",
    "straße geschäftlich": "business street", "straße geschäftlich 2": "business street 2",
    "straße geschäftlich 3": "business street 3", "ort geschäftlich": "business city",
    "region geschäftlich": "business state", "postleitzahl geschäftlich": "business postal code",
    "land/region geschäftlich": "business country", "land geschäftlich": "business country",
    "straße privat": "home street", "straße privat 2": "home street 2",
    "straße privat 3": "home street 3", "ort privat": "home city",
    "bundesland/kanton privat": "home state", "postleitzahl privat": "home postal code",
    "land/region privat": "home country", "land privat": "home country",
    "weitere straße": "other street", "weitere straße 2": "other street 2",
    "weitere straße 3": "other street 3", "weiterer ort": "other city",
    "weiteres/r bundesland/kanton": "other state", "weitere postleitzahl": "other postal code",
    "weiteres/e land/region": "other country", "weiteres land": "other country",
}  # fmt: skip
_POLISH = {
    "tytuł": "title", "imię": "first name", "drugie imię": "middle name",
    "nazwisko": "last name", "sufiks": "suffix", "firma": "company", "dział": "department",
    "stanowisko": "job title", "urodziny": "birthday", "rocznica": "anniversary",
    "kategorie": "categories", "notatki": "notes", "język": "language", "inicjały": "initials",
    "strona sieci web": "web page", "płeć": "gender", "priorytet": "priority",
    "charakter": "sensitivity", "prywatne": "private", "współmałżonek": "spouse",
    "dzieci": "children", "menedżer": "manager's name",
    "imię i nazwisko asystenta": "assistant's name", "adres e-mail": "e-mail address",
    "typ poczty e-mail": "e-mail type", "nazwa wyświetlana e-mail": "e-mail display name",
    "adres e-mail 2": "e-mail 2 address", "rodzaj e-mail 2": "e-mail 2 type",
    "nazwa wyświetlana e-mail 2": "e-mail 2 display name",
    "adres e-mail 3": "e-mail 3 address", "rodzaj e-mail 3": "e-mail 3 type",
    "nazwa wyświetlana e-mail 3": "e-mail 3 display name",
    "telefon służbowy": "business phone", "telefon służbowy 2": "business phone 2",
    "telefon domowy": "home phone", "telefon domowy 2": "home phone 2",
    "telefon komórkowy": "mobile phone", "główny telefon do firmy": "company main phone",
    "telefon podstawowy": "primary phone", "telefon w samochodzie": "car phone",
    "inny telefon": "other phone", "telefon asystenta": "assistant's phone",
    "radiotelefon": "radio phone", "wywołanie zwrotne": "callback", "pager": "pager",
    "isdn": "isdn", "teleks": "telex", "tty/tdd": "tty/tdd phone",
    "faks służbowy": "business fax", "faks domowy": "home fax", "inny faks": "other fax",
    "adres służbowy - ulica": "business street", "adres służbowy - ulica 2": "business street 2",
    "adres służbowy - ulica 3": "business street 3",
    "adres służbowy - miejscowość": "business city",
    "adres służbowy - województwo": "business state",
    "adres służbowy - kod pocztowy": "business postal code",
    "adres służbowy - kraj/region": "business country",
    "adres domowy - ulica": "home street", "adres domowy - ulica (2)": "home street 2",
    "adres domowy - ulica (3)": "home street 3", "adres domowy - miejscowość": "home city",
    "adres domowy - województwo": "home state", "adres domowy - kod pocztowy": "home postal code",
    "adres domowy - kraj/region": "home country", "inny adres - ulica": "other street",
    "inny adres - ulica 2": "other street 2", "inny adres - ulica 3": "other street 3",
    "inny adres - miejscowość": "other city", "inny adres - województwo": "other state",
    "inny adres - kod pocztowy": "other postal code",
    "inny adres - kraj/region": "other country",
}  # fmt: skip
_LANGUAGES = {
    "": {name: name for name in _TABLE},
    " (German)": {key(word): name for word, name in _GERMAN.items()},
    " (Polish)": {key(word): name for word, name in _POLISH.items()},
}
# One of these must be there: no other program has them.
_SIGNS = frozenset(
    ("e-mail address", "business phone", "business street", "home street", "home phone", "callback")
)
_FEWEST = 3  # columns that it must know


def outlook(header: tuple[str, ...]) -> Layout | None:
    """The layout, where the header is one of Outlook's in a language that is known."""
    for language, words in _LANGUAGES.items():
        known = [words.get(key(name), "") for name in header]
        if len(list(filter(None, known))) >= _FEWEST and not _SIGNS.isdisjoint(known):
            return Layout(f"Outlook{language}", by_name(tuple(known), _TABLE), _finish)
    return None


def _finish(fields: Fields, rest: Rest) -> None:
    if fields.get("visibility"):  # personal, private or confidential, in whatever language
        fields["visibility"] = "private"
    as_company(fields, rest)
