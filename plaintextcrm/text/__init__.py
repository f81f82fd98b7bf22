"""Floor 2: one file's text and one contact, each made from the other; strings in, values out."""
