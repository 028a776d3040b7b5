"""Screens, one folder each: addresses, views, forms and template side by side."""
