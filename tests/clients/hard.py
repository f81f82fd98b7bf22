"""An address book that is hard on calendar programs, and by hand the days on which each must show it.

The days are written down here, not computed: neither the program nor its reader has a say in them.
"""

from pathlib import Path

TODAY = "2026-06-15"
SETTINGS = "timezone: Europe/Prague\n"
YEARS = (2026, 2027, 2028, 2029, 2030)

# Name, day of birth, day of the year; in the window (15 June 2026 to 14 June 2030) it comes four times.
BIRTHDAYS = (
    ("Žofie Příšerně-Žluťoučká", "1990-04-03", "04-03"),
    ("Łukasz Gżegżółka", "--12-24", "12-24"),
    ("Ádám Őrült Űrhajós", "1969-07-20", "07-20"),  # before 1970
    ("Marie Nejstarší", "1901-01-01", "01-01"),
    ("Silvestr Poslední", "--12-31", "12-31"),
    ("Emoji 🎂🥳 👩‍👩‍👧‍👦", "2001-09-11", "09-11"),
    ("שלום בן־דוד", "--10-10", "10-10"),
    ("李小龍", "1940-11-27", "11-27"),
    ('Comma, Semi; Back\\slash: "Quote"', "1985-03-15", "03-15"),
    ("Únor Poslední", "--02-28", "02-28"),
    ("Březen První", "--03-01", "03-01"),
    ("První Den Okna", "--06-15", "06-15"),
    ("Poslední Den Okna", "--06-14", "06-14"),
)
LEAP_BIRTHDAYS = (
    ("Eva Přestupná", "1988-02-29"),
    ("Adam Bez Roku", "--02-29"),
    ("Nová Přestupná", "2024-02-29"),
)
LEAP_DAYS = ("2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28")

# Days and times in Prague, and in UTC. The clock changes on the last Sundays of March and October.
TIMED = {
    "before spring": ("2027-03-28 01:30", "2027-03-28T00:30"),
    "in the lost hour": ("2027-03-28 02:30", "2027-03-28T01:30"),
    "after spring": ("2027-03-28 03:30", "2027-03-28T01:30"),
    "spring evening": ("2027-03-28 18:00", "2027-03-28T16:00"),
    "before autumn": ("2026-10-25 01:30", "2026-10-24T23:30"),
    "in the double hour": ("2026-10-25 02:30", "2026-10-25T00:30"),
    "after autumn": ("2026-10-25 03:30", "2026-10-25T02:30"),
    "autumn evening": ("2026-10-25 18:00", "2026-10-25T17:00"),
    "midnight": ("2027-01-01 00:00", "2026-12-31T23:00"),
    "last minute": ("2027-07-01 23:59", "2027-07-01T21:59"),
    "summer": ("2028-07-01 09:30", "2028-07-01T07:30"),
    "winter": ("2029-01-15 09:30", "2029-01-15T08:30"),
}
ONCE = ("2026-06-15", "2026-10-25", "2027-03-28", "2028-02-29", "2030-06-14")
OUTSIDE = ("2030-06-15",)

LONG = "Dlouhá poznámka s háčky a čárkami, středníky; a 🎉 na mnoho řádků. " * 8


def write(folder: Path, more: str = "") -> None:
    """Write the address book; every contact has `more` lines."""
    contacts = folder / "contacts"
    contacts.mkdir(parents=True, exist_ok=True)
    (folder / "plaintextcrm.yaml").write_text(SETTINGS, encoding="utf-8")
    for number, (name, born, *_day) in enumerate((*BIRTHDAYS, *LEAP_BIRTHDAYS)):
        _write(contacts / f"birthday-{number}.yaml", name, f"birthday: {born}\n{more}")
    for number, (note, (local, _utc)) in enumerate(TIMED.items()):
        day, time = local.split()
        entry = f"follow_ups:\n  - {{date: {day}, time: {time}, note: {note}, remind: 1 hour}}\n"
        _write(contacts / f"timed-{number}.yaml", f"Čas {number}", entry + more)
    for number, day in enumerate((*ONCE, *OUTSIDE)):
        entry = f"follow_ups:\n  - date: {day}\n    note: |\n      {LONG}\n      druhý řádek\n"
        _write(contacts / f"složka ž/once-{number}.yaml", f"Jednou {number}", entry + more)


def _write(path: Path, name: str, more: str) -> None:
    path.parent.mkdir(exist_ok=True)
    quoted = "'" + name.replace("'", "''") + "'"
    path.write_text(f"name: {quoted}\n{more}", encoding="utf-8")


def days() -> list[tuple[str, str]]:
    """Every start in the window and a word of its title, sorted."""
    window = ("2026-06-15", "2030-06-15")
    yearly = [(f"{year}-{day}", name) for name, _born, day in BIRTHDAYS for year in YEARS]
    found = [row for row in yearly if window[0] <= row[0] < window[1]]
    found += [(day, name) for name, _born in LEAP_BIRTHDAYS for day in LEAP_DAYS]
    found += [(utc, note) for note, (_local, utc) in TIMED.items()]
    found += [(day, f"Jednou {number}") for number, day in enumerate(ONCE)]
    return sorted(found)


COUNT = len(BIRTHDAYS) + len(LEAP_BIRTHDAYS) + len(TIMED) + len(ONCE) + len(OUTSIDE)
