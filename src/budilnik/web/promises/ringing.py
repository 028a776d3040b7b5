"""What the alarm of a page is told: moments by the server's clock, and every word it may have to say."""

from datetime import datetime

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.calling.queries.alarm import Alarm, Ringing


def told(alarm: Alarm, *, now: datetime) -> dict[str, object]:
    """Return the alarm as the page reads it. Units: milliseconds since 1970."""
    return {
        "now": _ms(now),
        "promises": [_promise(each) for each in alarm.promises],
        "escalated": alarm.escalated,
        "escalated_text": _escalated(alarm.escalated),
        "escalated_url": f"{reverse('promises:promises')}?whose=team",
        "list_url": reverse("promises:promises"),
        "sign_in_url": reverse("account_login"),
        "icons": static("budilnik/icons.svg"),
        "words": words(),
    }


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _promise(each: Ringing) -> dict[str, object]:
    return {
        "id": each.callback_id,
        "client_id": each.client_id,
        "client": each.client,
        "person": each.person,
        "about": each.about,
        "due": _ms(each.due_at),
        "shows": _ms(each.bell.shows_at),
        "rings": _ms(each.bell.rings_at),
        "late": _ms(each.bell.late_at),
        "stage": each.stage.value,
        "local": _local(each),
        "snoozes": each.snoozes,
        "snoozes_left": each.snoozes_left,
        "snooze_text": _("In 5 minutes (%(left)d left)") % {"left": each.snoozes_left},
        "url": f"{reverse('day:day')}?promise={each.callback_id}",
        "move_url": reverse("promises:move", args=[each.callback_id]),
        "snooze_url": reverse("promises:snooze", args=[each.callback_id]),
    }


def _local(each: Ringing) -> str:
    hour = f"{each.local_at:%H:%M}"
    if each.zone_assumed:
        return _("%(time)s, the client's zone is not known") % {"time": hour}
    return _("%(time)s the client's time") % {"time": hour}


def _escalated(count: int) -> str:
    told = ngettext("%(count)d promise of the team is overdue", "%(count)d promises of the team are overdue", count)
    return told % {"count": count}


def words() -> dict[str, str]:
    """Return what the alarm says in the language of the page."""
    return {
        "name": _("Promises to ring back"),
        "title": _("Ring back"),
        "open": _("Open"),
        "move": _("Move"),
        "more": _("more: {count}"),
        "notify": _("Notify on the desktop"),
        "muted": _("The sound starts after a click on the page"),
        "late": _("overdue"),
        "ended": _("The session has ended: sign in, or new promises will not ring."),
        "sign_in": _("Sign in"),
    }
