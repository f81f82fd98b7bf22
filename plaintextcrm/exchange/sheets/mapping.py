"""`--map "Firma=organization,Telefon 2=phones"`: columns that a person names, and guesses for the others."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence

from plaintextcrm.exchange.sheets.spots import Spot, key
from plaintextcrm.model.errors import CrmError
from plaintextcrm.model.settings import Settings
from plaintextcrm.text.fields import contact_fields, fields_of
from plaintextcrm.text.fold import fold
from plaintextcrm.text.suggest import did_you_mean, suggest
from plaintextcrm.text.types import Field, ListOf, Structure

_FORM = re.compile(r"(?P<field>\w+)(?::(?P<kind>[^.]+))?(?:\.(?P<part>\w+))?")
# Fields that can tell whom a row is about.
NAMING = (
    "name",
    "given_name",
    "family_name",
    "nicknames",
    "organization",
    "emails",
    "phones",
    "urls",
)
# What columns are called, without diacritics, in English, Czech, Slovak, Polish and German.
_WORDS = {
    "name": "name, full name, contact name, display name, contact, cele jmeno, jmeno a prijmeni, "
    "zobrazovane jmeno, kontakt, meno a priezvisko, imie i nazwisko, klient, client, customer, "
    "zakaznik",
    "given_name": "first name, given name, firstname, jmeno, krestni jmeno, meno, krstne meno, imie, "
    "vorname",
    "family_name": "last name, surname, family name, lastname, prijmeni, priezvisko, nazwisko, "
    "nachname",
    "prefix": "title before, titul, anrede, tytul, salutation",
    "nicknames": "nickname, prezdivka, prezyvka, pseudonim, spitzname",
    "organization": "company, organization, organisation, company name, firma, spolecnost, "
    "spolocnost, organizace, unternehmen, account, account name",
    "department": "department, oddeleni, oddelenie, dzial, abteilung",
    "title": "job title, position, job, pozice, funkce, funkcia, stanowisko",
    "emails": "email, e-mail, mail, email address, e-mail address, e-mailova adresa, prvni e-mail, "
    "druhy e-mail, adres e-mail, e-mail-adresse",
    "phones": "phone, telephone, tel, phone number, telefon, telefonni cislo, telefonne cislo, "
    "telefonnummer, numer telefonu",
    "phones:mobile": "mobile, mobile phone, cell, cell phone, mobil, mobilni telefon, "
    "cislo na mobil, mobilny telefon, komorka, telefon komorkowy, handy, mobiltelefon",
    "phones:work": "work phone, business phone, office phone, telefon do zamestnani, "
    "telefon sluzbowy, telefon geschaftlich",
    "phones:home": "home phone, telefon domu, telefon domowy, telefon privat",
    "urls": "website, web, url, web page, homepage, webova stranka, www, strona www, webseite",
    "addresses.street": "street, address, street address, ulice, ulica, adresa, adres, strasse",
    "addresses.locality": "city, town, mesto, obec, miasto, miejscowosc, ort, stadt",
    "addresses.region": "region, state, kraj, wojewodztwo, bundesland",
    "addresses.postcode": "postal code, postcode, zip, zip code, psc, kod pocztowy, plz, "
    "postleitzahl",
    "addresses.country": "country, zeme, stat, krajina, land",
    "birthday": "birthday, date of birth, birth date, narozeniny, datum narozeni, narodeniny, "
    "datum narodenia, urodziny, data urodzenia, geburtstag, geburtsdatum",
    "nameday": "nameday, name day, svatek, meniny, imieniny, namenstag",
    "company_id": "company id, ic, ico, regon, krs",
    "vat_id": "vat, vat id, vat number, dic, nip, ic dph, ust-id",
    "tags": "tags, labels, categories, stitky, kategorie, groups, skupiny, skupina, etykiety, "
    "kategorien",
    "notes": "notes, note, comment, comments, description, poznamka, poznamky, pozn., notatki, uwagi, "
    "notizen",
    "owner": "owner, vlastnik, obchodnik, opiekun",
    "source": "source, lead source, zdroj, zrodlo, quelle",
    "status": "status, stav",
    "interactions.date": "last call, last contact, last contacted, posledni hovor, "
    "posledni kontakt, ostatni kontakt",
}
LIKELY = {word.strip(): spot for spot, words in _WORDS.items() for word in words.split(",")}


class BadMap(CrmError):
    """`--map` says something that cannot be: `what`, and what to write instead."""

    exit_code = 2

    def __init__(self, what: str) -> None:
        super().__init__(f"--map: {what}")


def read_map(options: Sequence[str], settings: Settings) -> dict[str, Spot]:
    """The spots by the columns' names. Raises BadMap."""
    spots: dict[str, Spot] = {}
    for option in options:
        for pair in next(csv.reader([option]), []):
            name, equals, told = pair.rpartition("=")
            if not equals or not name.strip():
                raise BadMap(f"`{pair.strip()}` is no `COLUMN=field`, as in `Firma=organization`.")
            spots[name.strip()] = _spot(name.strip(), told.strip(), settings)
    return spots


def applied(spots: Mapping[str, Spot], header: Sequence[str]) -> dict[int, Spot]:
    """The spots by the columns' numbers. Raises BadMap for a column that is not there."""
    found = {}
    for name, spot in spots.items():
        number = next((n for n, other in enumerate(header) if key(other) == key(name)), None)
        if number is None:
            hint = did_you_mean(name, header)
            columns = ", ".join(f"`{column}`" for column in header)
            raise BadMap(
                f"there is no column `{name}`{f': {hint}' if hint else '.'} There are {columns}."
            )
        found[number] = spot
    return found


def _spot(name: str, told: str, settings: Settings) -> Spot:
    known = contact_fields(settings)
    form = _FORM.fullmatch(told)
    field = known.get(form["field"]) if form else None
    if not form or (field is None and not form["field"].startswith("x_")):
        word = form["field"] if form else told
        hint = did_you_mean(word, known) or "docs/fields.md has them all; your own begin with `x_`"
        raise BadMap(f"there is no field `{word}` for `{name}`: {hint}")
    kind, part = form["kind"] or "", form["part"] or ""
    if field is None:
        return Spot(form["field"])
    return _in_entry(name, field, kind, part)


def _in_entry(name: str, field: Field, kind: str, part: str) -> Spot:
    """The spot in an entry of a list; without a part, in the one that stands for all of it."""
    parts = {one.name for one in fields_of(field.type)}
    if not parts or not isinstance(field.type, ListOf):
        if part or kind:
            raise BadMap(f"`{field.name}` for `{name}` has no parts: write `{name}={field.name}`.")
        return Spot(field.name)
    short = isinstance(field.type.item, Structure) and field.type.item.short is not None
    if not part and not short:
        example = "date" if "date" in parts else next(iter(parts))
        every = ", ".join(one.name for one in fields_of(field.type))
        raise BadMap(
            f"`{field.name}` for `{name}` has parts: write `{name}={field.name}.{example}`, or "
            f"another of {every}."
        )
    if part and part not in parts:
        hint = did_you_mean(part, parts) or f"it has {', '.join(sorted(parts))}"
        raise BadMap(f"`{field.name}` has no part `{part}` for `{name}`: {hint}")
    if not part and not kind:
        return Spot(field.name)
    typed = kind if "type" in parts else ""
    return Spot(field.name, part or "value", kind if part else name, typed)


def likely_map(header: Iterable[str]) -> str:
    """What `--map` could say of these columns, to begin with; empty where nothing is likely."""
    columns = [name for name in header if name]
    found = {name: spot for name in columns if (spot := _likely(name))}
    if "family_name" not in found.values() and "name" not in found.values():
        found = {n: "name" if spot == "given_name" else spot for n, spot in found.items()}
    return ",".join(f"{_quoted(name)}={spot}" for name, spot in found.items())


def _likely(name: str) -> str:
    word = re.sub(r"[\s_-]*\d+$", "", " ".join(fold(name).replace("_", " ").split()))
    if word in LIKELY:
        return LIKELY[word]
    near = suggest(word, LIKELY) if len(word) > 3 else []
    return LIKELY[near[0]] if near else ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if "," in name else name
