"""The tables of the book. It is a cache: another version of the program makes another database."""

import zlib

from plaintextcrm import __version__

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- one row per file that was seen, with a digest of its bytes and the number of its errors
CREATE TABLE files (
    file INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL,
    signature BLOB NOT NULL, digest BLOB NOT NULL, errors INTEGER NOT NULL
);

-- the last good version of each contact (the best there was, where none was good), and as JSON what
-- to know before a talk
CREATE TABLE texts (file INTEGER PRIMARY KEY, text TEXT NOT NULL, brief TEXT NOT NULL);

-- contacts, and a table for each list of entries, are made by book/layout.py
CREATE INDEX revenue_year ON revenue (year);
CREATE INDEX contacts_key ON contacts (key);
CREATE INDEX contacts_without_uid ON contacts (own_uid) WHERE own_uid = 0;
CREATE INDEX contacts_from ON contacts (holds_from);
CREATE INDEX contacts_until ON contacts (holds_until);

CREATE TABLE reminders (
    file INTEGER NOT NULL, reminder INTEGER PRIMARY KEY, kind TEXT NOT NULL,
    due TEXT, month INTEGER, day INTEGER, year INTEGER,
    uid TEXT NOT NULL, note TEXT NOT NULL, action TEXT NOT NULL, time TEXT NOT NULL,
    owner TEXT NOT NULL, remind TEXT NOT NULL, yields_to TEXT, line INTEGER NOT NULL
);
CREATE INDEX reminders_file ON reminders (file);
CREATE INDEX reminders_due ON reminders (due);
CREATE INDEX reminders_day ON reminders (month, day);

-- what other files matter for: uid, email, contact (must exist), mention (may be text)
CREATE TABLE marks (
    file INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,
    line INTEGER NOT NULL, column INTEGER NOT NULL,
    end_line INTEGER NOT NULL, end_column INTEGER NOT NULL
);
CREATE INDEX marks_file ON marks (file);
CREATE INDEX marks_key ON marks (kind, key);

-- the values of `x_…` and declared fields
CREATE TABLE own (
    file INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
    number REAL, currency TEXT, first TEXT, last TEXT, PRIMARY KEY (file, name, n)
) WITHOUT ROWID;

-- all words of each contact in plain small letters, `name` those that stand for it
CREATE VIRTUAL TABLE search USING fts5(name, words, tokenize = 'unicode61 remove_diacritics 0');

-- where each field lies that queries may name (book/catalog.py)
CREATE TABLE catalog (
    name TEXT NOT NULL, "table" TEXT NOT NULL, form TEXT NOT NULL, cells TEXT NOT NULL,
    meaning TEXT NOT NULL, options TEXT NOT NULL, own TEXT NOT NULL
);

-- `origin` is `file` (found in the file alone), `folder` or `book` (found between files)
CREATE TABLE problems (
    path TEXT NOT NULL, origin TEXT NOT NULL,
    line INTEGER NOT NULL, column INTEGER NOT NULL,
    end_line INTEGER NOT NULL, end_column INTEGER NOT NULL,
    severity TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, hint TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX problems_path ON problems (path);

-- texts that cost time to make, by a digest of all they are made from
CREATE TABLE memos (key BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
"""

# What the tables of `layout.py` and those above look like, as a short sum: a test tells the new one
# when a field is added. To make it here would cost every command the reading of the field table.
LAYOUT = "9e60f545"
# The same of the name days that the program knows: what reminders were made of.
NAMEDAYS = "7feedf9c"


def layout() -> str:
    """The sum that `LAYOUT` must be."""
    from plaintextcrm.book.layout import create_tables

    return f"{zlib.crc32('; '.join([*create_tables(), TABLES]).encode()):08x}"


def namedays() -> str:
    """The sum that `NAMEDAYS` must be."""
    from plaintextcrm.store.namedays import FILES, text_of

    return f"{zlib.crc32(''.join(map(text_of, FILES)).encode()):08x}"


# Fits SQLite's user_version, a signed number of four bytes.
VERSION = zlib.crc32(f"{__version__} {LAYOUT} {NAMEDAYS}".encode()) >> 1
