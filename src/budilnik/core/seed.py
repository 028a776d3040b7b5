"""Ties are broken by a seeded hash of date, client and employee: no one is first by seniority or by luck of order."""

from dataclasses import dataclass
from datetime import date

_MASK = (1 << 64) - 1


def _mix(value: int) -> int:
    """Scatter a number over 64 bits (the finaliser of SplitMix64)."""
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
    return value ^ (value >> 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The seed of one morning; the same on every machine and in every process."""

    number: int

    @classmethod
    def of(cls, on: date, *, salt: int = 0) -> "Seed":
        """Return the seed of the morning of `on`."""
        return cls(number=_mix(on.toordinal() * 0x9E3779B97F4A7C15 + salt & _MASK))

    def tie(self, client_id: int, employee_id: int = 0) -> int:
        """Return a number that orders equals, another for every client, employee and day.

        Units: 64 bits.
        Raises: nothing.
        Source: SPEC §4, no seniority bias; the mixing function is SplitMix64's (Steele, Lea, Flood 2014).
        """
        # `_mix` twice, written out: every client of a large base passes here each morning.
        value = self.number + client_id * 0x9E3779B97F4A7C15 & _MASK
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
        value = (value ^ (value >> 31)) + employee_id * 0xD1B54A32D192ED03 & _MASK
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
        return value ^ (value >> 31)

    def fraction(self, employee_id: int) -> float:
        """Return a share in 0..1 for an employee's day, for rounding that is fair over the days.

        Units: share.
        Raises: nothing.
        Source: SPEC §4, pool slots = floor(share x left + seeded fraction).
        """
        return self.tie(-1, employee_id) / (_MASK + 1)
