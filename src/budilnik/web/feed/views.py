"""The calendar that carries one's promises to a phone."""

from hashlib import blake2b

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from budilnik.calling.queries.alarm import feed_of
from budilnik.web.feed.calendar import calendar
from budilnik.web.requests import Request


@require_safe
def promises(request: Request, key: str) -> HttpResponse:
    """Send the open promises of whoever has this secret address; an unknown or a leaver's one is no page."""
    feed = feed_of(key, on=request.on)
    if feed is None:
        raise Http404
    with translation.override(feed.language or settings.LANGUAGE_CODE):
        body = calendar(feed.events)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="promises.ics"'
    response["ETag"] = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    if feed.events:
        response["Last-Modified"] = http_date(max(event.recorded_at for event in feed.events).timestamp())
    return _unchanged(request, response) or response


def _unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    """Return 304 when the reader has this very text. A date alone would hide a promise that is no more."""
    if "If-None-Match" not in request.headers:
        return None
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if answer is not None and answer.status_code == 304 else None
