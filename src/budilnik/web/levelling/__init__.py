"""Levelling the base: what moves would help, done after a look, taken back within a day."""
