"""Tables that make one video per row: CSV with a header (RFC 4180) or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from factory.errors import SpecError
from factory.spec.document import UNSEEN, read_text, shown_path
from factory.spec.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from factory.step import Json

MAX_ROWS = 10_000


@dataclass(frozen=True)
class Row:
    """One row: its values by column, and where it begins."""

    number: int
    """Counted from 1, without the header."""
    values: Mapping[str, Json]
    place: Place


def read_rows(path: Path, root: Path) -> list[Row]:
    """Every row of a .csv or .jsonl file; raises `SpecError` with every mistake of the table."""
    text = read_text(path, root)
    shown = shown_path(path, root)
    problems: list[Problem] = []
    rows = list((_jsonl if path.suffix == ".jsonl" else _csv)(text, shown, problems))
    problems.extend(_unseen(rows))
    if not rows and not problems:
        problems.append(Place(shown).problem("has no rows", hint="add one row for each video"))
    if len(rows) > MAX_ROWS:
        problems.append(rows[MAX_ROWS].place.problem(f"more than {MAX_ROWS} rows", hint="split the table"))
    if problems:
        raise SpecError(problems)
    return rows


def _csv(text: str, file: str, problems: list[Problem]) -> Iterator[Row]:
    lines = text.splitlines()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    start = 1
    number = 0
    try:
        for cells in reader:
            place = Place(file, start, source=lines[start - 1] if start <= len(lines) else "")
            start = reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                problems.extend(_header_problems(header, place))
                continue
            number += 1
            if len(cells) != len(header):
                message = f"row {number} has {len(cells)} cells, the header has {len(header)}"
                problems.append(place.problem(message, hint="put a cell that has a comma in it in double quotes"))
                continue
            yield Row(number, dict(zip(header, cells, strict=True)), place)
    except csv.Error as error:
        line = min(max(reader.line_num, 1), max(len(lines), 1))
        source = lines[line - 1] if lines else ""
        problems.append(Place(file, line, source=source).problem(f"this is not CSV: {error}"))


def _header_problems(header: list[str], place: Place) -> Iterator[Problem]:
    for index, name in enumerate(header):
        if not name.isidentifier():
            hint = "name columns like variables: letters, digits and '_'"
            yield place.problem(f"'{name}' cannot name a column", hint=hint)
        elif name in header[:index]:
            yield place.problem(f"column '{name}' is there twice")


def _jsonl(text: str, file: str, problems: list[Problem]) -> Iterator[Row]:
    number = 0
    for line, source in enumerate(text.split("\n"), 1):
        if not source.strip():
            continue
        number += 1
        place = Place(file, line, source=source)
        try:
            values = json.loads(source, parse_constant=_refuse, parse_float=_finite)
        except json.JSONDecodeError as error:
            problems.append(Place(file, line, error.colno, 1, source).problem(f"this is not JSON: {error.msg}"))
            continue
        except (ValueError, RecursionError) as error:
            problems.append(place.problem(f"this is not JSON: {error}"))
            continue
        if isinstance(values, dict):
            yield Row(number, values, place)
        else:
            problems.append(place.problem("each line must be a JSON object", hint='write {"title": …}'))


def _unseen(rows: list[Row]) -> Iterator[Problem]:
    for row in rows:
        for column, value in row.values.items():
            if odd := UNSEEN.search("".join(_texts(value))):
                message = f"'{column}' has the character U+{ord(odd[0]):04X}, which can be neither spoken nor shown"
                yield row.place.problem(message, hint="remove it")


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (key, *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _finite(written: str) -> float:
    number = float(written)
    return number if math.isfinite(number) else _refuse(written)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number a video can use")
