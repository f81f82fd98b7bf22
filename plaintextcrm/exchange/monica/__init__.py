"""The JSON export of Monica, version 4: an account with its contacts, and what happened with each.

`tree` reads what the file holds, `reading` makes people of it, `entries` what happened with them.
"""
