"""What to learn from the folder: who slips away, who carries the turnover, why deals were lost.

`values.py` says what a report is. Each report is a file with one function: a question about the
book, answered in SQL and finished in a few lines. `reports.py` lists them all; `pictures/` draws.
"""
