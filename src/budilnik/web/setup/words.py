"""Acts of the audit as people say them."""

from django.utils.translation import gettext as _


def act_name(code: str) -> str:
    """Return an act of the audit in words, its code where there are none."""
    return {
        "signed_in": _("signed in"),
        "sign_in_failed": _("could not sign in"),
        "password_set": _("new password"),
        "totp_activated": _("second step on"),
        "totp_deactivated": _("second step off"),
        "recovery_codes_generated": _("new recovery codes"),
        "second_step_dropped": _("second step switched off for him"),
        "signed_out_everywhere": _("signed out everywhere"),
        "feed_key_renewed": _("new address of the calendar"),
        "employee_added": _("taken on"),
        "employee_left": _("has left"),
        "exported": _("took a table out"),
        "export_allowed": _("may take tables out"),
        "export_forbidden": _("may no longer take tables out"),
        "address_set": _("mail address"),
        "trial_letter_asked": _("asked for a trial letter"),
        "absence_noted": _("absence"),
        "absence_shortened": _("absence shortened"),
    }.get(code, code)
