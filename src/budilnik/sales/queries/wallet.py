"""How much of what clients buy from everybody they buy from us: classes by potential, and where there is room."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Sum
from django.db.models.functions import Greatest, Least

from budilnik.sales.models import ClientProfile
from budilnik.sales.queries.findings import LETTERS, Looked, looked
from budilnik.sales.queries.grids import Counted
from budilnik.sales.queries.grids import Sum as Part
from budilnik.sales.queries.insight import latest_run

SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A class of ABCD: the clients in it by a known potential, and those in it by revenue alone."""

    code: str
    by_potential: Part
    by_revenue: Part
    sum: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A client who buys from others what he could buy from us. Units: kopecks a year, share in 0..1."""

    client_id: int
    name: str
    owner: str
    letter: str
    potential: int
    revenue: int
    room: int
    wallet_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """The classes by potential, the share of all known wallets, and the clients with most room. Units: kopecks a year.

    `known` is of how many clients the potential is known; `wallet_share` is None where it is of nobody.
    """

    look: Looked
    letters: tuple[Letter, ...]
    known: Part
    potential: int
    revenue: int
    rooms: tuple[Room, ...]

    @property
    def room(self) -> int:
        """What clients of a known potential buy from others."""
        return self.potential - self.revenue

    @property
    def wallet_share(self) -> float | None:
        """The part of all known potentials that is bought from us."""
        return self.revenue / self.potential if self.potential else None


def wallet_of_base() -> Wallet | None:
    """Return the classes by potential and share of wallet, or None before the first look. Three queries.

    The potential is the one known now, the revenue that of the look; who buys more than his potential has no room.
    """
    run = latest_run()
    if run is None:
        return None
    counted = Counted(run.findings.get("abcd", ()))
    held = ClientProfile.objects.filter(run=run.run_id, client__archived_on=None, client__potential__gt=0)
    held = held.annotate(ours=_OURS)
    sums = held.aggregate(potential=Sum("client__potential"), revenue=Sum("ours"))
    roomy = held.annotate(room=_ROOM).filter(room__gt=0).order_by("-room", "client")
    return Wallet(
        look=looked(run),
        letters=tuple(_letter(counted, code) for code in LETTERS),
        known=counted.where(by_potential=True),
        potential=sums["potential"] or 0,
        revenue=sums["revenue"] or 0,
        rooms=tuple(_room(row) for row in roomy.values(*_SHOWN)[:SHOWN]),
    )


_SHOWN = ("client", "client__name", "client__owner__name", "client__potential", "abcd", "revenue_365", "ours", "room")


_WHOLE = BigIntegerField()
_OURS = Least(Greatest(F("revenue_365"), 0, output_field=_WHOLE), F("client__potential"), output_field=_WHOLE)
_ROOM = ExpressionWrapper(F("client__potential") - F("ours"), output_field=_WHOLE)


def _letter(counted: Counted, code: str) -> Letter:
    return Letter(
        code=code,
        by_potential=counted.where(abcd=code, by_potential=True),
        by_revenue=counted.where(abcd=code, by_potential=False),
        sum=counted.where(abcd=code),
    )


def _room(row: Mapping[str, Any]) -> Room:
    return Room(
        client_id=row["client"],
        name=row["client__name"],
        owner=row["client__owner__name"] or "",
        letter=row["abcd"],
        potential=row["client__potential"],
        revenue=row["revenue_365"],
        room=row["room"],
        wallet_share=row["ours"] / row["client__potential"],
    )
