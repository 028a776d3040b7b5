"""Links to a page as a file, for those who may take tables out."""

from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context

from budilnik.staff.actions.exporting import may_export

register = template.Library()


@register.inclusion_tag("layout/exports.html", takes_context=True)
def export_links(context: Context, url: str = "") -> dict[str, Any]:
    """Show the page as files, narrowed as it is; `url` when they lie elsewhere. Nothing for those without the right."""
    request = context["request"]
    path, _sign, query = (url or request.get_full_path()).partition("?")
    narrowed = QueryDict(query, mutable=True)
    for name in ("format", "page"):
        narrowed.pop(name, None)
    rest = f"&{narrowed.urlencode()}" if narrowed else ""
    allowed = may_export(request.user)
    return {"files": [(name.upper(), f"{path}?format={name}{rest}") for name in ("xlsx", "csv")] if allowed else []}
