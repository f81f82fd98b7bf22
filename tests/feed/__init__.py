"""Tests of plaintextcrm.feed."""
