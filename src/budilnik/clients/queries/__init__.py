"""Reads over the base, one module a need."""
