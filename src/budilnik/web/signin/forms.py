"""The forms of the second step: a code is good once, and a wrong one is written down."""

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter as door
from allauth.mfa.adapter import get_adapter as second_step
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.cache import cache
from django.forms import ValidationError

if TYPE_CHECKING:
    from budilnik.staff.models import Employee

# Longer than a code holds, so that one read over a shoulder opens nothing.
USED_UP_SECONDS = 150


def _once(user: "Employee", code: str) -> None:
    signs = "".join(filter(str.isalnum, code)).casefold()
    if not cache.add(f"code:{user.pk}:{signs}", "used", timeout=USED_UP_SECONDS):
        raise second_step().validation_error("incorrect_code")


class SignInCode(AuthenticateForm):  # type: ignore[misc]
    """The code asked for after the password."""

    def clean_code(self) -> str:
        """Accept a code once."""
        try:
            code: str = super().clean_code()
            _once(self.user, code)
        except ValidationError as error:
            if error.code == "incorrect_code":
                door().note_failure(self.user)
            raise
        return code


class ConfirmingCode(ReauthenticateForm):  # type: ignore[misc]
    """The code asked for before a change of how one signs in."""

    def clean_code(self) -> str:
        """Accept a code once."""
        code: str = super().clean_code()
        _once(self.user, code)
        return code
