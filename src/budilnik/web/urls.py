"""Addresses of the screens; each room has its own file."""

from django.urls import include, path

from budilnik.web.home.views import health, home, language

urlpatterns = [
    path("", home, name="home"),
    path("health/", health, name="health"),
    path("language/", language, name="language"),
    path("day/", include("budilnik.web.day.urls")),
    path("promises/", include("budilnik.web.promises.urls")),
    path("clients/", include("budilnik.web.clients.urls")),
    path("team/", include("budilnik.web.team.urls")),
    path("levelling/", include("budilnik.web.levelling.urls")),
    path("insight/", include("budilnik.web.insight.urls")),
    path("reports/", include("budilnik.web.reports.urls")),
    path("policy/", include("budilnik.web.policy.urls")),
    path("simulation/", include("budilnik.web.simulation.urls")),
    path("me/", include("budilnik.web.me.urls")),
    path("me/", include("budilnik.web.me.door")),
    path("setup/", include("budilnik.web.setup.urls")),
    path("feed/", include("budilnik.web.feed.urls")),
]
