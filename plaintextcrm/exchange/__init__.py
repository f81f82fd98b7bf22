"""People in and out: vCard, CSV and the files of other programs.

`incoming.py` is what every reader gives; `arrival.py` holds it against the book; `outgoing.py` is
what every writer takes. Readers and writers are `vcard`, `sheets` and `table.py` (CSV), `people.py`
(JSON), `friends.py` and `monica`.
"""
