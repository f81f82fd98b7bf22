"""Tests of plaintextcrm.watch."""
