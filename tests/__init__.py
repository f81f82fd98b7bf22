"""Tests look like use: real folders, real files, the real command."""
