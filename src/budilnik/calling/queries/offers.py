"""What insight says of one client, as his card tells it: rhythm, chances, class, goods to name and their reasons."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from budilnik.core.terms import OfferKind
from budilnik.sales.models import ClientProfile, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSeen:
    """A good to name. Units: days, kopecks, share in 0..1; what does not belong to its kind is None."""

    product_id: int
    name: str
    kind: OfferKind
    times: int | None
    interval_days: int | None
    days_since: int | None
    amount: int | None
    because: str
    clients_with: int | None
    share_also: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightSeen:
    """What is known of a client on the day of the run; None means not enough history. Units: days, kopecks, 0..1."""

    on: date
    purchases: int
    last_on: date | None
    rhythm_days: int | None
    rhythm_low: int | None
    rhythm_high: int | None
    back_by_days: int | None
    average_order: int | None
    revenue_365: int
    revenue_before: int
    chance_30: float | None
    chance_90: float | None
    lost_chance: float | None
    expected_90: int | None
    leaving: bool
    narrowed: bool
    breadth: float | None
    breadth_before: float | None
    abc: str
    abcd: str
    stopped_items: int
    stopped_amount: int
    season_group: str
    season_month: int | None
    offers: tuple[OfferSeen, ...]

    @property
    def has_rhythm(self) -> bool:
        """Whether he has bought often enough for a usual interval to be his own: twice at least."""
        return self.rhythm_days is not None and self.purchases > 1

    @property
    def window(self) -> tuple[date, date] | None:
        """When the next purchase falls with eight of ten intervals, counted from the last one."""
        if not self.has_rhythm or self.last_on is None or self.rhythm_low is None or self.rhythm_high is None:
            return None
        return self.last_on + timedelta(days=self.rhythm_low), self.last_on + timedelta(days=self.rhythm_high)

    def of(self, kind: str) -> tuple[OfferSeen, ...]:
        """Return the goods of one kind."""
        return tuple(offer for offer in self.offers if offer.kind == kind)

    @property
    def due(self) -> tuple[OfferSeen, ...]:
        """His own goods whose time has come."""
        return self.of(OfferKind.DUE)

    @property
    def stopped(self) -> tuple[OfferSeen, ...]:
        """His own goods that he left off."""
        return self.of(OfferKind.STOPPED)

    @property
    def new(self) -> tuple[OfferSeen, ...]:
        """Goods that clients like him take and he never took."""
        return self.of(OfferKind.NEW)


def insight_of(client_id: int, *, on: date) -> InsightSeen | None:
    """Return what insight says of a client, or None before it has run. Two queries; the caller has checked the sight.

    Goods that somebody called unsuitable since are left out. Days are counted to `on`.
    """
    profile = ClientProfile.objects.in_force().filter(client=client_id).select_related("run", "season").first()
    if profile is None:
        return None
    return InsightSeen(
        on=profile.run.on,
        purchases=profile.purchases,
        last_on=profile.last_on,
        rhythm_days=_whole(profile.rhythm_days),
        rhythm_low=_whole(profile.rhythm_low),
        rhythm_high=_whole(profile.rhythm_high),
        back_by_days=_whole(profile.back_by_days),
        average_order=profile.average_order,
        revenue_365=profile.revenue_365,
        revenue_before=profile.revenue_before,
        chance_30=profile.chance_30,
        chance_90=profile.chance_90,
        lost_chance=profile.lost_chance,
        expected_90=profile.expected_90,
        leaving=profile.leaving,
        narrowed=profile.narrowed,
        breadth=profile.breadth,
        breadth_before=profile.breadth_before,
        abc=profile.abc,
        abcd=profile.abcd,
        stopped_items=profile.stopped_items,
        stopped_amount=profile.stopped_amount,
        season_group=profile.season.group if profile.season else "",
        season_month=profile.season_month,
        offers=_offers(profile, on=on),
    )


def _whole(days: float | None) -> int | None:
    return None if days is None else max(1, round(days))


def _offers(profile: ClientProfile, *, on: date) -> tuple[OfferSeen, ...]:
    rows: QuerySet[Offer] = Offer.objects.in_force().filter(client=profile.client_id)
    named = rows.annotate(name=F("product__name"), from_name=F("because__name"))
    return tuple(
        OfferSeen(
            product_id=row.product_id,
            name=row.name,
            kind=OfferKind(row.kind),
            times=row.times,
            interval_days=_whole(row.interval_days),
            days_since=(on - row.last_on).days if row.last_on else None,
            amount=row.amount,
            because=row.from_name or "",
            clients_with=row.clients_with,
            share_also=row.share_also,
        )
        for row in named
    )
