"""YAML that knows where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory.errors import SpecError
from factory.spec.document import Document, stand_in
from factory.spec.problems import Problem


def mistakes(text: str) -> list[Problem]:
    """The problems of a text that must have some."""
    with pytest.raises(SpecError) as caught:
        Document(text, "a.yaml")
    return list(caught.value.problems)


def test_every_value_and_key_knows_its_place() -> None:
    """Lines and columns count from 1 and in characters, whatever the script."""
    document = Document("видео:\n  - имя: Луна\n    блоки: [раз, два]\n", "a.yaml")
    assert str(document.place(("видео", 0, "имя"))) == "a.yaml:2:10"
    assert str(document.place(("видео", 0, "имя"), key=True)) == "a.yaml:2:5"
    assert str(document.place(("видео", 0, "блоки", 1))) == "a.yaml:3:18"
    assert document.place(("видео", 0, "блоки", 1)).length == 3


def test_missing_value_is_placed_at_what_is_around_it() -> None:
    """A route that leads nowhere ends at the last thing there is."""
    document = Document("a:\n  b: 1\n", "a.yaml")
    assert str(document.place(("a", "c", "d"))) == "a.yaml:2:3"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("1:30", "1:30"),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("2024-01-31", "2024-01-31"),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ("1.2.3", "1.2.3"),
        ("-", None),
        ("=", "="),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    """Norway is a country, half past one is not ninety, and a date is what was written."""
    if written == "-":
        assert Document("a: -1", "a.yaml").data == {"a": -1}
    else:
        assert Document(f"a: {written}", "a.yaml").data == {"a": meant}


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1", "key 'a' is given twice", "the first is at line 1; remove one of them"),
        ("a:\n\t- b\n", "a.yaml:2:1", "a tab cannot indent YAML", "indent with spaces"),
        ("say: one: two\n", "a.yaml:1:9", "a second ':' on this line, or a line indented too far", "put text that has"),
        ('a: "open\n', "a.yaml:2:1", "the file ends inside a quoted text", "close the quotes"),
        ("a: *b\n", "a.yaml:1:4", "this alias has no anchor", "put text that begins with '*' in quotes"),
        ("a: [1, 2\nb: 3\n", "a.yaml:2:2", "',' or ']' was expected here", "close the list with ']'"),
        ("a: @b\n", "a.yaml:1:4", "this character cannot begin a value", "put the text in quotes"),
        ("<<: {a: 1}\n", "a.yaml:1:1", "merge keys ('<<') are not used here", "use 'extends', or repeat the value"),
        ("a: .inf\n", "a.yaml:1:4", ".inf is not a number a video can use", ""),
        ("a: 1e999\n", "a.yaml:1:4", "this number is too large", ""),
        ('a: "\\a"\n', "a.yaml:1:4", "the character U+0007 can be neither spoken nor shown", "remove it"),
        ("? [x]\n: y\n", "a.yaml:1:3", "a key must be plain text", ""),
        ("a: \ud800\n", "a.yaml:1:4", "the character U+D800 may not stand in YAML", ""),
        ("да: \x07\n", "a.yaml:1:5", "the character U+0007 may not stand in YAML", ""),
    ],
)
def test_syntax_mistake_is_told_in_plain_words(text: str, place: str, message: str, hint: str) -> None:
    """Each mistake has its line and column, what is wrong, and what to do."""
    problem = mistakes(text)[0]
    assert (f"{problem.file}:{problem.line}:{problem.column}", problem.message) == (place, message)
    assert problem.hint.startswith(hint)


def test_tags_are_refused_and_construct_nothing() -> None:
    """`!!python/object` and its kin are mistakes, never objects."""
    assert "tags such as" in mistakes("a: !!python/object/apply:os.system [id]")[0].message


def test_all_mistakes_of_the_values_are_reported_together() -> None:
    """Three mistakes, three problems."""
    assert [problem.line for problem in mistakes("a: .nan\nb: 1\nb: 2\nc: !x y\n")] == [1, 3, 4]


def test_billion_laughs_are_not_laughed() -> None:
    """Aliases that multiply into more than a million values are refused at once."""
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert "aliases make this more than 1000000 values" in mistakes(text)[0].message


@pytest.mark.parametrize("text", ["a: &a [*a]", "[" * 200_000, "- " * 200_000, "{a: " * 200_000])
def test_endless_nesting_is_refused(text: str) -> None:
    """A circle or two hundred thousand brackets are a problem and not an overrun stack."""
    assert "nested deeper than 48" in mistakes(text)[0].message


def test_file_that_is_not_utf8_is_refused_at_its_byte(tmp_path: Path) -> None:
    """Windows-1251 is named as what it is not, where it begins."""
    (tmp_path / "a.yaml").write_bytes(b"a: 1\nb: \xcb\xf3\xed\xe0\n")
    with pytest.raises(SpecError) as caught:
        Document.read(tmp_path / "a.yaml", tmp_path)
    assert str(caught.value).startswith("a.yaml:2:4: is not UTF-8 text")


def test_stand_ins_keep_values_whole() -> None:
    """A value with YAML in it stays one text; in a longer text it is filled in; alone it keeps its type."""
    text = f"a: {stand_in(0)}\nb: so {stand_in(0)}!\nc: {stand_in(1)}\n"
    document = Document(text, "a.yaml", values=("x: [y\n- z", {"k": 1}))
    assert document.data == {"a": "x: [y\n- z", "b": "so x: [y\n- z!", "c": {"k": 1}}


def test_place_in_a_written_text_counts_what_is_shown() -> None:
    """Columns and the shown line are those of the text with its values filled in."""
    place = Document(f"{{a: {stand_in(0)}, b: 1}}", "a.yaml", values=("long value",)).place(("b",))
    assert (place.column, place.source) == (20, "{a: long value, b: 1}")


@given(st.text() | st.text(alphabet="ab:-[]{}&*!|>'\"%@`#, \n\t\\<?~01.\U00100000\ud800"))
@example("\ufeff")
@example("--- |\n")
def test_any_text_is_data_or_a_spec_error(text: str) -> None:
    """No text gives anything but data or problems that can be shown."""
    problems: tuple[Problem, ...] = ()
    try:
        Document(text, "a.yaml", values=("one", None))
    except SpecError as error:
        problems = error.problems
    assert all(problem.line >= 1 and problem.column >= 1 and str(problem) for problem in problems)
