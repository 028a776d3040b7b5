"""Addresses of the whole site."""

from django.urls import include, path

from budilnik.web.urls import urlpatterns as pages

handler400 = "budilnik.web.errors.unreadable"
handler403 = "budilnik.web.errors.forbidden"
handler404 = "budilnik.web.errors.not_found"
handler429 = "budilnik.web.errors.too_many"
handler500 = "budilnik.web.errors.fault"

urlpatterns = [*pages, path("sign-in/", include("budilnik.web.signin.urls"))]
