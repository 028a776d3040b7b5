"""What allauth asks of us: whom to let in, where to lead him, what to say and what to write down."""

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from budilnik.staff import actions as staff
from budilnik.staff import queries
from budilnik.staff.actions import signing_in

if TYPE_CHECKING:
    from budilnik.staff.models import Employee

TOO_OFTEN = ("too_many_login_attempts", "rate_limited")

# What allauth would say after an act, by the template it would use; of the rest it says nothing.
SAID = {
    "account/messages/password_changed.txt": _("The password is changed. On other devices you have to sign in again."),
    "mfa/messages/totp_activated.txt": _("Sign-in in two steps is on."),
    "mfa/messages/totp_deactivated.txt": _("Sign-in in two steps is off: the password alone is enough."),
}


class Door(DefaultAccountAdapter):  # type: ignore[misc]
    """The door of the firm: nobody signs up, whoever enters or fails is written down."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The login or the password is wrong. Look at the keyboard layout and at Caps Lock."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("The password is wrong."),
    }

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """Say what will not do; after too many failures, when to come again."""
        minutes = settings.SIGN_IN_WAIT_MINUTES
        if code not in TOO_OFTEN:
            refusal: ValidationError = super().validation_error(code, *args)
            return refusal
        sentence = ngettext(
            "Too many failed attempts. Try again in %(count)d minute.",
            "Too many failed attempts. Try again in %(count)d minutes.",
            minutes,
        )
        return ValidationError(sentence % {"count": minutes}, code=code)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Let nobody make himself an employee."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Lead people only to our own pages, under the address by which they came."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """Write down that a password did not fit; what was typed for a login that does not exist is not kept."""
        self.note_failure(queries.who_signs_in(credentials.get("username", "")))

    def note_failure(self, employee: "Employee | None") -> None:
        """Write down that somebody could not prove to be this employee, or anybody."""
        self._note("sign_in_failed", about=employee)

    def post_login(self, request: HttpRequest, user: "Employee", **kwargs: object) -> HttpResponse:
        """Write down who came in."""
        signing_in.come_in(employee=user, now=self.request.now)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to one's own page."""
        return reverse("me:me")

    def send_notification_mail(self, template_prefix: str, user: "Employee", *args: object, **kwargs: object) -> None:
        """Write down a change of the second step instead of mailing about it: the firm keeps no addresses."""
        room, _, change = template_prefix.rpartition("/")
        if room == "mfa/email":
            self._note(change, about=user, by=user)

    def set_password(self, user: "Employee", password: str) -> None:
        """Give an employee the password he chose."""
        staff.set_password(employee=user, password=password, by=user, now=self.request.now)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: object, **kwargs: object
    ) -> None:
        """Say what was done, in our words."""
        if sentence := SAID.get(message_template or ""):
            messages.add_message(request, level, str(sentence))

    def _note(self, action: str, *, about: "Employee | None", by: "Employee | None" = None) -> None:
        number = about.pk if about else None
        staff.audit(action, by=by, now=self.request.now, subject="employee", subject_id=number)


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step of signing in: a code from the telephone."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Recovery codes come with sign-in in two steps: switch it on first."),
        "incorrect_code": _("The code does not fit or is used up. Take the next one the phone shows."),
    }
