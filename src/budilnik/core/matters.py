"""What a call leaves for the head to decide, and what he may decide about it."""

from collections.abc import Mapping
from enum import StrEnum

from budilnik.core.refusal import Refusal


class MatterKind(StrEnum):
    """Why the head is asked."""

    STOP = "stop"
    CLOSED = "closed"
    REFUSED = "refused"
    NOT_HIS_TO_WIN = "not_his_to_win"


class Decision(StrEnum):
    """What became of a matter. `AMENDED` is nobody's decision: the call itself was corrected."""

    CONFIRMED = "confirmed"
    LIFTED = "lifted"
    REOPENED = "reopened"
    KEPT = "kept"
    GIVEN = "given"
    GIVEN_BACK = "given_back"
    LEFT = "left"
    AMENDED = "amended"


class NotItsDecision(Refusal):
    """Each kind of matter has its own answers; another one would do something nobody asked about."""

    ru = "Так этот вопрос решить нельзя; обновите страницу и выберите из предложенного."
    en = "This matter cannot be decided so; reload the page and choose from what is offered."


DECISIONS: Mapping[MatterKind, frozenset[Decision]] = {
    MatterKind.STOP: frozenset({Decision.CONFIRMED, Decision.LIFTED}),
    MatterKind.CLOSED: frozenset({Decision.CONFIRMED, Decision.REOPENED}),
    MatterKind.REFUSED: frozenset({Decision.KEPT, Decision.GIVEN}),
    MatterKind.NOT_HIS_TO_WIN: frozenset({Decision.GIVEN_BACK, Decision.GIVEN, Decision.LEFT}),
}


def check_decision(kind: MatterKind, decision: Decision) -> None:
    """Refuse a decision that does not belong to the kind of matter.

    Units: none.
    Raises: NotItsDecision; for `AMENDED` always, since the head does not decide that.
    Source: SPEC §3.4 to §3.5 and the table of §5.
    """
    if decision not in DECISIONS[kind]:
        raise NotItsDecision
