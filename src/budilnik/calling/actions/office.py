"""The people, the calendar and the hours of one morning."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from budilnik.calling.queries.morning import last_published
from budilnik.core.candidates import ClientFacts, Deadlines
from budilnik.core.dates import WorkCalendar
from budilnik.core.hours import HoursBook
from budilnik.core.policy import Policy
from budilnik.core.seed import Seed
from budilnik.core.status import StatusBook, Verdict
from budilnik.core.terms import Role
from budilnik.staff.queries import RulesInForce, StaffMember, staff_in_service, work_calendar, zone_or

# Deadlines lie up to a year and a bit ahead: an agreed date may be twelve months away.
LOOK_AHEAD = timedelta(days=420)
LOOK_BACK = timedelta(days=150)


@dataclass(slots=True, kw_only=True)
class Office:
    """The people and the calendar of one morning."""

    on: date
    policy: Policy
    seed: Seed
    staff: dict[int, StaffMember]
    calendar: WorkCalendar
    hours: HoursBook
    book: StatusBook
    back: frozenset[int]
    windows: dict[int, tuple[date, ...]] = field(default_factory=dict)
    deadlines: dict[int, Deadlines] = field(default_factory=dict)
    books: dict[tuple[date, ...], Deadlines] = field(default_factory=dict)

    def present(self) -> list[StaffMember]:
        """Those at work today who may get tasks: managers, and other roles that call the pool."""
        callers = (m for m in self.staff.values() if m.role is Role.MANAGER or self.calls_pool(m))
        return [m for m in callers if not m.away(self.on)]

    def calls_pool(self, member: StaffMember) -> bool:
        """Say whether the member's role calls lost clients."""
        return member.role.value in self.policy.pool_roles

    def window(self, member: StaffMember) -> tuple[date, ...]:
        """The member's own working days from today on, absences left out."""
        if member.employee_id not in self.windows:
            own = self.calendar.without((a.from_on, a.until_on) for a in member.absences)
            self.windows[member.employee_id] = own.days[bisect_left(own.days, self.on) :]
        return self.windows[member.employee_id]

    def deadlines_of(self, member: StaffMember) -> Deadlines:
        """The member's last working days before losses; those without absences share one book."""
        found = self.deadlines.get(member.employee_id)
        if found is None:
            window = self.window(member)
            found = self.books.setdefault(window, Deadlines(window=window, calendar=self.calendar))
            self.deadlines[member.employee_id] = found
        return found

    def verdict(self, facts: ClientFacts) -> Verdict:
        """What the clock of a client says today."""
        return self.book.verdict(
            facts.silent_since,
            facts.ever_contacted,
            facts.agreed_until,
            facts.grace_until,
            facts.in_pool_since is not None,
            facts.status,
        )


def _back_at_work(staff: Iterable[StaffMember], *, on: date, since: date) -> frozenset[int]:
    """Return whose absence has ended since the last morning: this is their first day back."""
    return frozenset(
        m.employee_id for m in staff if not m.away(on) and any(since <= a.until_on < on for a in m.absences)
    )


def open_office(*, on: date, rules: RulesInForce, workloads: Mapping[int, float] | None = None) -> Office:
    """Read the staff and the calendar for the morning of `on`; `workloads` are load shares tried instead."""
    policy, tried = rules.policy, workloads or {}
    staff = tuple(
        replace(
            member,
            norm=member.own_norm or policy.norm,
            load_share=tried.get(member.employee_id, member.load_share),
        )
        for member in staff_in_service(on)
    )
    return Office(
        on=on,
        policy=policy,
        seed=Seed.of(on),
        staff={m.employee_id: m for m in staff},
        calendar=work_calendar(country=policy.calendar, first=on - LOOK_BACK, last=on + LOOK_AHEAD),
        hours=HoursBook(
            on=on,
            zone_of=lambda name: zone_or(name, policy.company_zone),
            clients=policy.hours_of_clients,
            employees=policy.hours_of_employees,
        ),
        book=StatusBook(on=on, policy=policy.silence),
        back=_back_at_work(staff, on=on, since=last_published() or date.min),
    )
