"""Addresses of the team: today, what waits for the head, the pool, the people."""

from django.urls import path

from budilnik.web.team import guarding, matters, people, pool, today

app_name = "team"
urlpatterns = [
    path("", today.team, name="team"),
    path("<int:employee_id>/", today.manager, name="manager"),
    path("promises/<int:callback_id>/take/", today.take_promise, name="take_promise"),
    path("morning/", today.morning, name="morning"),
    path("matters/", matters.matters, name="matters"),
    path("matters/<int:matter_id>/", matters.settle, name="settle"),
    path("pool/", pool.pool, name="pool"),
    path("pool/locks/", pool.lift, name="lift"),
    path("exhausted/", pool.exhausted, name="exhausted"),
    path("exhausted/decide/", pool.decide, name="decide"),
    path("archive/<int:client_id>/restore/", pool.restore, name="restore"),
    path("protected/", guarding.protected, name="protected"),
    path("protected/<int:client_id>/", guarding.protect, name="protect"),
    path("absences/", people.absences, name="absences"),
    path("absences/note/", people.note_absence, name="note_absence"),
    path("absences/moves/", people.absence_moves, name="absence_moves"),
    path("absences/<int:absence_id>/", people.end_absence, name="end_absence"),
    path("leaver/", people.leaver, name="leaver"),
    path("give/", people.give, name="give"),
]
