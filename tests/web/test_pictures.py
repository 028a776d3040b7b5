"""Pictures: what the script gets, what the table says and what is read aloud are the same figures."""

import json
import re
from datetime import date

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from budilnik.calling.wording import THOUSANDS
from budilnik.web.pictures import Chart, Link, Node, Series, figures, written

WEEKS = (date(2026, 3, 2), date(2026, 3, 9))
COVERAGE = Chart(
    kind="lines",
    title="Охват по неделям",
    labels=WEEKS,
    along="Неделя",
    unit="share",
    series=(Series(name="Иван", values=(0.3, 0.325)), Series(name="Ольга", values=(None, 0.4))),
)
FLOWS = Chart(
    kind="sankey",
    title="Откуда и куда",
    nodes=(Node(code="was", name="Постоянные", column=0), Node(code="is", name="Забытые", column=1)),
    links=(Link(source="was", target="is", value=3214),),
)


def shown(chart: Chart, **options: bool) -> str:
    page = "{% load pictures %}{% chart spec table=table titled=titled %}"
    return engines["django"].from_string(page).render({"spec": chart, "table": True, "titled": True, **options})


def told_to_the_script(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[1])


def cells(page: str) -> list[str]:
    return re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", page)


def test_the_table_holds_the_figures_that_are_drawn():
    page = shown(COVERAGE)

    assert told_to_the_script(page)["series"][1]["values"] == [None, 0.4]
    assert cells(page) == ["Неделя", "Иван", "Ольга", "02.03.2026", "30,0%", "—", "09.03.2026", "32,5%", "40,0%"]


def test_a_flow_is_told_by_the_names_of_its_ends():
    page = shown(FLOWS)

    assert told_to_the_script(page)["links"] == [{"source": "was", "target": "is", "value": 3214}]
    assert cells(page) == ["Откуда", "Куда", "Сколько", "Постоянные", "Забытые", f"3{THOUSANDS}214"]


def test_a_band_shows_its_ends_beside_the_middle():
    band = Chart(
        kind="band",
        title="Год вперёд",
        labels=("1", "2"),
        unit="money",
        series=(Series(name="Наше", values=(100_00, 200_00), low=(90_00, None), high=(110_00, None)),),
    )

    assert cells(shown(band))[-4:] == ["1", "100 ₽ (90 ₽ … 110 ₽)", "2", "200 ₽"]


def test_a_heat_has_a_row_for_every_series():
    heat = Chart(kind="heat", title="Касания", labels=WEEKS, series=(Series(name="Иван", values=(3, None)),))

    assert figures(heat).rows == (("Иван", "3", "—"),)
    assert figures(heat).heads == ("", "02.03.2026", "09.03.2026")


def test_who_cannot_see_hears_where_each_line_begins_and_ends():
    assert 'aria-label="Охват по неделям. Иван: от 30,0% до 32,5%. Ольга: 40,0% … 40,0%."' in shown(COVERAGE)


def test_in_english_the_same_picture_speaks_english():
    with translation.override("en"):
        page = shown(COVERAGE)

    assert "Иван: from 30.0% to 32.5%" in page
    assert ">Figures</summary>" in page


def test_without_figures_a_sentence_stands_in_the_place_of_the_picture():
    page = shown(Chart(kind="bars", title="Пусто", labels=("1",), series=(Series(name="Иван", values=(None,)),)))

    assert "Рисовать пока нечего" in page
    assert "data-picture" not in page
    assert "data-picture" not in shown(Chart(kind="sankey", title="Пусто"))


def test_a_page_that_shows_the_figures_itself_asks_for_no_table_and_for_a_silent_title():
    page = shown(COVERAGE, table=False, titled=False)

    assert "<table" not in page
    assert '<figcaption class="visually-hidden">' in page


def test_a_name_is_never_markup():
    page = shown(
        Chart(kind="bars", title="</script><b>", labels=("</script>",), series=(Series(name="<i>", values=(1,)),))
    )

    assert page.count("</script>") == 1
    assert "<b>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize("series", [Series(name="x", values=(1,)), Series(name="x", values=(1, 2), low=(1,))])
def test_a_series_of_another_length_than_the_labels_is_a_fault_of_the_page(series):
    with pytest.raises(ValueError, match="for 2 labels"):
        Chart(kind="lines", title="", labels=WEEKS, series=(series,))


def test_a_link_to_nowhere_is_a_fault_of_the_page():
    with pytest.raises(ValueError, match="leads to no node"):
        Chart(kind="sankey", title="", links=(Link(source="a", target="b", value=1),))


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_count_is_written_so_that_it_can_be_read_back(count):
    assert int(written(count, "count").replace(THOUSANDS, "")) == count


@given(st.floats(min_value=-10, max_value=10))
def test_a_share_is_written_to_a_tenth_of_a_percent_and_never_as_minus_nought(share):
    text = written(share, "share")

    assert abs(float(text.rstrip("%").replace(",", ".")) - share * 100) <= 0.0500001
    assert text != "-0,0%"
