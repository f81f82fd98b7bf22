"""A personal CRM in plain text: contacts as YAML files, follow-ups in your calendar.

The house has floors, and imports go downstairs only:

1. `model`: what a contact is, and when you are due to meet. Begin with `model/contact.py`,
   then `model/reminders.py`: that is what the program is for.
2. `text`: one file's text and one contact. `text/fields.py` is the table of all fields.
3. `store`: the disk.
4. `book`: all contacts together, in one SQLite cache. `book/refresh.py` keeps it true.
5. `query`: asking the book.
6. `feed` (calendar), `exchange` (people in and out), `report` (what to learn), `watch` (changes),
   `share` (git) and `service` (what runs), neighbours that do not know each other.
7. `web`: feeds over HTTP.
8. `cli`: the only place that knows the terminal; one command a file.
"""

__version__ = "0.1.0"
