"""What the head asks of a levelling, read from the address: what cannot be read is not asked for."""

from django.http import QueryDict

from budilnik.calling.queries.levelling import Asked
from budilnik.core.balance import Aim
from budilnik.web.team.forms import number_from

SHARE = "share_"
SHARES = (0, 25, 50, 75, 100)
MOST_PERCENT = 100


def asked_from(sent: QueryDict) -> Asked:
    """Return what is asked of a levelling."""
    aim = sent.get("aim", "")
    out = (number_from(text) for text in sent.getlist("out"))
    return Asked(
        aim=Aim(aim) if aim in Aim else Aim.FEWEST,
        by_value=sent.get("by_value") == "1",
        keep_a=sent.get("keep_a") == "1",
        at_most=number_from(sent.get("at_most", "")) or None,
        leaver=number_from(sent.get("leaver", "")),
        out=frozenset(number for number in out if number is not None),
        shares=tuple(sorted(_shares(sent).items())),
    )


def _shares(sent: QueryDict) -> dict[int, float]:
    found = {}
    for name, text in sent.items():
        who, percent = number_from(name.removeprefix(SHARE)), number_from(str(text))
        if name.startswith(SHARE) and who is not None and percent is not None and percent <= MOST_PERCENT:
            found[who] = percent / 100
    return found


def whose_from(sent: QueryDict) -> int | None:
    """Return the manager whose moves alone are shown."""
    return number_from(sent.get("whose", ""))


def page_from(sent: QueryDict) -> int:
    """Return the page of the list of moves."""
    return max(1, number_from(sent.get("page", "")) or 1)


def query_of(sent: QueryDict) -> str:
    """Return what is asked as an address says it, without the page."""
    kept = sent.copy()
    for name in ("page", "csrfmiddlewaretoken"):
        kept.pop(name, None)
    return kept.urlencode()
