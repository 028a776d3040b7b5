"""The mapping file: which column of a file is what, said by the administrator in TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Direction, Outcome
from budilnik.integrations.files.cells import plain_name
from budilnik.integrations.files.names import NAMES, FileKind

_TOP = frozenset({"kind", "sheet", "columns", "results", "directions"})


class MappingUnreadable(Refusal):
    """The mapping file cannot be opened or is no TOML."""

    ru = "Файл соответствия «{path}» не читается: {reason}. Проверьте путь и запись TOML."
    en = "The mapping file “{path}” cannot be read: {reason}. Check the path and the TOML."


class MappingWrong(Refusal):
    """The mapping file is TOML, but something in it cannot be understood."""

    ru = "В файле соответствия «{path}» непонятно {place} = «{value}»; допустимо: {allowed}."
    en = "The mapping file “{path}” has {place} = “{value}”, which is not understood; allowed: {allowed}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMapping:
    """What a mapping file says. `columns` holds field → headers; no headers switch a field off.

    `results` and `directions` hold the file's own words, compared as `plain_name` compares.
    """

    kind: FileKind
    sheet: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    results: Mapping[str, Outcome] = field(default_factory=dict)
    directions: Mapping[str, Direction] = field(default_factory=dict)

    @property
    def headers(self) -> frozenset[str]:
        """All headers that the mapping names: they help to find the header row."""
        return frozenset(header for headers in self.columns.values() for header in headers)


def load_mapping(path: Path) -> SavedMapping:
    """Read a mapping file.

    Units: none.
    Raises: MappingUnreadable; MappingWrong for a kind, field, result or direction that does not exist.
    Source: SPEC §13, saved mapping.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise MappingUnreadable(path=path.name, reason=trouble) from trouble
    return parse_mapping(raw, name=path.name)


def parse_mapping(raw: Mapping[str, object], *, name: str = "mapping") -> SavedMapping:
    """Check a mapping given as a dictionary; `name` is how refusals call the file.

    Units: none.
    Raises: MappingWrong.
    Source: SPEC §13, saved mapping.
    """
    for key in raw:
        if key not in _TOP:
            raise _wrong(name, "[…]", key, _TOP)
    kind = _one_of(FileKind, raw.get("kind", ""), name=name, place="kind")
    sheet = raw.get("sheet")
    if sheet is not None and not isinstance(sheet, str):
        raise _wrong(name, "sheet", sheet, {"«…»"})
    return SavedMapping(
        kind=kind,
        sheet=sheet or None,
        columns={
            key: _headers(key, value, kind=kind, name=name) for key, value in _section(raw, "columns", name).items()
        },
        results=_words(raw, "results", Outcome, name=name),
        directions=_words(raw, "directions", Direction, name=name),
    )


def _wrong(name: str, place: str, value: object, allowed: frozenset[str] | set[str]) -> MappingWrong:
    return MappingWrong(path=name, place=place, value=value, allowed=", ".join(sorted(allowed)))


def _section(raw: Mapping[str, object], section: str, name: str) -> Mapping[str, object]:
    found = raw.get(section, {})
    if not isinstance(found, dict):
        raise _wrong(name, section, found, {f"[{section}]"})
    return found


def _headers(key: str, value: object, *, kind: FileKind, name: str) -> tuple[str, ...]:
    if key not in NAMES[kind]:
        raise _wrong(name, "[columns]", key, set(NAMES[kind]))
    headers = [value] if isinstance(value, str) else value
    if not isinstance(headers, list) or not all(isinstance(header, str) for header in headers):
        raise _wrong(name, f"[columns] {key}", value, {"«…»", "[«…», «…»]"})
    named = tuple(header for header in headers if header)
    if len(named) > 1 and key != "phone":
        raise _wrong(name, f"[columns] {key}", value, {"«…»"})
    return named


def _words[Code: StrEnum](
    raw: Mapping[str, object], section: str, codes: type[Code], *, name: str
) -> Mapping[str, Code]:
    return {
        plain_name(word): _one_of(codes, code, name=name, place=f"[{section}] {word}")
        for word, code in _section(raw, section, name).items()
    }


def _one_of[Code: StrEnum](codes: type[Code], value: object, *, name: str, place: str) -> Code:
    try:
        return codes(str(value))
    except ValueError as trouble:
        known = {code.value for code in codes}
        raise _wrong(name, place, value, known) from trouble
