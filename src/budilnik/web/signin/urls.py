"""Addresses of the door, reached without signing in: allauth's own names, our paths."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

door = require_http_methods(("GET", "HEAD", "POST"))

urlpatterns = [
    path("", door(account.login), name="account_login"),
    path("code/", door(mfa.authenticate), name="mfa_authenticate"),
    path("out/", require_POST(account.logout), name="account_logout"),
]
