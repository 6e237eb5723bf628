"""Rows and scripts: many videos from one table, and templates that cannot do harm."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory.errors import SpecError
from factory.spec.problems import Problem
from recipes.spec import load_videos
from recipes.spec.writing import slug
from tests.recipes.spec.conftest import HEAD, Root

ROWS = 'videos:\n  - from: t.csv\n    id: "{{ title | slug }}"\n    title: "{{ title }}"\n    script: s.j2\n'
SCRIPT = "- say: {{ fact }}\n  show: images/moon.jpg\n"


def rows(root: Root, table: str, script: str = SCRIPT, more: str = "") -> Root:
    """A project of one table and one script."""
    root.spec(HEAD + ROWS + more)
    root.write("t.csv", table)
    root.write("s.j2", script)
    return root


def test_each_row_is_a_video(root: Root) -> None:
    """Columns are variables; a column beats nothing, `vars` beat columns; blank lines are no rows."""
    table = "title,fact\nThe Moon,It turns.\n\nЛуна и кот,It purrs.\n"
    script = "{% for n in range(count) %}\n- say: {{ fact }} {{ n }}\n  show: images/moon.jpg\n{% endfor %}\n"
    videos = rows(root, table, script, "    vars: {count: 2}\n").videos()
    assert [video.id for video in videos] == ["the-moon", "luna-i-kot"]
    assert [block.say for block in videos[1].blocks] == ["It purrs. 0", "It purrs. 1"]


def test_json_lines_keep_their_types(root: Root) -> None:
    """A list of a row can be looped over, a number is a number."""
    root.spec(HEAD + ROWS.replace("t.csv", "t.jsonl") + '    pause: "{{ pause }}"\n')
    root.write("t.jsonl", '{"title": "A", "facts": ["One.", "Two."], "pause": 2}\n')
    root.write("s.j2", "{% for fact in facts %}\n" + SCRIPT + "{% endfor %}\n")
    assert [(block.say, block.pause) for block in root.videos()[0].blocks] == [("One.", 2), ("Two.", 2)]


@pytest.mark.parametrize(
    "value",
    [
        "a: b",
        "- x",
        "{a}",
        "[",
        '"',
        "'",
        "# no",
        "yes",
        "2024",
        "null",
        "*x",
        "a\n- say: injected",
        "{{ 7 * 7 }}",
        "%",
        "| x",
    ],
)
def test_value_of_a_cell_stays_one_value(root: Root, value: str) -> None:
    """No text of a table can write YAML or a template: what the cell says is what is said."""
    root.spec(HEAD + ROWS.replace('"{{ title | slug }}"', "x"))
    root.write("t.csv", 'title,fact\nT,"' + value.replace('"', '""') + ' end"\n')
    root.write("s.j2", SCRIPT)
    (video,) = root.videos()
    assert [block.say for block in video.blocks] == [f"{value} end"]


def test_script_of_the_house_writes_blocks(root: Root) -> None:
    """`fact.j2` comes with the project and makes a video of a hook, a fact and its proof."""
    root.spec(
        HEAD + "videos:\n  - id: a\n    title: A\n    script: fact.j2\n    vars:\n"
        "      {hook: 'Look: up', fact: It turns., proof: [One., Two.], image: images/moon.jpg, goodbye: Bye.}\n"
    )
    (video,) = root.videos()
    assert [block.id for block in video.blocks] == ["hook", "fact", "03", "04", "goodbye"]
    assert video.blocks[0].say == "Look: up"


@pytest.mark.parametrize(
    ("table", "place", "message"),
    [
        ("title,fact\nA,b,c\n", "t.csv:2:1", "row 1 has 3 cells, the header has 2"),
        ("title,fact\n", "t.csv:1:1", "has no rows"),
        ("", "t.csv:1:1", "has no rows"),
        ("title,title\nA,b\n", "t.csv:1:1", "column 'title' is there twice"),
        ("title,a b\nA,b\n", "t.csv:1:1", "'a b' cannot name a column"),
        ('title,fact\nA,"b\n', "t.csv:2:1", "this is not CSV: unexpected end of data"),
        ("title,fact\nA,b\na,c\n", "t.csv:3:1", "id: another video is called 'a'"),
        ("title,fact\n???,b\n", "project.yaml:6:9", "id: must not be empty"),
        ("title,fact\nA,\x07\n", "t.csv:2:1", "'fact' has the character U+0007"),
        ("title,fact\nA,\n", "<s.j2 for demo/a>:1:8", "say: must have words in it"),
    ],
)
def test_mistake_of_a_table_names_the_row(root: Root, table: str, place: str, message: str) -> None:
    """The file and line of the row, or the template with a note of the row."""
    told = rows(root, table).told()
    assert any(at == place and what.startswith(message) for at, what, _ in told), told


def test_wrong_cell_is_shown_in_the_table(root: Root) -> None:
    """Where a mistake is a cell's, it is shown in the cell; where it is the template's, the row is named."""
    rows(root, "title,fact,image\nA,One.,images/moon.jpg\nB,Two.,images/mon.jpg\n")
    root.write("s.j2", "- say: {{ fact }}\n  show: {{ image }}\n")
    ((place, message, hint),) = root.told()
    assert (place, hint) == ("t.csv:3:8", "did you mean 'images/moon.jpg'?")
    assert message == "show.image: there is no 'images/mon.jpg' in the project's folder"
    root.write("s.j2", "- say: {{ fact }}\n  shwo: {{ image }}\n")
    assert "row 2, projects/demo/t.csv:3" in root.mistakes()[1].note


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("{", "t.jsonl:1:2", "this is not JSON"),
        ("[]", "t.jsonl:1:1", "each line must be a JSON object"),
        ('{"title": NaN}', "t.jsonl:1:1", "this is not JSON: NaN is not a number"),
        ('{"title": 1e999}', "t.jsonl:1:1", "this is not JSON: 1e999 is not a number"),
        ('{"title": "\\ud800"}', "t.jsonl:1:1", "'title' has the character U+D800"),
        ('{"title": {"a": ["\\u0007"]}}', "t.jsonl:1:1", "'title' has the character U+0007"),
        ("[" * 100_000, "t.jsonl:1:1", "this is not JSON"),
    ],
)
def test_mistake_of_json_lines_has_its_column(root: Root, line: str, place: str, message: str) -> None:
    """Broken JSON is told at its line and column."""
    root.spec(HEAD + ROWS.replace("t.csv", "t.jsonl"))
    root.write("t.jsonl", line)
    told = root.told()
    assert any(at == place and what.startswith(message) for at, what, _ in told), told


@pytest.mark.parametrize(
    ("script", "place", "message", "hint"),
    [
        (
            "- say: {{ fact }}\n\n  show: {{ imag }}\n",
            "s.j2:3:3",
            "template: 'imag' is undefined",
            "did you mean 'image'?",
        ),
        ("- say: x\n{% if %}\n", "s.j2:2:1", "template: Expected an expression", ""),
        ("- say: {{ fact | shout }}\n", "s.j2:1:1", "template: No filter named 'shout'", ""),
        ("- say: {{ 1 / 0 }}\n", "s.j2:1:1", "template: division by zero", ""),
        ("{% include 'none.j2' %}\n", "project.yaml:8:13", "there is no template 'none.j2'", ""),
        ("say: {{ fact }}\n", "<s.j2 for demo/a>:1:1", "must be a list", ""),
        ("- sya: {{ fact }}\n", "<s.j2 for demo/a>:1:3", "unknown key 'sya'", "did you mean 'say'?"),
        ("- say: a: {{ fact }}\n", "<s.j2 for demo/a>:1:9", "a second ':' on this line", "put text that has"),
        ("", "<s.j2 for demo/a>:1:1", "must be a list", "write a value"),
    ],
)
def test_mistake_of_a_template_is_told_in_the_template(
    root: Root, script: str, place: str, message: str, hint: str
) -> None:
    """Undefined names, syntax and what was written wrong: at the line of the template, or of what it wrote."""
    told = rows(root, "title,fact,image\nA,One.,images/moon.jpg\n", script).told()
    assert any(at == place and what.startswith(message) and why.startswith(hint) for at, what, why in told), told


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context }}",
        "{{ range.__call__.__self__ }}",
        "{{ '{0.__class__}'.format(fact) }}",
        "{{ fact.__init__ }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 1000000000 * ['x'] }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% include '../../secret.txt' %}",
        "{% include '/etc/passwd' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% do facts.append(1) %}",
        "{% import 'os' as os %}",
    ],
)
def test_template_cannot_leave_its_sandbox(root: Root, attack: str) -> None:
    """Every way out, and every way to fill the memory, is a mistake at the template."""
    (root.path / "projects" / "secret.txt").write_text("secret")
    problems = rows(root, "title,fact\nA,One.\n", f"- say: ok {attack}\n").mistakes()
    assert problems[0].file in ("projects/demo/s.j2", "projects/demo/project.yaml", "<s.j2 for demo/a>")
    assert not any("secret" in f"{problem.source}" for problem in problems)


def test_missing_template_is_suggested(root: Root) -> None:
    """`facts.j2` is asked whether it means fact.j2."""
    root.spec(HEAD + "videos:\n  - {id: a, title: A, script: facts.j2}\n")
    assert root.told() == [("project.yaml:5:31", "script: there is no template 'facts.j2'", "did you mean 'fact.j2'?")]


def test_slug_is_a_short_latin_name() -> None:
    """Russian is transliterated, accents fall, nothing else than letters, digits and dashes stays."""
    assert slug("Щука, ёж & Café №5") == "shchuka-ezh-cafe-no5"
    assert slug("…") == ""


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.lists(
    st.sampled_from(
        [
            HEAD,
            ROWS,
            "videos:\n",
            "  - id: a\n",
            "    title: A\n",
            "    blocks:\n",
            "      - say: x\n",
            "        show: images/moon.jpg\n",
            "    script: s.j2\n",
            "pause: 9e9\n",
            "extends: ../x\n",
            "    vars: {a: b}\n",
            "music: /dev/zero\n",
            "    id: [\n",
            "captions: {options: {size: x}}\n",
            "    from: t.csv\n",
            "voice: {}\n",
            "mode: ''\n",
            "size: [1, a]\n",
            "\t\n",
        ]
    ),
    max_size=10,
).map("".join)


@SLOW
@given(spec=PIECES | st.text(), table=st.text(max_size=40), script=st.text(max_size=40))
def test_any_input_gives_videos_or_mistakes(root: Root, spec: str, table: str, script: str) -> None:
    """Whatever stands in the spec, the table and the script, nothing else is raised, and every problem can be shown."""
    for name, text in (("project.yaml", spec), ("t.csv", "title,fact\n" + table), ("s.j2", script)):
        root.write(name, text.encode(errors="surrogatepass"))
    problems: tuple[Problem, ...] = ()
    try:
        load_videos(root.path)
    except SpecError as error:
        problems = error.problems
    assert all(str(problem) for problem in problems)
