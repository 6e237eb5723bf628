"""`--select`: targets chosen by their state, in the words of dbt.

    state:modified      made before, and what it is made from has changed
    state:new           never made
    result:error        failed in the last run; so `skipped`, `built`, `cached` and `current`
    final:demo/*        by name, as a pattern

A `+` behind a term adds everything made from those targets. Terms with a comma between them must all hold, and of
terms with a space between them any. What a chosen target is made from is always brought up to date first.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from factory.errors import FactoryError
from factory.forecast import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factory.forecast import TargetForecast

_RESULTS = {name: name for name in ("skipped", "built", "cached", "current")} | {"error": "failed"}
_STATES = ("modified", "new")


def pick(expression: str, forecasts: Sequence[TargetForecast], outcomes: Mapping[str, str]) -> list[str]:
    """The ids chosen among `forecasts`, which stand each after what it is made from.

    `outcomes` is what became of each target in the last run. Raises FactoryError for a word it does not know.
    """
    chosen: set[str] = set()
    for union in expression.split():
        groups = [_term(term, forecasts, outcomes) for term in union.split(",")]
        chosen |= set.intersection(*groups)
    return [forecast.target.id for forecast in forecasts if forecast.target.id in chosen]


def _term(term: str, forecasts: Sequence[TargetForecast], outcomes: Mapping[str, str]) -> set[str]:
    word = term.removesuffix("+")
    found = {forecast.target.id for forecast in forecasts if _is(word, forecast, outcomes)}
    if not term.endswith("+"):
        return found
    made = {path for forecast in forecasts if forecast.target.id in found for path in forecast.target.paths}
    for forecast in forecasts:
        if not made.isdisjoint(forecast.target.sources.values()):
            found.add(forecast.target.id)
            made.update(forecast.target.paths)
    return found


def _is(word: str, forecast: TargetForecast, outcomes: Mapping[str, str]) -> bool:
    method, _, value = word.partition(":")
    match method:
        case "state":
            _known(word, value, _STATES)
            return forecast.new if value == "new" else _modified(forecast)
        case "result":
            _known(word, value, sorted(_RESULTS))
            return outcomes.get(forecast.target.id) == _RESULTS[value]
    return fnmatchcase(forecast.target.id, word)


def _modified(forecast: TargetForecast) -> bool:
    """What merely stands behind something that changes is not modified itself."""
    return not forecast.new and forecast.verdict in {Verdict.HIT, Verdict.RUN}


def _known(word: str, value: str, values: Sequence[str]) -> None:
    if value not in values:
        raise FactoryError(f"--select {word}: there is no {value!r}; there is {', '.join(values)}")
