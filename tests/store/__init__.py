"""Tests of floor 3: the folder, reading, writing, the lock."""
