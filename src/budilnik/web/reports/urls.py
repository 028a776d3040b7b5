"""Addresses of the reports."""

from django.urls import path

from budilnik.web.reports import coverage, discipline, effect, flows, pool

app_name = "reports"
urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/weeks/", coverage.weeks, name="weeks"),
    path("coverage/classes/", coverage.classes, name="classes"),
    path("coverage/days/", coverage.days, name="days"),
    path("discipline/", discipline.figures, name="discipline"),
    path("discipline/<slug:what>/", discipline.clients, name="behind"),
    path("flows/", flows.flows, name="flows"),
    path("money/", flows.money, name="money"),
    path("money/revenue/", flows.revenue, name="revenue"),
    path("pool/", pool.flow, name="pool"),
    path("pool/losers/", pool.losers, name="losers"),
    path("pool/backlog/", pool.backlog, name="backlog"),
    path("pool/backlog/set/", pool.set_portions, name="set_portions"),
    path("effect/", effect.effect, name="effect"),
    path("effect/funnel/", effect.funnel, name="funnel"),
    path("effect/funnel/<slug:queue>/<slug:step>/", effect.funnel_clients, name="funnel_clients"),
]
