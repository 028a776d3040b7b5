"""Parts of a page that are drawn once: by language, by what they name, and never by anything else."""

from django.template import Context, Template
from django.utils.translation import override

from budilnik.web.templatetags.steady import MOST_KEPT

PART = Template(
    "{% load steady i18n %}{% steady keys %}{% translate 'Save and next' %}: {{ keys }} {{ other }}{% endsteady %}"
)


def drawn(language: str, keys: str, other: str = "") -> str:
    with override(language):
        return PART.render(Context({"keys": keys, "other": other}))


def test_a_part_is_drawn_anew_for_another_language_and_another_value():
    assert drawn("en", "1") != drawn("ru", "1")
    assert drawn("en", "1") != drawn("en", "2")


def test_what_it_does_not_name_stays_as_it_was_drawn_first():
    assert drawn("en", "3", other="first") == drawn("en", "3", other="second")


def test_it_keeps_no_more_than_it_may():
    for number in range(3 * MOST_KEPT):
        assert str(number) in drawn("en", f"key {number}")
