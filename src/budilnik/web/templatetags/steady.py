"""Parts of a page that are the same in every page: drawn once."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 32


class Steady(Node):
    """Keeps what its part looks like, by language and by the values it names."""

    def __init__(self, nodelist: NodeList, names: list[FilterExpression]) -> None:
        self.nodelist, self.names = nodelist, names
        self.kept: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Draw the part, or give what was drawn before."""
        key = (get_language(), *(name.resolve(context) for name in self.names))
        drawn = self.kept.get(key)
        if drawn is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            drawn = self.kept[key] = self.nodelist.render(context)
        return drawn


@register.tag
def steady(parser: Parser, token: Token) -> Steady:
    """Draw a part once for each language and each value of what it names: {% steady form.keys %}…{% endsteady %}.

    Nothing else that changes may stand in it.
    """
    names = [parser.compile_filter(name) for name in token.split_contents()[1:]]
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return Steady(nodelist, names)
