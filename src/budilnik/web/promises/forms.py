"""What is typed about a promise: the day and the hour by the client's clock, who moves it, to whom it passes."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

FARTHEST = timedelta(days=366)
LONGEST = 240


class WhenForm(forms.Form):
    """A day and an hour of the client's clock; without an hour it is a step for the whole day."""

    on = forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
        error_messages={"required": _("Choose a day."), "invalid": _("This is not a day: choose it in the calendar.")},
    )
    at = forms.TimeField(
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
        required=False,
        error_messages={"invalid": _("This is not a time: write it like 15:30.")},
    )

    def __init__(self, typed: QueryDict | None, *, today: date, initial: Mapping[str, object]) -> None:
        super().__init__(typed, initial=dict(initial), auto_id="promise_%s")
        self.today, self.last = today, today + FARTHEST
        self.fields["on"].widget.attrs |= {"min": today.isoformat(), "max": self.last.isoformat()}

    def clean_on(self) -> date:
        """Keep the day within reach; one that is just over is refused with the client's time in mind."""
        on: date = self.cleaned_data["on"]
        if not self.today - FARTHEST <= on <= self.last:
            raise forms.ValidationError(_("Choose a day within a year."))
        return on


class MoveForm(WhenForm):
    """Where a promise moves, and whose wish it is: the two are counted apart."""

    who = forms.ChoiceField(
        choices=[("client", _("the client asked")), ("us", _("we ask"))],
        error_messages={"required": _("Say who moves it."), "invalid_choice": _("Say who moves it.")},
    )


class PromiseForm(WhenForm):
    """A new promise to a client. `key` is the one-time number of the form: sent twice, it is promised once."""

    about = forms.CharField(
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={
            "required": _("Say what the call is about."),
            "max_length": _("Write it shorter: 240 characters."),
        },
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        typed: QueryDict | None,
        *,
        today: date,
        initial: Mapping[str, object],
        people: tuple[tuple[int, str], ...],
    ) -> None:
        super().__init__(typed, today=today, initial=initial)
        self.fields["person"] = forms.ChoiceField(
            choices=[("", "—"), *people], required=False, widget=forms.Select(attrs={"class": "form-select"})
        )

    @property
    def person_id(self) -> int | None:
        """Return the person chosen, if any."""
        chosen = self.cleaned_data["person"]
        return int(chosen) if chosen else None


class PassForm(forms.Form):
    """To whom a promise passes."""

    def __init__(self, typed: QueryDict | None, *, able: Iterable[tuple[int, str]]) -> None:
        super().__init__(typed, auto_id="promise_%s")
        self.fields["to"] = forms.TypedChoiceField(
            choices=[("", "—"), *able],
            coerce=int,
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"required": _("Choose who takes it."), "invalid_choice": _("Choose who takes it.")},
        )
