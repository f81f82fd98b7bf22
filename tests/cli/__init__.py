"""Tests of plaintextcrm.cli."""
