"""All reports: their names, and where each is made. A report is imported when it is asked for."""

from collections.abc import Callable
from importlib import import_module

from plaintextcrm.report.values import Report

REPORTS = {  # name → what it tells
    "silent": "who is slipping away, and why we think so",
    "top": "who carries the turnover",
    "lost": "why deals were lost, and to whom",
    "promises": "what is promised, what is late, what was kept",
    "referrals": "who introduced whom, and what came of it",
    "channels": "how we talk, and whom we reach in one way only",
    "feedback": "what they say, by time and by what it was about",
    "activity": "talks, new contacts and deals, week by week",
}


def report(name: str) -> Callable[..., Report]:
    """The function that answers a Question with the report of this name."""
    module = import_module(f"plaintextcrm.report.{name}")
    made: Callable[..., Report] = getattr(module, name)
    return made
