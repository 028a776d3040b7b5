"""A page with a picture of every kind, within the strict rules of the real pages."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from budilnik.config.urls import urlpatterns as real
from budilnik.web.pictures import Chart, Kind, Link, Node, Series

PAGE = """{% extends "layout/base.html" %}{% load pictures %}
{% block scripts %}{% pictures_script %}{% endblock %}
{% block content %}
<h1>Картинки</h1>
<div id="all">{% for picture in pictures %}{% chart picture %}{% endfor %}</div>
<button hx-get="/pictures/" hx-select="#all" hx-target="#all" hx-swap="outerHTML">Ещё раз</button>
{% endblock %}"""

ROWS = (
    Series(name="Иван", values=(0.25, 0.5, None), low=(0.2, 0.4, None), high=(0.3, 0.6, None)),
    Series(name="Ольга", values=(0.1, 0.2, 0.3)),
    Series(name="Цель", values=(0.83, 0.83, 0.83), role="goal"),
)


def _over_weeks(kind: Kind) -> Chart:
    return Chart(kind=kind, title=kind, labels=("1", "2", "3"), series=ROWS, unit="share", along="Неделя")


FLOWS = Chart(
    kind="sankey",
    title="sankey",
    nodes=(Node(code="was", name="Постоянные", column=0), Node(code="is", name="Забытые", column=1)),
    links=(Link(source="was", target="is", value=3214),),
)
PICTURES = (*map(_over_weeks, ("lines", "band", "bars", "stacked", "heat")), FLOWS)


def pictures(request: HttpRequest) -> HttpResponse:
    """Show them all."""
    return HttpResponse(engines["django"].from_string(PAGE).render({"pictures": PICTURES}, request))


urlpatterns = [path("pictures/", pictures), *real]
