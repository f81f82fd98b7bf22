"""Floor 6: the calendar. Reminders of the book → an iCalendar feed that real apps love."""
