"""Floor 6: git, which carries the address book from one person to another."""
