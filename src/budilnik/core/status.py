"""Status by silence: who is regular, forgotten, lost, and when the alarm rings next."""

from dataclasses import dataclass
from datetime import date, timedelta

from budilnik.core.dates import ONE_DAY, add_months
from budilnik.core.terms import ClientStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencePolicy:
    """After how many calendar months of silence a client is forgotten, and after how many lost."""

    forgotten_after_months: int = 3
    lost_after_months: int = 6
    agreed_slack_days: int = 7


DEFAULT_SILENCE = SilencePolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """All that status depends on besides the policy and the day."""

    silent_since: date
    ever_contacted: bool
    agreed_until: date | None = None
    grace_until: date | None = None
    in_pool: bool = False


def last_day_kept(silence: Silence, *, policy: SilencePolicy) -> date:
    """Return the last day on which the client is not yet lost.

    Six months to the day still count; a date named by the client holds a week longer; a grace holds to its day.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §2, `LOST` if d > max(silent_since + L, agreed_until + 7 days, grace_until).
    """
    limit = add_months(silence.silent_since, policy.lost_after_months)
    if silence.agreed_until is not None:
        limit = max(limit, silence.agreed_until + timedelta(days=policy.agreed_slack_days))
    if silence.grace_until is not None:
        limit = max(limit, silence.grace_until)
    return limit


def classify(silence: Silence, *, on: date, policy: SilencePolicy) -> ClientStatus:
    """Return the status by silence on the morning of `on`.

    Three months to the day already mean forgotten; six months to the day do not yet mean lost. A client in the
    pool stays lost whatever the limits are; one never talked to and never sold to is a prospect, however old.

    Units: local calendar days; a month is a calendar month (30 Nov + 3 = 28 Feb).
    Raises: ValueError if silence begins after `on`.
    Source: «Клиентский будильник», the three categories of the base; SPEC §2.
    """
    if silence.silent_since > on:
        raise ValueError(f"silence begins on {silence.silent_since}, after {on}")
    if not silence.ever_contacted:
        return ClientStatus.PROSPECT
    if silence.in_pool or on > last_day_kept(silence, policy=policy):
        return ClientStatus.LOST
    if on >= add_months(silence.silent_since, policy.forgotten_after_months):
        return ClientStatus.FORGOTTEN
    return ClientStatus.REGULAR


def next_change_on(silence: Silence, *, on: date, policy: SilencePolicy) -> date | None:
    """Return the first day after `on` with another status if nothing happens, or None if there is none.

    The stored alarm of a client: the morning touches only those whose day has come.

    Units: local calendar days.
    Raises: ValueError if silence begins after `on`.
    Source: SPEC §2, `next_status_on`.
    """
    now = classify(silence, on=on, policy=policy)
    lost_on = last_day_kept(silence, policy=policy) + ONE_DAY
    forgotten_on = add_months(silence.silent_since, policy.forgotten_after_months)
    if now is ClientStatus.REGULAR:
        return min(forgotten_on, lost_on)
    if now is ClientStatus.FORGOTTEN:
        return lost_on
    return None


def changes_between(
    silence: Silence, *, since: ClientStatus, on: date, policy: SilencePolicy
) -> tuple[tuple[ClientStatus, ClientStatus, date], ...]:
    """Return the steps (from, to, day crossed) from the stored status `since` to the status on `on`.

    A regular client found lost after downtime passed through forgotten on its own day: both steps are told.

    Units: local calendar days.
    Raises: ValueError if silence begins after `on`.
    Source: SPEC §2, `StatusChange.on` is the day the limit was crossed.
    """
    now = classify(silence, on=on, policy=policy)
    if now is since:
        return ()
    crossed = {
        ClientStatus.FORGOTTEN: add_months(silence.silent_since, policy.forgotten_after_months),
        ClientStatus.LOST: last_day_kept(silence, policy=policy) + ONE_DAY,
    }
    lost_on = min(on, crossed[ClientStatus.LOST])
    if since is ClientStatus.REGULAR and now is ClientStatus.LOST and crossed[ClientStatus.FORGOTTEN] < lost_on:
        middle = crossed[ClientStatus.FORGOTTEN]
        return ((since, ClientStatus.FORGOTTEN, middle), (ClientStatus.FORGOTTEN, now, lost_on))
    return ((since, now, min(on, crossed.get(now, on))),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the morning has to say of a silence: status, the steps to it, the next alarm, the last day kept."""

    status: ClientStatus
    steps: tuple[tuple[ClientStatus, ClientStatus, date], ...]
    next_on: date | None
    last_kept: date


class StatusBook:
    """The verdicts of one morning, each looked up once: a million clients share a few hundred silences.

    A silence that begins after the morning (data newer than the day asked for) is judged on its first day.
    """

    def __init__(self, *, on: date, policy: SilencePolicy) -> None:
        self._on = on
        self._policy = policy
        self._known: dict[tuple[object, ...], Verdict] = {}

    def verdict(
        self,
        silent_since: date,
        ever_contacted: bool,
        agreed_until: date | None,
        grace_until: date | None,
        in_pool: bool,
        stored: str,
    ) -> Verdict:
        """Return the verdict on a client whose stored status is `stored`.

        Units: local calendar days.
        Raises: ValueError for an unknown status code.
        Source: SPEC §2.
        """
        key = (silent_since, ever_contacted, agreed_until, grace_until, in_pool, stored)
        if (found := self._known.get(key)) is None:
            silence = Silence(
                silent_since=silent_since,
                ever_contacted=ever_contacted,
                agreed_until=agreed_until,
                grace_until=grace_until,
                in_pool=in_pool,
            )
            found = self._known[key] = self._judge(silence, ClientStatus(stored))
        return found

    def _judge(self, silence: Silence, stored: ClientStatus) -> Verdict:
        day = max(self._on, silence.silent_since)
        return Verdict(
            status=classify(silence, on=day, policy=self._policy),
            steps=changes_between(silence, since=stored, on=day, policy=self._policy),
            next_on=next_change_on(silence, on=day, policy=self._policy),
            last_kept=last_day_kept(silence, policy=self._policy),
        )
