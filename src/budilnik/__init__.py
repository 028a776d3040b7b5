"""Budilnik, the client alarm clock."""

__version__ = "0.1.0"
