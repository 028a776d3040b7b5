"""Reads over the day, one module a need."""
