"""Pictures in a page: the figure, what it is drawn from, and its figures in a table."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from budilnik.web.pictures import Chart, drawn, figures, spoken

register = template.Library()


@register.inclusion_tag("layout/picture.html")
def chart(spec: Chart, *, table: bool = True, titled: bool = True) -> dict[str, Any]:
    """Put a picture in the page, its figures beneath unless the page shows them already."""
    return {
        "spec": spec,
        "told": spoken(spec),
        "block": json_script(drawn(spec)),
        "figures": figures(spec) if table else None,
        "titled": titled,
    }


@register.simple_tag
def pictures_script() -> SafeString:
    """Load what draws the pictures; a page with pictures says so in its block of scripts."""
    return format_html('<script src="{}" defer></script>', static("budilnik/charts.js"))
