"""Insight brought home: what was found out about the base becomes what cards, lists and the next morning use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from budilnik.clients.actions.outlook import Outlook as Outlook
from budilnik.clients.actions.outlook import keep_outlooks
from budilnik.sales.actions import insight as sales
from budilnik.sales.queries.insight import holders_at_work

type Rows = Sequence[Mapping[str, object]]


@dataclass(slots=True, kw_only=True)
class Bringing:
    """A run that is being brought home. What it holds is seen by nobody before `publish`."""

    run_id: int
    on: date
    clock: Callable[[], datetime]
    clients: int = 0
    offers: int = 0

    def reach(self, stage: str) -> None:
        """Note how far it is.

        Raises: InsightTakenOver when it was called off.
        """
        sales.reach_stage(self.run_id, stage, now=self.clock())

    def profiles(self, rows: Rows) -> None:
        """Keep profiles, told by column."""
        sales.store_profiles(self.run_id, sales.columns_of(rows, sales.PROFILE_COLUMNS))
        self.clients += len(rows)

    def offer(self, rows: Rows) -> None:
        """Keep offers, told by column."""
        sales.store_offers(self.run_id, sales.columns_of(rows, sales.OFFER_COLUMNS))
        self.offers += len(rows)

    def publish(self, *, outlooks: Mapping[int, Outlook], findings: Mapping[str, object]) -> None:
        """Write what the morning needs on the clients, show the run to everybody, sweep the one before it away.

        Raises: InsightTakenOver.
        """
        keep_outlooks(outlooks)
        sales.publish_run(self.run_id, findings=findings, clients=self.clients, offers=self.offers, now=self.clock())
        sales.sweep_runs()


def begin_insight(
    *, on: date, engine: str, holder: str, clock: Callable[[], datetime], is_gone: Callable[[str], bool]
) -> Bringing:
    """Begin a look at the whole base; what a killed one left behind is thrown away.

    Raises: InsightIsBeingMade.
    """
    now = clock()
    at_work = [each for each in holders_at_work(now) if not is_gone(each)]
    run = sales.begin_run(on=on, engine=engine, holder=holder, now=now, at_work=at_work)
    return Bringing(run_id=run, on=on, clock=clock)
