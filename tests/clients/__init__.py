"""The feed, read by the programs people subscribe with; start at `test_clients.py`."""
