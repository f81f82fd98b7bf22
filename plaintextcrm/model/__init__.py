"""Floor 1: what a contact is and when you are due to meet; no files, no clock, standard library only."""
