"""Tests of plaintextcrm.model."""
