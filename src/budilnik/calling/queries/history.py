"""The whole history of a client as one time line: talks, orders, notes, owners, statuses, promises, newest first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from heapq import nlargest
from itertools import chain
from zoneinfo import ZoneInfo

from django.db.models import F

from budilnik.calling.models import Call, Callback, CallTask
from budilnik.calling.queries.sight import Sight, require_seen
from budilnik.clients.models import Contact, Loss, Note, StatusChange, Tenure
from budilnik.core.terms import Evidence
from budilnik.sales.models import Order

PAGE = 50


class Kind(StrEnum):
    """What a line of the history is about; the filter offers these."""

    TALK = "talk"
    ORDER = "order"
    NOTE = "note"
    OWNER = "owner"
    STATUS = "status"
    PROMISE = "promise"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of the history. `what` is a code of its kind; `dated` says that only the day is known.

    `who` did it, `other` is the second person it is about. Units: net in kopecks.
    """

    kind: Kind
    what: str
    at: datetime
    on: date
    dated: bool = False
    who: str = ""
    other: str = ""
    text: str = ""
    outcome: str = ""
    reason: str = ""
    direction: str = ""
    end: str = ""
    net: int | None = None
    until: date | None = None
    until_time: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of the time line; `more` says that older lines follow."""

    events: tuple[Event, ...]
    start: int
    more: bool

    @property
    def next_start(self) -> int:
        """Where the next page begins."""
        return self.start + len(self.events)


type Reader = Callable[[int, ZoneInfo, int], Iterable[Event]]


def history_of(client_id: int, *, sight: Sight, zone: ZoneInfo, kind: Kind | None = None, start: int = 0) -> History:
    """Return a page of the history of a client, in days of `zone`. Nine queries, one more for who sees not all.

    Raises: ClientNotSeen.
    """
    require_seen(sight, client_id)
    upto = start + PAGE + 1
    readers = _READERS[kind] if kind else chain.from_iterable(_READERS.values())
    events = chain.from_iterable(read(client_id, zone, upto) for read in readers)
    newest = nlargest(upto, events, key=lambda event: event.at)[start:]
    return History(events=tuple(newest[:PAGE]), start=start, more=len(newest) > PAGE)


def _calls(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = Call.objects.filter(client_id=client_id).order_by("-at", "-pk")
    columns = ("at", "direction", "disposition", "outcome", "loss_reason", "note", "author", "voided_at")
    for row in rows.values(*columns, name=F("employee__name"), whom=F("person__name"))[:upto]:
        yield Event(
            kind=Kind.TALK,
            what=row["disposition"],
            at=row["at"],
            on=row["at"].astimezone(zone).date(),
            who=row["name"] or row["author"],
            other=row["whom"] or "",
            text=row["note"],
            outcome=row["outcome"],
            reason=row["loss_reason"],
            direction=row["direction"],
            void=row["voided_at"] is not None,
        )


def _messages(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    """Contacts that are neither a recorded call nor an order: replies, and talks that only a file tells of."""
    rows = Contact.objects.filter(client_id=client_id).exclude(evidence=Evidence.ORDER.value)
    rows = rows.exclude(source="call").exclude(source__startswith="past:").order_by("-at", "-pk")
    columns = ("at", "direction", "evidence", "outcome", "note", "voided_at")
    for row in rows.values(*columns, name=F("employee__name"))[:upto]:
        yield Event(
            kind=Kind.TALK,
            what="message" if row["evidence"] == Evidence.MESSAGE.value else "answered",
            at=row["at"],
            on=row["at"].astimezone(zone).date(),
            who=row["name"] or "",
            text=row["note"],
            outcome=row["outcome"],
            direction=row["direction"],
            void=row["voided_at"] is not None,
        )


def _orders(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = Order.objects.filter(client_id=client_id).order_by("-ordered_at", "-pk")
    for at, on, key, net, cancelled in rows.values_list("ordered_at", "ordered_on", "key", "net", "cancelled")[:upto]:
        what = "cancelled" if cancelled else "return" if net < 0 else "order"
        yield Event(kind=Kind.ORDER, what=what, at=at, on=on, text=key, net=net, void=cancelled)


def _notes(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = Note.objects.filter(client_id=client_id, removed_at=None).order_by("-at", "-pk")
    for at, text, pinned, name in rows.values_list("at", "text", "pinned", "author__name")[:upto]:
        what = "pinned" if pinned else "note"
        yield Event(kind=Kind.NOTE, what=what, at=at, on=at.astimezone(zone).date(), who=name or "", text=text)


def _owners(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = Tenure.objects.filter(client_id=client_id).order_by("-from_on", "-pk")[:upto]
    tenures = list(rows.values_list("from_on", "until_on", "why_from", "why_until", "employee__name"))
    begins = {tenure[0] for tenure in tenures}
    for from_on, until_on, why_from, why_until, name in tenures:
        yield _dated(Kind.OWNER, "began", from_on, zone, who=name, reason=why_from)
        if until_on is not None and until_on not in begins:
            yield _dated(Kind.OWNER, "ended", until_on, zone, who=name, reason=why_until)


def _losses(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = Loss.objects.filter(client_id=client_id).order_by("-on", "-pk")[:upto]
    columns = ("on", "silent_since", "reason", "voided_at", "lifted_at", "lifted_why", "initial")
    for row in rows.values(*columns, name=F("employee__name"), lifter=F("lifted_by__name")):
        yield _dated(
            Kind.OWNER,
            "lost_before" if row["initial"] else "lost",
            row["on"],
            zone,
            who=row["name"],
            reason=row["reason"],
            until=row["silent_since"],
            void=row["voided_at"] is not None,
        )
        if row["lifted_at"] is not None:
            at, on = row["lifted_at"], row["lifted_at"].astimezone(zone).date()
            lifted = {"who": row["lifter"] or "", "other": row["name"], "text": row["lifted_why"]}
            yield Event(kind=Kind.OWNER, what="lifted", at=at, on=on, **lifted)


def _statuses(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = StatusChange.objects.filter(client_id=client_id).order_by("-on", "-pk")
    for before, after, on, why in rows.values_list("from_status", "to_status", "on", "why")[:upto]:
        yield _dated(Kind.STATUS, after, on, zone, outcome=before, reason=why)


def _promises(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = Callback.objects.filter(client_id=client_id).order_by("-recorded_at", "-pk")
    columns = ("recorded_at", "local_on", "local_time", "about", "end")
    for row in rows.values(*columns, name=F("promised_by__name"), whom=F("person__name"))[:upto]:
        yield Event(
            kind=Kind.PROMISE,
            what="promised",
            at=row["recorded_at"],
            on=row["recorded_at"].astimezone(zone).date(),
            who=row["name"],
            other=row["whom"] or "",
            text=row["about"],
            end=row["end"],
            until=row["local_on"],
            until_time=f"{row['local_time']:%H:%M}" if row["local_time"] else "",
        )


def _skips(client_id: int, zone: ZoneInfo, upto: int) -> Iterable[Event]:
    rows = CallTask.objects.filter(client_id=client_id, close__startswith="skip_").order_by("-closed_at", "-pk")
    for at, close, name in rows.values_list("closed_at", "close", "closed_by__name")[:upto]:
        if at is not None:
            reason = close.removeprefix("skip_")
            yield Event(
                kind=Kind.SKIP, what="skipped", at=at, on=at.astimezone(zone).date(), who=name or "", reason=reason
            )


def _dated(
    kind: Kind,
    what: str,
    on: date,
    zone: ZoneInfo,
    *,
    who: str = "",
    outcome: str = "",
    reason: str = "",
    until: date | None = None,
    void: bool = False,
) -> Event:
    """A line of which only the day is known stands below what happened on that day by the clock."""
    at = datetime.combine(on, time(), zone)
    return Event(
        kind=kind,
        what=what,
        at=at,
        on=on,
        dated=True,
        who=who,
        outcome=outcome,
        reason=reason,
        until=until,
        void=void,
    )


_READERS: Mapping[Kind, tuple[Reader, ...]] = {
    Kind.TALK: (_calls, _messages),
    Kind.ORDER: (_orders,),
    Kind.NOTE: (_notes,),
    Kind.OWNER: (_owners, _losses),
    Kind.STATUS: (_statuses,),
    Kind.PROMISE: (_promises,),
    Kind.SKIP: (_skips,),
}
