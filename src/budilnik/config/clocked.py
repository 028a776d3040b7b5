"""The clock for pages: read once a request and carried by it, with the rules of the day."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from budilnik.calling.wording import in_words_of
from budilnik.jobs.clock import now, today
from budilnik.staff.queries import read_once, rules_on

type View = Callable[[HttpRequest], HttpResponse]


def clocked(get_response: View) -> View:
    """Give every request its moment `now`, the company day `on` and the `policy` in force."""

    def with_time(request: HttpRequest) -> HttpResponse:
        with read_once():
            moment = now()
            policy = rules_on(moment.date()).policy
            told = {"now": moment, "policy": policy, "on": today(policy.company_zone)}
            request.__dict__.update(told)
            with in_words_of(policy.outcomes):
                return get_response(request)

    return with_time
