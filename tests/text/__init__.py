"""Tests of plaintextcrm.text."""
