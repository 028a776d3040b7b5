"""Addresses under which one changes how one signs in: allauth's views and names, our paths and our guard."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from budilnik.web.access import EVERYONE, allow
from budilnik.web.me.views import back_to_me

shown = allow(EVERYONE)
form = allow(EVERYONE, "GET", "POST")

urlpatterns = [
    path("password/", form(account.password_change), name="account_change_password"),
    path("confirm/", form(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", form(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("two-steps/", back_to_me, name="mfa_index"),
    path("two-steps/on/", form(totp.activate_totp), name="mfa_activate_totp"),
    path("two-steps/off/", form(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", shown(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", form(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", shown(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
