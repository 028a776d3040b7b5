"""The settings of the firm as people read them: in sections, each with a sentence that says what it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budilnik.core.policy import CALLING_ROLES, LEADING_ROLES, LIMITS, SHARES


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `kind` says how it is written: count, ratio, share, hour, hours, lunch, roles, text, outcomes."""

    name: str
    label: Promise
    hint: Promise
    kind: str = "count"
    unit: Promise | str = ""
    choices: tuple[str, ...] = ()

    @property
    def limits(self) -> tuple[int, int] | None:
        """The least and the most that may be written; shares in percent."""
        found = LIMITS.get(self.name) or SHARES.get(self.name)
        return found[:2] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Settings that belong together."""

    code: str
    title: Promise
    settings: tuple[Setting, ...]


_MONTHS, _DAYS, _WORKING_DAYS = _("months"), pgettext_lazy("unit", "days"), _("working days")
_CALLS = pgettext_lazy("unit", "calls")

SECTIONS = (
    Section(
        code="sorting",
        title=_("Who is forgotten, who is lost"),
        settings=(
            Setting(
                name="forgotten_after_months",
                label=_("Forgotten after"),
                hint=_("So long without a talk or an order, and the client stands in his manager's own queue."),
                unit=_MONTHS,
            ),
            Setting(
                name="lost_after_months",
                label=_("Lost after"),
                hint=_("So long, and the client is taken from his manager and goes to the pool."),
                unit=_MONTHS,
            ),
            Setting(
                name="agreed_slack_days",
                label=_("Kept after a date he named"),
                hint=_("A client who said “call in September” is kept so long after that day."),
                unit=_DAYS,
            ),
            Setting(
                name="agreed_at_most_months",
                label=_("How far ahead he may name a date"),
                hint=_("A later date cannot be saved."),
                unit=_MONTHS,
            ),
            Setting(
                name="quiet_days_after_talk",
                label=_("Peace after a talk"),
                hint=_("Nobody plans a call to the client for so long; the last day before a loss is an exception."),
                unit=_DAYS,
            ),
            Setting(
                name="protected_warning_days",
                label=_("Warning about a protected client"),
                hint=_("The head sees a protected client so long before he would have been lost."),
                unit=_DAYS,
            ),
            Setting(
                name="release_per_day",
                label=_("Portion of a neglected base"),
                hint=_("So many long silent clients pass to the pool a day; 0: all at once."),
                unit=pgettext_lazy("unit", "clients"),
            ),
            Setting(
                name="first_release_share",
                label=_("A morning asks the head when it takes over"),
                hint=_("A scheduled morning that would take a larger share of the owned clients waits for a word."),
                kind="share",
            ),
        ),
    ),
    Section(
        code="load",
        title=_("Calls and load"),
        settings=(
            Setting(
                name="norm",
                label=_("Norm of the firm"),
                hint=_("Attempts a full working day of one manager; who has a norm of his own keeps it."),
                unit=_CALLS,
            ),
            Setting(
                name="reach_rate",
                label=_("Reached of a hundred attempts"),
                hint=_("By this share the program judges how many talks a day gives."),
                kind="share",
            ),
            Setting(
                name="value_weight",
                label=_("Weight of value"),
                hint=_("When not everybody can be called: 100% keeps the money, 0% keeps as many clients as can be."),
                kind="share",
            ),
            Setting(
                name="near_days",
                label=_("“Lost soon” is"),
                hint=_("While everybody can be called in time, clients so near to a loss come first."),
                unit=_WORKING_DAYS,
            ),
            Setting(
                name="overload_from",
                label=_("Overload begins at"),
                hint=_("So many times more work than a manager has calls for, and the dearest are saved first."),
                kind="ratio",
            ),
            Setting(
                name="absence_tail_working_days",
                label=_("Substitute covers after an absence"),
                hint=_("A substitute calls clients whose last day falls into the absence or so long after it."),
                unit=_WORKING_DAYS,
            ),
            Setting(
                name="portion",
                label=_("Next portion"),
                hint=_("So many more clients are given to a manager who has done his list."),
                unit=_CALLS,
            ),
        ),
    ),
    Section(
        code="pool",
        title=_("Pool"),
        settings=(
            Setting(
                name="pool_share",
                label=_("Share of the pool in a day"),
                hint=_("So much of what promises and last days leave goes to lost clients, the rest to one's own."),
                kind="share",
            ),
            Setting(
                name="pool_roles",
                label=_("Who calls the pool"),
                hint=_("Employees of these roles get lost clients in their lists and may win them."),
                kind="roles",
                choices=CALLING_ROLES,
            ),
            Setting(
                name="refusal_rest_days",
                label=_("Rest after a refusal"),
                hint=_("A pool client who refused is left alone so long, then goes to somebody else."),
                unit=_DAYS,
            ),
            Setting(
                name="callback_reserve_working_days",
                label=_("Reserved for a callback"),
                hint=_("A pool client who asked to be called back is kept for the caller so long at most."),
                unit=_WORKING_DAYS,
            ),
            Setting(
                name="callback_reserve_per_person",
                label=_("Reservations a person"),
                hint=_("So many pool clients one caller may keep for himself at once."),
                unit=pgettext_lazy("unit", "clients"),
            ),
            Setting(
                name="lock_lifters",
                label=_("Who lifts locks"),
                hint=_("Only they may give a client to one who has lost him."),
                kind="roles",
                choices=LEADING_ROLES,
            ),
        ),
    ),
    Section(
        code="after",
        title=_("After a call"),
        settings=(
            Setting(
                name="attempts_before_pause",
                label=_("Attempts in a round"),
                hint=_("So many attempts without an answer, and the numbers go to data repair."),
                unit=pgettext_lazy("unit", "attempts"),
            ),
            Setting(
                name="retry_after_hours",
                label=_("Another try the same day after"),
                hint=_("The task comes back so long after a call without an answer."),
                unit=pgettext_lazy("unit", "hours"),
            ),
            Setting(
                name="retry_after_working_days",
                label=_("Another day after"),
                hint=_("Not reached today, the client is tried again so long after."),
                unit=_WORKING_DAYS,
            ),
            Setting(
                name="pause_days",
                label=_("Pause between rounds"),
                hint=_("After a round without an answer nobody calls so long."),
                unit=_DAYS,
            ),
            Setting(
                name="rounds",
                label=_("Rounds"),
                hint=_("After the last one nobody calls until there is a new number or he calls in."),
                unit=pgettext_lazy("unit", "rounds"),
            ),
            Setting(
                name="refusals_to_head",
                label=_("Refusals until the head is told"),
                hint=_("So many refusals in a row by an own client without an order go to the head."),
                unit=pgettext_lazy("unit", "refusals"),
            ),
            Setting(
                name="outcomes",
                label=_("Outcomes on the card"),
                hint=_("Which outcomes a caller may choose, and your own words for them."),
                kind="outcomes",
            ),
        ),
    ),
    Section(
        code="promises",
        title=_("Promises"),
        settings=(
            Setting(
                name="escalate_after_minutes",
                label=_("The head sees an overdue callback after"),
                hint=_("An attempt within 15 minutes of the time keeps a promise, whatever stands here."),
                unit=pgettext_lazy("unit", "minutes"),
            ),
        ),
    ),
    Section(
        code="hours",
        title=_("Hours and calendar"),
        settings=(
            Setting(
                name="company_zone",
                label=_("Time zone of the company"),
                hint=_("By it the day begins, and clients with an unknown zone are called."),
                kind="text",
            ),
            Setting(
                name="calendar",
                label=_("Production calendar"),
                hint=_("The country whose holidays and moved working days are in force: RU, BY, KZ…"),
                kind="text",
            ),
            Setting(
                name="morning_at",
                label=_("The lists are made at"),
                hint=_("Before work, when nobody calls."),
                kind="hour",
            ),
            Setting(
                name="employee_hours",
                label=_("Working hours of employees"),
                hint=_("In the employee's own zone; nobody is given a client to be called outside them."),
                kind="hours",
            ),
            Setting(
                name="employee_lunch",
                label=_("Lunch of employees"),
                hint=_("Empty: no common lunch."),
                kind="lunch",
            ),
            Setting(
                name="client_hours",
                label=_("Calling hours of clients"),
                hint=_("In the client's own zone."),
                kind="hours",
            ),
            Setting(
                name="client_lunch",
                label=_("Lunch of clients"),
                hint=_("Nobody calls during it; empty: no lunch."),
                kind="lunch",
            ),
        ),
    ),
    Section(
        code="safety",
        title=_("Safety of the base"),
        settings=(
            Setting(
                name="cards_per_day",
                label=_("Cards opened a day"),
                hint=_("A caller cannot open more: a base is not carried away card by card."),
                unit=pgettext_lazy("unit", "cards"),
            ),
            Setting(
                name="lookups_per_day",
                label=_("Clients of others found a day"),
                hint=_("So many times a caller may find whose client it is who calls in."),
                unit=pgettext_lazy("unit", "clients"),
            ),
        ),
    ),
    Section(
        code="measurement",
        title=_("Measurement"),
        settings=(
            Setting(
                name="talk_from_seconds",
                label=_("A talk lasts from"),
                hint=_("A shorter call proves no talk by telephony. What is entered by hand counts and is reported."),
                unit=pgettext_lazy("unit", "seconds"),
            ),
            Setting(
                name="hold_out_share",
                label=_("Pool left without calls"),
                hint=_("By this share, drawn by lot, the effect of calling is measured honestly."),
                kind="share",
            ),
            Setting(
                name="hold_out_days",
                label=_("Without calls for"),
                hint=_("Then they are called like everybody else, by themselves."),
                unit=_DAYS,
            ),
            Setting(
                name="hold_out_spares_share",
                label=_("Dearest who are always called"),
                hint=_("So much of the pool by value is never left without calls."),
                kind="share",
            ),
            Setting(
                name="margin_share",
                label=_("Margin for reports"),
                hint=_("Only for reports: how much of the revenue is margin."),
                kind="share",
            ),
        ),
    ),
)

BY_NAME: Mapping[str, Setting] = {each.name: each for section in SECTIONS for each in section.settings}
