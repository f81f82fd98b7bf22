"""Sharing with git: real repositories, real processes."""
