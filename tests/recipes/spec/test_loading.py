"""From a spec to videos, and from a wrong spec to its mistakes."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from recipes.spec.model import Frame, SafeArea, Transition, Voice
from tests.recipes.spec.conftest import HEAD, Root

ONE = "videos:\n  - id: moon\n    title: The Moon\n    blocks:\n      - say: It turns.\n        show: images/moon.jpg\n"


def test_spec_becomes_a_complete_video(video: Callable[[str], Root]) -> None:
    """Shorthands, the format's values and the schema's defaults all end up in the video."""
    root = video(ONE)
    (moon,) = root.videos()
    assert (moon.name, moon.title, moon.language) == ("demo/moon", "The Moon", "en")
    assert moon.frame == Frame(1080, 1920, (30, 1))
    assert moon.safe_area == SafeArea(top=150, right=180, bottom=250, left=60)
    assert (moon.captions.style, moon.captions.delivery, moon.captions.options) == ("shorts", "burned", {})
    assert moon.folder == root.path / "build" / "demo" / "moon"
    (block,) = moon.blocks
    assert block.id == "01"
    assert block.voice == Voice("piper", "joe", 1.0, 0.0, 0.0)
    assert block.files == {"image": root.project / "images" / "moon.jpg"}
    assert block.transition == Transition("cut", 0.0)


def test_video_overrides_project_overrides_format(video: Callable[[str], Root]) -> None:
    """The most particular setting wins, key by key, down to the block."""
    root = video(
        "pause: 1\ntransition: {seconds: 0.9}\n"
        "videos:\n  - id: a\n    title: A\n    pause: 2\n    fps: 29.97\n    voice: {rate: 1.1}\n    blocks:\n"
        "      - {say: One., show: images/moon.jpg}\n"
        "      - {say: Two., show: images/moon.jpg, pause: 3, voice: {rate: 0.9}}\n"
        "  - {id: b, title: B, extends: square, blocks: [{say: One., show: images/moon.jpg}]}\n"
    )
    a, b = root.videos()
    assert [block.pause for block in a.blocks] == [2, 3]
    assert [block.voice.rate for block in a.blocks] == [1.1, 0.9]
    assert a.blocks[1].transition == Transition("crossfade", 0.9)
    assert a.frame.fps == (30000, 1001)
    assert (b.frame.width, b.frame.height, b.blocks[0].pause) == (1080, 1080, 1)


def test_every_shipped_format_makes_a_video(video: Callable[[str], Root]) -> None:
    """shorts, longform, ad and square leave nothing missing."""
    names = ["shorts", "longform", "ad", "square"]
    body = "".join(
        f"  - {{id: v{n}, title: T, mode: carousel, extends: {name}, blocks: [{{say: One., show: images/moon.jpg}}]}}\n"
        for n, name in enumerate(names)
    )
    found = video("videos:\n" + body).videos()
    assert [(item.frame.width, item.frame.height) for item in found] == [
        (1080, 1920),
        (1920, 1080),
        (1080, 1920),
        (1080, 1080),
    ]


def test_a_platform_has_a_safe_area_of_its_own(video: Callable[[str], Root]) -> None:
    """A name stands for all four margins, whatever the format has; a side after it changes that side alone."""
    root = video(f"safe_area: tiktok\nvideos:\n  - id: a\n    title: A\n    safe_area: {{bottom: 30}}\n{BLOCKS}")
    (made,) = root.videos()
    assert made.safe_area == SafeArea(top=70, right=140, bottom=300, left=60)


BLOCKS = "    blocks: [{say: One., show: images/moon.jpg}]\n"


@pytest.mark.parametrize(
    ("body", "place", "message", "hint"),
    [
        (f"videos:\n  - id: a\n    titel: A\n{BLOCKS}", "6:5", "unknown key 'titel'", "did you mean 'title'?"),
        (f"videos:\n  - id: a\n{BLOCKS}", "5:5", "'title' is missing", "add 'title:'"),
        ("videos:\n  - {id: a, title: A}\n", "5:5", "'blocks' or 'script' is missing", ""),
        ("pause: -1\n" + ONE, "4:8", "pause: must be a number between 0 and 30, not -1", ""),
        (
            ONE.replace("blocks:", 'pause: "{{ x }}"\n    blocks:'),
            "7:12",
            "pause: must be a number between 0 and 30",
            "",
        ),
        ("size: [1081, 1920]\n" + ONE, "4:8", "size: must be a whole even number between 64 and 7680, not 1081", ""),
        (
            "transition: Crossfade\n" + ONE,
            "4:13",
            "transition: must be cut, crossfade, slide or zoom",
            "did you mean 'cr",
        ),
        (
            "safe_area: tictok\n" + ONE,
            "4:12",
            "safe_area: must be youtube, shorts, tiktok or reels",
            "did you mean 'tiktok'?",
        ),
        ("mode: carusel\n" + ONE, "4:7", "mode: no mode is called 'carusel'", "did you mean 'carousel'?"),
        ("captions: short\n" + ONE, "4:11", "captions: no style is called 'short'", "did you mean 'shorts'?"),
        ("captions: {options: {fontt: x}}\n" + ONE, "4:22", "unknown key 'fontt'", "did you mean 'font'?"),
        ("captions: {options: {font: Rubic}}\n" + ONE, "4:28", "captions: no font is called “Rubic”", ""),
        ("music: music/dawn.ogg\n" + ONE, "4:8", "music.file: there is no 'music/dawn.ogg'", ""),
        ("lexicon: {a: }\n" + ONE, "4:14", "lexicon.a: must be text, not nothing", "write a value, or remove the key"),
        (ONE.replace("id: moon", "id: mo on"), "5:9", "id: 'mo on' cannot name a video", ""),
        (
            ONE.replace("It turns.", "It 漢 turns."),
            "8:14",
            "the font ",
            "use another font",
        ),
        (
            ONE.replace("images/moon.jpg", "images/Moon.jpg"),
            "9:15",
            "show.image: there is no 'images/Moon.jpg'",
            "did you",
        ),
        (
            ONE.replace("show: images/moon.jpg", "show: {imag: x}"),
            "9:16",
            "unknown key 'imag'",
            "did you mean 'image'?",
        ),
        (ONE.replace("        show: images/moon.jpg\n", ""), "8:9", "'image' is missing", "add 'image:'"),
    ],
)
def test_mistake_is_told_at_its_place(
    video: Callable[[str], Root], body: str, place: str, message: str, hint: str
) -> None:
    """Each class of mistake in a spec has its line, its column, its words and its hint."""
    told = video(body).told()
    assert any(
        at == f"project.yaml:{place}" and what.startswith(message) and why.startswith(hint) for at, what, why in told
    ), told


@pytest.mark.parametrize(
    ("head", "place", "message"),
    [
        ("voice: pipper/joe", "3:8", "there is no voice engine 'pipper'"),
        ("voice: piper/jo", "3:8", "piper has no voice 'jo'"),
        ("voice: {engine: piper, name: joe, rate: 9}", "3:41", "voice.rate: must be a number between 0.5 and 2, not 9"),
        ("voice: rhvoice/aleksandr-hq", "3:8", "rhvoice/aleksandr-hq speaks ru, not en"),
        ("voice: [piper/joe, rhvoice/aleksandr-hq]", "3:8", "rhvoice/aleksandr-hq speaks ru, not en"),
        ("voice: [piper/joe, piper]", "3:20", "voice: must be 'engine/name', such as rhvoice/aleksandr-hq"),
        ("voice: rhvoice/lyubov", "3:8", "rhvoice/lyubov is licensed CC-BY-NC-ND-4.0"),
        ("# no voice", "5:9", "video 'moon' has no voice engine"),
    ],
)
def test_voice_is_checked_before_anything_is_spoken(root: Root, head: str, place: str, message: str) -> None:
    """An engine or voice that is not there, or that speaks another language, is a mistake of the spec."""
    root.spec(HEAD.replace("voice: piper/joe", head) + ONE)
    assert any(at == f"project.yaml:{place}" and what.startswith(message) for at, what, _ in root.told()), root.told()


def test_voices_to_fall_back_on_belong_to_their_voice(root: Root) -> None:
    """A list is a voice and who speaks instead, at its rate; a block with another voice has its own, or none."""
    chain = "[{engine: edge, name: en-US-AriaNeural, rate: 1.2}, piper/joe, {engine: rhvoice, name: slt, rate: 1}]"
    show = "show: {text: A}"
    blocks = [f"{{say: One., {show}}}", f"{{say: Two., {show}, voice: {{rate: 0.9}}}}"]
    blocks.append(f"{{say: Three., {show}, voice: piper/joe}}")
    listed = "".join(f"      - {block}\n" for block in blocks)
    head = HEAD.replace("piper/joe", f"{chain}\nmode: minimal_text")
    root.spec(f"{head}videos:\n  - id: a\n    title: A\n    blocks:\n{listed}")
    for videos in (root.videos(), root.videos()):  # as read, and as recalled
        one, two, three = (block.voice for block in videos[0].blocks)
        assert [(voice.title, voice.rate) for voice in one.otherwise] == [("piper/joe", 1.2), ("rhvoice/slt", 1.0)]
        assert [voice.rate for voice in (two, *two.otherwise)] == [0.9, 0.9, 1.0]
        assert three.otherwise == ()


def test_a_recording_of_a_block_is_an_asset(root: Root) -> None:
    """`recording` names a sound of the project that is there and can be read; the wrong one is told at its line."""
    with wave.open(str(root.write("voice/one.wav", b"")), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    root.spec(HEAD + ONE + "        recording: voice/one.wav\n")
    for videos in (root.videos(), root.videos()):  # as read, and as recalled
        assert videos[0].blocks[0].recording == root.project / "voice" / "one.wav"
    root.spec(HEAD + ONE + "        recording: voice/two.wav\n")
    assert [(at, hint) for at, _, hint in root.told()] == [("project.yaml:10:20", "did you mean 'voice/one.wav'?")]


def test_noncommercial_voices_are_allowed_where_the_spec_says_so(root: Root) -> None:
    """`allow_noncommercial: true` is taken at the spec's word."""
    root.spec(HEAD.replace("piper/joe", "rhvoice/lyubov\nallow_noncommercial: true") + ONE)
    assert root.videos()[0].allow_noncommercial


def test_mistake_in_a_format_points_into_the_format(root: Root) -> None:
    """A value that a format gives is mended in the format's file."""
    (root.path / "templates" / "formats" / "mine.yaml").write_text("extends: shorts\nmode: carusel\n")
    root.spec(HEAD.replace("shorts", "mine") + ONE)
    (problem,) = root.mistakes()
    assert (problem.file, problem.line, problem.column) == ("templates/formats/mine.yaml", 2, 7)


def test_format_may_lie_inside_the_project(root: Root) -> None:
    """`extends: looks/mine.yaml` is a file beside the spec; one that extends itself is a circle."""
    root.write("looks/mine.yaml", "extends: shorts\npause: 4\n")
    root.spec(HEAD.replace("extends: shorts", "extends: looks/mine.yaml") + ONE)
    assert root.videos()[0].blocks[0].pause == 4
    root.write("looks/mine.yaml", "pause: 4\nextends: looks/mine.yaml\n")
    assert root.told()[0][:2] == (
        "looks/mine.yaml:2:10",
        "'extends' goes in a circle: projects/demo/looks/mine.yaml → projects/demo/looks/mine.yaml",
    )


def test_unknown_format_is_suggested(root: Root) -> None:
    """`extends: short` is asked whether it means shorts."""
    root.spec(HEAD.replace("shorts", "short") + ONE)
    assert root.told() == [("project.yaml:1:10", "no format is called 'short'", "did you mean 'shorts'?")]


def test_every_mistake_of_every_project_is_reported_at_once(root: Root) -> None:
    """Four mistakes in two projects are four problems, in the order of files and lines."""
    root.spec(HEAD + "paus: 1\n" + ONE.replace("title", "titel") + "  - {id: b, title: B, blocks: []}\n")
    (root.path / "projects" / "other.yaml").write_text(HEAD + "videos: none\n")
    found = [(problem.file, problem.line) for problem in root.mistakes()]
    assert found == [
        ("projects/demo/project.yaml", 4),
        ("projects/demo/project.yaml", 7),
        ("projects/demo/project.yaml", 11),
        ("projects/other.yaml", 4),
    ]


def test_names_that_differ_by_case_alone_collide(root: Root) -> None:
    """Two videos, two blocks or two projects must differ by more than capitals, which some disks do not keep."""
    twin = ONE.removeprefix("videos:\n").replace("moon", "Moon").replace("images/Moon", "images/moon")
    root.spec(HEAD + ONE + twin)
    (path := root.path / "projects" / "Demo.yaml").write_text(HEAD + ONE)
    told = root.told()
    assert (
        "project.yaml:10:9",
        "id: another video is called 'Moon'",
        "it is at projects/demo/project.yaml:5:9",
    ) in told
    assert any("another project is called" in what for _, what, _ in told)
    path.unlink()
    blocks = "      - {id: a, say: One., show: images/moon.jpg}\n      - {id: A, say: Two., show: images/moon.jpg}\n"
    root.spec(HEAD + "videos:\n  - id: x\n    title: X\n    blocks:\n" + blocks)
    assert [what for _, what, _ in root.told()] == ["id: another block is called 'A'"]


def test_empty_project_and_hostile_folder_name_are_mistakes(root: Root) -> None:
    """An empty spec lacks videos; a folder that cannot name a project says so."""
    root.spec("")
    bad = root.path / "projects" / "my project"
    bad.mkdir()
    (bad / "project.yaml").write_text(HEAD + "videos:\n  - {id: a, title: A, mode: minimal_text, blocks: [{say: x}]}\n")
    told = [what for _, what, _ in root.told()]
    assert any("must be a mapping" in what for what in told)
    assert any("'my project' cannot name a project" in what for what in told)


def test_unchanged_project_is_recalled_and_a_changed_one_read(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second load gives equal videos without reading the spec; an edit, a new picture or a lost one is noticed."""
    monkeypatch.setattr("recipes.spec.keeping._SLACK", -(10**12))  # the files of a test are younger than any load
    root.spec(HEAD + ONE)
    first = root.videos()
    with monkeypatch.context() as patch:
        patch.setattr("factory.spec.document.Document.read", None)
        assert root.videos() == first
    root.spec(HEAD + ONE.replace("The Moon", "The old Moon"))
    assert root.videos()[0].title == "The old Moon"
    (root.project / "images" / "moon.jpg").unlink()
    assert "there is no" in root.told()[0][1]


def test_damaged_memory_is_forgotten(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in the kept files, a load gives what the spec says."""
    monkeypatch.setattr("recipes.spec.keeping._SLACK", -(10**12))
    root.spec(HEAD + ONE)
    first = root.videos()
    for file in (root.path / "cache" / "spec").rglob("*.json"):
        for damage in ("", "[]", "{}", "null", file.read_text().replace("joe", '", "')):
            file.write_text(damage)
            assert root.videos() == first


def test_published_schema_is_a_schema_and_describes_every_key() -> None:
    """Editors complete from it: each key of a project, video and block has a description."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # slow to import, for this test alone

    schema = json.loads((Path(__file__).parents[3] / "recipes/spec/project.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    definitions = schema["$defs"]
    for owner in (schema, definitions["video"], definitions["block"], definitions["format"]):
        for key, value in owner["properties"].items():
            where = definitions[value["$ref"].rpartition("/")[2]] if "$ref" in value else value
            assert where.get("description"), key


def test_picture_of_a_phone_loads(video: Callable[[str], Root]) -> None:
    """PNG, WebP and a JPEG with EXIF are pictures."""
    root = video(ONE.replace("moon.jpg", "moon.webp"))
    Image.new("RGB", (36, 64)).save(root.project / "images" / "moon.webp")
    assert root.videos()
