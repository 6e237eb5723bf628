"""How a mistake is told."""

from __future__ import annotations

from factory.spec.problems import Place, did_you_mean


def test_problem_reads_like_a_compilers() -> None:
    """File, line and column first, then the source with a caret under the mistake, then what to do."""
    place = Place("projects/demo/project.yaml", 12, 5, 5, "    titel: Луна")
    assert str(place.problem("unknown key 'titel'", hint="did you mean 'title'?")) == (
        "projects/demo/project.yaml:12:5: unknown key 'titel'\n"
        "   12 |     titel: Луна\n"
        "      |     ^^^^^ did you mean 'title'?"
    )


def test_caret_stands_under_wide_and_combining_letters() -> None:
    """The caret is placed by columns of the terminal, not by characters."""
    carets = str(Place("a.yaml", 1, 6, 1, "漢字e\u0301:x").problem("wrong")).splitlines()[-1]
    assert carets == "      | " + " " * len("wwwwe:") + "^"


def test_colour_only_when_asked() -> None:
    """Plain text holds no escape sequence; the coloured one does."""
    problem = Place("a.yaml", 1, 1, 1, "x").problem("wrong", hint="right")
    assert "\x1b" not in str(problem)
    assert "\x1b[31m^" in problem.render(colour=True)


def test_hostile_source_cannot_drive_the_terminal() -> None:
    """Control characters and bidirectional overrides of a spec are shown as a replacement character."""
    problem = Place("a.yaml", 1, 1, 1, "x: \x1b[2J\u202e").problem("'\x1b]0;owned\x07' is wrong")
    assert not {"\x1b", "\x07", "\u202e"} & set(str(problem))


def test_long_line_is_cut_around_the_mistake() -> None:
    """A line of ten thousand characters shows a window with the caret under the mistake."""
    source = "a" * 5000 + "WRONG" + "b" * 5000
    shown, carets = str(Place("a.yaml", 1, 5001, 5, source).problem("no")).splitlines()[1:]
    assert len(shown) < 120
    assert shown[carets.index("^") : carets.index("^") + 5] == "WRONG"


def test_did_you_mean_ignores_case_and_keeps_quiet_when_far() -> None:
    """`Crossfade` suggests crossfade; `elephant` suggests nothing."""
    assert did_you_mean("Crosfade", ["cut", "crossfade"]) == "did you mean 'crossfade'?"
    assert did_you_mean("elephant", ["cut", "crossfade"]) == ""
