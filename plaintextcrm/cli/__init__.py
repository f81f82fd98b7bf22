"""Floor 8: the command line, a thin face. One command a file; nothing below knows Click."""

import gc

# A command makes many values that live to its end, from the first import on: to look for garbage
# every 700 of them, as Python does, takes longer than many a command.
gc.set_threshold(100_000, 50, 100)
