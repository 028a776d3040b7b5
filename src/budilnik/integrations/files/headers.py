"""Recognising columns: which kind of file this is, and which column is which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Direction, Outcome
from budilnik.integrations.files.cells import plain_name
from budilnik.integrations.files.names import FIELD_TITLES, NAMES, SIGNS_OF_A_DEAL, FileKind, compared
from budilnik.integrations.files.saved_mapping import SavedMapping

# A group is met by any one of its fields.
REQUIRED: Mapping[FileKind, tuple[tuple[str, ...], ...]] = {
    FileKind.ORDERS: (("client",), ("date",), ("item", "item_name"), ("quantity",), ("price", "amount")),
    FileKind.CLIENTS: (
        ("client", "name"),
        ("owner", "inn", "kpp", "phone", "person", "city", "region", "zone", "group", "known_on"),
    ),
    FileKind.CONTACTS: (("client",), ("at",), ("result",)),
}
# A file with one of these is of that kind, or is wrong; it is never taken for a list of clients.
_DISTINCTIVE: Mapping[FileKind, tuple[str, ...]] = {
    FileKind.ORDERS: ("quantity", "price"),
    FileKind.CONTACTS: ("result", "direction"),
}
_SEVERAL = frozenset({"phone"})
_SHARED = frozenset({plain_name("ИНН/КПП")})
_LAST_RANK = 1000


class HeadersNotRecognised(Refusal):
    """Required columns were not found among the headers."""

    ru = (
        "В файле не найдены столбцы: {missing_ru} (вид файла: {kind}). Заголовки в файле: {headers}. "
        "Назовите столбцы в файле соответствия: --mapping ФАЙЛ."
    )
    en = (
        "Columns not found: {missing_en} (kind of file: {kind}). Headers in the file: {headers}. "
        "Name the columns in a mapping file: --mapping FILE."
    )


class KindAmbiguous(Refusal):
    """The headers fit two kinds of file equally."""

    ru = (
        "Неясно, что в файле: подходит {kinds}. Заголовки в файле: {headers}. "
        "Укажите вид файла или файл соответствия: --mapping ФАЙЛ."
    )
    en = (
        "Unclear what the file holds: {kinds} would fit. Headers in the file: {headers}. "
        "Give the kind of file or a mapping file: --mapping FILE."
    )


class MappedHeaderAbsent(Refusal):
    """A header named by the mapping is not in the file."""

    ru = "В файле нет столбца «{header}», названного для поля {field}. Заголовки в файле: {headers}."
    en = "The file has no column “{header}”, named for the field {field}. Headers in the file: {headers}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of a file are. `fields` are pairs (field, column index from 0); a phone may come several times.

    `results` and `directions` are the file's own words from its mapping, beside those known anyway.
    """

    kind: FileKind
    fields: tuple[tuple[str, int], ...]
    headers: tuple[str, ...]
    results: Mapping[str, Outcome] = field(default_factory=dict)
    directions: Mapping[str, Direction] = field(default_factory=dict)

    def index(self, name: str) -> int | None:
        """Return the column of a field, None when the file has none."""
        return next((at for known, at in self.fields if known == name), None)

    def indexes(self, name: str) -> tuple[int, ...]:
        """Return all columns of a field in the order of the file."""
        return tuple(at for known, at in self.fields if known == name)

    @property
    def unused(self) -> tuple[str, ...]:
        """Headers that no field took: shown in the preview, so that nothing is left out unseen."""
        taken = {at for _, at in self.fields}
        return tuple(header for at, header in enumerate(self.headers) if at not in taken and header.strip())


def recognise(
    headers: Sequence[str], *, as_kind: FileKind | None = None, mapping: SavedMapping | None = None
) -> Columns:
    """Say what each column is; a mapping's words come first, known names fill the rest.

    A header that comes twice is two columns: the left one is taken, except telephones, which are all taken.
    Without a kind the headers decide; a file that has a quantity or a price is never taken for clients.

    Units: column indexes from 0.
    Raises: HeadersNotRecognised, KindAmbiguous, MappedHeaderAbsent.
    Source: SPEC §13; INTEGRATIONS §2.
    """
    wanted = mapping.kind if mapping else as_kind
    if wanted is None:
        wanted = _kind_of(headers)
    found = _columns(headers, wanted, mapping)
    missing = _missing(wanted, {name for name, _ in found})
    if missing:
        raise _not_recognised(headers, wanted, missing)
    return Columns(
        kind=wanted,
        fields=found,
        headers=tuple(headers),
        results=mapping.results if mapping else {},
        directions=mapping.directions if mapping else {},
    )


def _kind_of(headers: Sequence[str]) -> FileKind:
    found = {kind: {name for name, _ in _columns(headers, kind, None)} for kind in FileKind}
    signed = [kind for kind, signs in _DISTINCTIVE.items() if found[kind].intersection(signs)]
    fitting = [kind for kind in signed if not _missing(kind, found[kind])]
    if len(fitting) > 1 or (len(signed) > 1 and not fitting):
        raise KindAmbiguous(kinds=" / ".join(signed), headers=_listed(headers))
    return (fitting or signed or [FileKind.CLIENTS])[0]


def _columns(headers: Sequence[str], kind: FileKind, mapping: SavedMapping | None) -> tuple[tuple[str, int], ...]:
    said = _said(headers, mapping)
    taken = {at for places in said.values() for at in places}
    for name in NAMES[kind]:
        if name in said:
            continue
        places = _places(headers, kind, name, taken)
        said[name] = places if name in _SEVERAL else places[:1]
        taken.update(at for at in said[name] if plain_name(headers[at]) not in _SHARED)
    return tuple((name, at) for name in NAMES[kind] for at in said[name])


def _said(headers: Sequence[str], mapping: SavedMapping | None) -> dict[str, list[int]]:
    if mapping is None:
        return {}
    return {name: [_place_of(header, name, headers) for header in named] for name, named in mapping.columns.items()}


def _place_of(header: str, name: str, headers: Sequence[str]) -> int:
    for at, seen in enumerate(headers):
        if seen == header:
            return at
    for at, seen in enumerate(headers):
        if plain_name(seen) == plain_name(header):
            return at
    raise MappedHeaderAbsent(header=header, field=name, headers=_listed(headers))


def _places(headers: Sequence[str], kind: FileKind, name: str, taken: set[int]) -> list[int]:
    ranks = NAMES[kind][name]
    if name == "order" and any(plain_name(header) in SIGNS_OF_A_DEAL for header in headers):
        ranks = {**ranks, "id": _LAST_RANK}
    ranked = []
    for at, header in enumerate(headers):
        known = [ranks[shape] for shape in compared(header) if shape in ranks]
        if known and at not in taken:
            ranked.append((min(known), at))
    return [at for _, at in sorted(ranked)] if name not in _SEVERAL else [at for _, at in ranked]


def _missing(kind: FileKind, found: set[str]) -> list[tuple[str, ...]]:
    return [group for group in REQUIRED[kind] if not found.intersection(group)]


def _not_recognised(headers: Sequence[str], kind: FileKind, missing: Sequence[tuple[str, ...]]) -> HeadersNotRecognised:
    def titles(language: int, word: str) -> str:
        return ", ".join(
            f" {word} ".join(f"{FIELD_TITLES[name][language]} [{name}]" for name in group) for group in missing
        )

    return HeadersNotRecognised(
        kind=kind, missing_ru=titles(0, "или"), missing_en=titles(1, "or"), headers=_listed(headers)
    )


def _listed(headers: Sequence[str]) -> str:
    return " | ".join(header for header in headers if header.strip()) or "—"
