"""Pictures of reports: in the terminal, as SVG, and on an HTML page.

`plots.py` makes a table into what can be drawn; `terminal.py` and `svg.py` draw it, each with a
library that is imported when something is drawn; `page.py` is the whole report as one page.
"""
