"""vCard 2.1, 3.0 and 4.0: cards ↔ the fields of a contact.

Reading: `cards.py` finds the cards in a file and their lines, whatever wrote it; `line.py` knows one
line; `reading.py` makes fields of them. `lexicon.py` is what both directions know of the words.
"""
