"""The command that loads files; apart from the others, for what reads files is slow to load itself."""

from argparse import Namespace

from django.conf import settings
from django.utils.translation import gettext as _

from budilnik.config import printing
from budilnik.config.commands import company_day
from budilnik.config.printing import people
from budilnik.core.refusal import Refusal
from budilnik.integrations.files.ingest import Report, Wish, import_files
from budilnik.integrations.files.names import FileKind
from budilnik.integrations.files.saved_mapping import load_mapping
from budilnik.jobs.clock import now


class FilesOfOneKind(Refusal):
    """`--as` and a mapping contradict each other."""

    ru = "Файл соответствия описывает «{mapped}», а в команде указано --as {asked}; оставьте одно."
    en = "The mapping file describes “{mapped}”, the command says --as {asked}; keep one of them."


def import_command(args: Namespace) -> None:
    """Import files and say what became of every row."""
    mapping = load_mapping(args.mapping) if args.mapping else None
    kind = FileKind(args.kind) if args.kind else None
    if mapping and kind and mapping.kind is not kind:
        raise FilesOfOneKind(mapped=mapping.kind.value, asked=kind.value)
    wish = Wish(
        files=args.files,
        source=args.source,
        on=company_day(args.on),
        language=settings.LANGUAGE_CODE,
        home=settings.HOME,
        as_kind=kind,
        mapping=mapping,
        dry_run=args.dry_run,
    )
    names = {"read": _("rows read"), "written": _("rows written"), "valued": _("clients valued")}
    with printing.Showing(names) as progress:
        report = import_files(wish, now=now(), progress=progress)
    _tell_import(report, dry_run=args.dry_run)
    if args.json:
        rejected_file = str(report.rejected_file) if report.rejected_file else None
        counts = {"accepted": report.accepted, "unchanged": report.unchanged, "rejected": report.rejected}
        printing.json_out(counts | {"rejected_file": rejected_file})


def _tell_import(report: Report, *, dry_run: bool) -> None:
    if dry_run:
        people.print(_("Dry run: nothing is written."))
    people.print(
        _("accepted %(accepted)d, unchanged %(unchanged)d, rejected %(rejected)d")
        % {"accepted": report.accepted, "unchanged": report.unchanged, "rejected": report.rejected}
    )
    for (code, column), (count, name, row) in sorted(report.reasons.items(), key=lambda item: -item[1][0]):
        text = report.examples[code, column]
        where = _("first in %(file)s, row %(row)d") % {"file": name, "row": row}
        line = f"  {count}: {column + ': ' if column else ''}{text} ({where})"
        people.print(line, markup=False, soft_wrap=True)
    if report.unused:
        people.print(_("columns not used: %(names)s") % {"names": ", ".join(report.unused)}, markup=False)
    if report.rejected_file:
        people.print(
            _("rejected rows with reasons: %(file)s") % {"file": report.rejected_file}, markup=False, soft_wrap=True
        )
