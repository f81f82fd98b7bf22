"""Floor 8: the command line, a thin face. One command a file; nothing below knows Click."""
