"""CSV in: a file's bytes → rows (`encoding`, `records`) → columns that have a place (`formats`, `mapping`)
→ one person for each row (`rows`). `sheet` puts these together.
"""
