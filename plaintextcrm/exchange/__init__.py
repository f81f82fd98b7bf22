"""People in and out: vCard, CSV and the files of other programs.

`incoming.py` is what every reader gives; `arrival.py` holds it against the book; `outgoing.py` is
what every writer takes. Readers and writers are `vcard`, `sheets` and `table.py` (CSV), `people.py`
(JSON), `friends.py` and `monica`.

`twins.py` finds one person in two files, `joining.py` makes one of two. `letters.py` reads e-mails, and
`correspondence.py` says what becomes of them.
"""
