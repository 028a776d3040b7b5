"""Reads over what was bought and what insight says of it, one module a need."""
