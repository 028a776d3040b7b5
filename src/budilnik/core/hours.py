"""The hours of one day in which an employee and a client may talk, each pair of zones looked up once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo

from budilnik.core.dates import CallingHours, common_hours


class HoursBook:
    """The common hours of the day `on` for every pair of zones met; `zone_of` turns a name into a zone."""

    def __init__(
        self, *, on: date, zone_of: Callable[[str], tzinfo], clients: CallingHours, employees: CallingHours
    ) -> None:
        self._on = on
        self._zone_of = zone_of
        self._clients = clients
        self._employees = employees
        self._known: dict[tuple[str, str], tuple[tuple[datetime, datetime], ...]] = {}

    def common(self, client_zone: str, employee_zone: str) -> tuple[tuple[datetime, datetime], ...]:
        """Return the stretches in which both may talk; empty when their working hours never meet.

        Units: local wall time of each side.
        Raises: nothing.
        Source: SPEC §4, order within the day.
        """
        key = (client_zone, employee_zone)
        if (found := self._known.get(key)) is None:
            found = self._known[key] = common_hours(
                on=self._on,
                client_zone=self._zone_of(client_zone),
                client=self._clients,
                employee_zone=self._zone_of(employee_zone),
                employee=self._employees,
            )
        return found

    def without_common(self, client_zone: str, employees: Iterable[tuple[int, str]]) -> frozenset[int]:
        """Return those of the employees (number, zone) who share no hour with a client of that zone.

        Units: none.
        Raises: nothing.
        Source: SPEC §4, a client with no common hour goes to someone who has one.
        """
        return frozenset(number for number, zone in employees if not self.common(client_zone, zone))
