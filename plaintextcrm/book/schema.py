"""The tables of the book. It is a cache: another version of the program makes another database."""

import hashlib

from plaintextcrm import __version__

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- one row per file that was seen, with a digest of its bytes and the number of its errors
CREATE TABLE files (
    file INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL,
    signature BLOB NOT NULL, digest BLOB NOT NULL, errors INTEGER NOT NULL
);

-- the last good version of each contact (the best there was, where none was good)
CREATE TABLE texts (file INTEGER PRIMARY KEY, text TEXT NOT NULL);

CREATE TABLE contacts (
    file INTEGER PRIMARY KEY, good INTEGER NOT NULL,
    id TEXT NOT NULL, key TEXT NOT NULL, uid TEXT NOT NULL, own_uid INTEGER NOT NULL,
    name TEXT NOT NULL, sort TEXT NOT NULL, kind TEXT NOT NULL,
    organization TEXT NOT NULL, organization_key TEXT NOT NULL,
    status TEXT NOT NULL, owner TEXT NOT NULL, private INTEGER NOT NULL,
    tags TEXT NOT NULL, tag_keys TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
    last TEXT, next TEXT, due_now INTEGER NOT NULL, wants_class INTEGER NOT NULL,
    holds_from TEXT NOT NULL, holds_until TEXT NOT NULL,
    brief TEXT NOT NULL, words TEXT NOT NULL, class TEXT NOT NULL DEFAULT ''
);
CREATE INDEX contacts_key ON contacts (key);
CREATE INDEX contacts_from ON contacts (holds_from);
CREATE INDEX contacts_until ON contacts (holds_until);

CREATE TABLE reminders (
    reminder INTEGER PRIMARY KEY, file INTEGER NOT NULL, kind TEXT NOT NULL,
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

CREATE TABLE revenue (
    file INTEGER NOT NULL, year INTEGER NOT NULL, amount REAL NOT NULL, currency TEXT NOT NULL
);
CREATE INDEX revenue_file ON revenue (file);
CREATE INDEX revenue_year ON revenue (year);

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

# Fits SQLite's user_version, a signed number of four bytes.
VERSION = int.from_bytes(hashlib.sha256((__version__ + TABLES).encode()).digest()[:4]) >> 1
