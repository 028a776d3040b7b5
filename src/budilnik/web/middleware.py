"""What surrounds every page: the language, the door, and a sentence for every refusal."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from budilnik.core.refusal import Refusal
from budilnik.web import errors

type View = Callable[[HttpRequest], HttpResponse]

LANGUAGE_COOKIE = "language"
# Reached without signing in: the door itself, the feeds with their own secret, the sign of life.
OPEN = ("/sign-in/", "/feed/", "/health/", "/static/", "/language/")


def speaking(get_response: View) -> View:
    """Speak the language that the employee chose, else that of the cookie, else the installation's."""

    def spoken(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(LANGUAGE_COOKIE, "")
        language = chosen if chosen in ("ru", "en") else settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return spoken


def _page_of(request: HttpRequest) -> str:
    """Return the page to come back to: a form is sent to an address of its own, where there is no page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    stood_on = urlsplit(request.headers.get("referer", ""))
    return stood_on._replace(scheme="", netloc="").geturl() if stood_on.netloc == request.get_host() else "/"


class SignedIn:
    """Let in who is signed in, and tell a refusal as a sentence instead of a fault."""

    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask strangers to sign in; a part of a page cannot, so it is told that the session has ended."""
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return self._get_response(request)
        if getattr(request, "htmx", False):
            return errors.session_ended(request)
        return redirect_to_login(_page_of(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into a page or a message; anything else is a fault and is logged by Django."""
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        return None

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Remember which part of the product a page belongs to, for the menu."""
        match = request.resolver_match
        request.__dict__["room"] = match.namespace if match else ""
