"""Addresses of the clients."""

from django.urls import path

from budilnik.web.clients import notes, offers, page, people, repair, taking, views

app_name = "clients"
urlpatterns = [
    path("", views.clients, name="clients"),
    path("repair/", repair.repair, name="repair"),
    path("repair/<int:client_id>/", repair.mend, name="mend"),
    path("<int:client_id>/", page.client, name="client"),
    path("<int:client_id>/history/", page.history, name="history"),
    path("<int:client_id>/zone/", page.zone, name="zone"),
    path("<int:client_id>/potential/", page.potential, name="potential"),
    path("<int:client_id>/pin/", page.pin, name="pin"),
    path("<int:client_id>/call/", taking.call, name="call"),
    path("<int:client_id>/call/save/", taking.save, name="save_call"),
    path("<int:client_id>/kept/", taking.kept, name="kept"),
    path("<int:client_id>/kept/<int:promise_id>/", taking.keep, name="keep"),
    path("<int:client_id>/people/", people.add, name="add_person"),
    path("<int:client_id>/people/<int:person_id>/", people.edit, name="edit_person"),
    path("<int:client_id>/people/<int:person_id>/left/", people.left, name="person_left"),
    path("<int:client_id>/numbers/", people.add_phone, name="add_number"),
    path("<int:client_id>/numbers/<int:number_id>/", people.correct_phone, name="correct_number"),
    path("<int:client_id>/numbers/<int:number_id>/wrong/", people.wrong_phone, name="number_wrong"),
    path("<int:client_id>/offers/<int:product_id>/refuse/", offers.refuse, name="refuse_offer"),
    path("<int:client_id>/offers/<int:product_id>/back/", offers.take_back, name="take_back_offer"),
    path("<int:client_id>/notes/", notes.write, name="write_note"),
    path("<int:client_id>/notes/<int:note_id>/pin/", notes.pin, name="pin_note"),
    path("<int:client_id>/notes/<int:note_id>/unpin/", notes.unpin, name="unpin_note"),
    path("<int:client_id>/notes/<int:note_id>/remove/", notes.remove, name="remove_note"),
]
