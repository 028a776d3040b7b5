"""Streams of chance: one per purpose and client, so that a client is the same in a small company and a large."""

from random import Random

GOLDEN = 0.6180339887498949


def stream(seed: int, purpose: str, number: int = 0) -> Random:
    """Return the stream of one purpose; a text seed is hashed by SHA-512, whatever PYTHONHASHSEED says."""
    return Random(f"{seed}/{purpose}/{number}")


def spread(seed: int, number: int) -> float:
    """Return a point of [0, 1) such that the first n numbers fill it evenly for every n (golden ratio)."""
    return (number * GOLDEN + seed * 0.414213562) % 1.0
