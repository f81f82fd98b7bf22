"""Floor 6: running without a person. What runs now, and what the system starts by itself."""
