"""Floor 4: all contacts together, in one SQLite database that is only a cache of the folder."""
