"""How the head's pages call things: matters and decisions, states of the pool, statuses of many."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budilnik.calling.queries.pool import PoolState
from budilnik.core.matters import Decision, MatterKind
from budilnik.core.terms import ClientStatus

register = template.Library()


@register.filter
def team_tab(code: str) -> str:
    """Name a page of the team."""
    return {
        "today": _("Today"),
        "matters": _("To decide"),
        "pool": _("The pool"),
        "exhausted": _("Exhausted"),
        "protected": _("Protected"),
        "levelling": _("Levelling"),
        "absences": _("Absences"),
        "leaver": _("A leaver"),
    }[code]


@register.filter
def status_of_many(code: str) -> str:
    """Name a status of many clients."""
    return {
        ClientStatus.PROSPECT.value: _("Prospects"),
        ClientStatus.REGULAR.value: _("Regular"),
        ClientStatus.FORGOTTEN.value: _("Forgotten"),
        ClientStatus.LOST.value: _("Lost"),
    }[code]


@register.filter
def pool_state(state: PoolState) -> str:
    """Name why a client of the pool is given or not."""
    return {
        PoolState.FREE: _("can be given"),
        PoolState.RESTING: _("rest after a refusal"),
        PoolState.HELD_OUT: _("held out of calling by lot"),
        PoolState.RESERVED: _("held for a promise"),
        PoolState.PAUSED: _("pause after misses"),
        PoolState.NO_NUMBER: _("no usable number"),
        PoolState.STOPPED: _("a request not to call"),
        PoolState.EXHAUSTED: _("locked for everybody"),
    }[state]


@register.filter
def matter_kind(code: str) -> str:
    """Name why the head is asked."""
    return {
        MatterKind.STOP.value: _("Asked not to be called"),
        MatterKind.CLOSED.value: _("The firm has closed"),
        MatterKind.REFUSED.value: _("A third refusal in a row"),
        MatterKind.NOT_HIS_TO_WIN.value: _("Won over by one who may not have him"),
    }[code]


@register.filter
def decision(code: str) -> str:
    """Name what became of a matter."""
    return {
        Decision.CONFIRMED.value: pgettext("decision", "confirmed"),
        Decision.LIFTED.value: pgettext("decision", "the stop is lifted"),
        Decision.REOPENED.value: pgettext("decision", "back in the base"),
        Decision.KEPT.value: pgettext("decision", "stays with the manager"),
        Decision.GIVEN.value: pgettext("decision", "given to another"),
        Decision.GIVEN_BACK.value: pgettext("decision", "given with the lock lifted"),
        Decision.LEFT.value: pgettext("decision", "left in the pool"),
        Decision.AMENDED.value: pgettext("decision", "the call was corrected"),
    }[code]


@register.filter
def offers(ways: frozenset[Decision], code: str) -> bool:
    """Say whether a decision is among those still open."""
    return Decision(code) in ways
