"""Tests of plaintextcrm.book."""
