"""Writes over goods, documents, and what insight says of them."""
