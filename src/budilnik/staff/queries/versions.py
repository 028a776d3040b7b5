"""Reads over the versions of the rules: which are stored, who changed what, what the people of the firm contradict."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import available_timezones

import holidays

from budilnik.core import policy as rules
from budilnik.core.policy import Contradiction, Policy
from budilnik.core.refusal import Refusal
from budilnik.staff.models import CalendarDay, Employee, PolicyVersion


class NoSuchVersion(Refusal):
    """There is no version of that number."""

    ru = "Правил с таким номером нет."
    en = "There are no rules of that number."
    status: ClassVar[int] = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that two versions have different. The values are those of the policy."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A stored version. `by` is "" for the system, `until` the day before the next one begins."""

    version: int
    starts_on: date
    policy: Policy
    why: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    changes: tuple[Change, ...]

    def planned(self, on: date) -> bool:
        """Say whether it waits for its day."""
        return self.withdrawn_at is None and self.starts_on > on


def changes_between(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Return the settings that differ, in the order in which the policy names them. No query."""
    return tuple(
        Change(name=each.name, before=getattr(before, each.name), after=getattr(after, each.name))
        for each in fields(Policy)
        if getattr(before, each.name) != getattr(after, each.name)
    )


def versions() -> tuple[Version, ...]:
    """Return every version, the newest first, each with what it changed against the one in force before. One query."""
    rows = PolicyVersion.objects.select_related("by", "withdrawn_by").order_by("version")
    found: list[Version] = []
    base = Policy()
    for row in rows:
        policy = rules.from_settings(row.settings)
        found.append(
            Version(
                version=row.version,
                starts_on=row.starts_on,
                policy=policy,
                why=row.why,
                by=row.by.name if row.by else "",
                at=row.at,
                withdrawn_at=row.withdrawn_at,
                withdrawn_by=row.withdrawn_by.name if row.withdrawn_by else "",
                changes=changes_between(base, policy),
            )
        )
        base = base if row.withdrawn_at else policy
    return tuple(reversed(found))


def version_numbered(number: int, *, among: Iterable[Version]) -> Version:
    """Return one version. No query.

    Raises: NoSuchVersion.
    """
    found = next((each for each in among if each.version == number), None)
    if found is None:
        raise NoSuchVersion
    return found


def latest_version() -> int:
    """Return the number of the newest version, taken back or not; 0 while none is stored. One query."""
    return PolicyVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0


def contradictions_of_firm(policy: Policy, *, on: date) -> tuple[Contradiction, ...]:
    """Return what the people of the firm and the world make impossible in a policy. One query."""
    roles = set(Employee.objects.working(on).values_list("role", flat=True))
    found = []
    if policy.pool_roles and roles & set(rules.CALLING_ROLES) and not roles & set(policy.pool_roles):
        found.append(
            Contradiction(
                fields=("pool_roles",),
                ru="из тех, кому отдан пул, никто не работает: звонить некому",
                en="nobody of the roles that call the pool works here: nobody is left to call",
            )
        )
    if policy.company_zone not in available_timezones():
        found.append(
            Contradiction(
                fields=("company_zone",),
                ru=f"часовой пояс «{policy.company_zone[:40]}» неизвестен, пишите Europe/Moscow",
                en=f"the time zone “{policy.company_zone[:40]}” is unknown, write Europe/Moscow",
            )
        )
    if policy.calendar not in holidays.list_supported_countries(include_aliases=False):
        found.append(
            Contradiction(
                fields=("calendar",),
                ru=f"календаря «{policy.calendar[:8]}» нет, пишите RU или BY",
                en=f"there is no calendar “{policy.calendar[:8]}”, write RU or BY",
            )
        )
    return tuple(found)


def all_contradictions(policy: Policy, *, on: date) -> tuple[Contradiction, ...]:
    """Return everything for which a policy would be refused. One query."""
    return (*rules.contradictions(policy), *contradictions_of_firm(policy, on=on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A day on which the firm differs from the production calendar."""

    on: date
    works: bool
    note: str


def overrides_from(on: date) -> tuple[Override, ...]:
    """Return the days of the whole firm that differ from the calendar, `on` and later. One query."""
    rows = CalendarDay.objects.filter(team=None, on__gte=on).order_by("on")
    return tuple(Override(on=row.on, works=row.works, note=row.note) for row in rows)
