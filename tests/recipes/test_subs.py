"""subs.ass, .srt, .vtt and cues.json: made for a whole video, decided block by block."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pysubs2
import pytest

from recipes import subs
from recipes.spec.model import Block, Captions, Encoding, Frame, SafeArea, Transition, Video, Voice
from tests.workbench import Workbench

SENTENCES = ("Каждую ночь Луна уходит.", "На 3,8 см в год — и это не шутка!", "Представьте себе.")
FRAMES = 75


def words(sentences: tuple[str, ...], frames: int = FRAMES) -> dict[str, Any]:
    """A words.json of blocks of one sentence and three seconds (25 fps) each."""
    blocks = []
    for number, sentence in enumerate(sentences):
        said = [
            {"text": word, "start": 300 * n, "end": 300 * n + 250, "sentence": 0, "source": "test"}
            for n, word in enumerate(sentence.split())
        ]
        blocks.append({"id": f"{number + 1:02}", "start_frame": number * frames, "frames": frames, "words": said})
    return {"version": 1, "fps": [25, 1], "sample_rate": 48000, "frames": frames * len(blocks), "blocks": blocks}


def video(folder: Path, style: str = "shorts", **options: Any) -> Video:
    """A tiny upright video."""
    return Video(
        project="test",
        id="moon",
        title="Луна",
        language="ru",
        frame=Frame(216, 384, (25, 1)),
        safe_area=SafeArea(100, 60, 150, 60),
        encoding=Encoding("ultrafast", 30, 96),
        captions=Captions(style, "burned", options),
        music=None,
        blocks=(),
        recording=None,
        lexicon={},
        align="auto",
        allow_noncommercial=False,
        must_pass=False,
        description="",
        tags=(),
        folder=folder / "build",
        project_folder=folder,
    )


def described(said: dict[str, Any], speaker: str = "", **translations: str) -> Block:
    """What a spec would say of a block of words.json."""
    text = " ".join(word["text"] for word in said["words"])
    voice, transition = Voice("none", "none", 1.0, 0.0, 0.0), Transition("cut", 0.0)
    return Block(said["id"], text, speaker, translations, {}, {}, "none", voice, 0.0, transition)


def proof(folder: Path, grounds: tuple[str, ...]) -> None:
    """A blocks.mp4 of one colour (or `testsrc`-like noise) per block, at a third of the size."""
    graph = "".join(
        (f"nullsrc=s=72x128:r=25:d=3,geq=random(1)*255:128:128[v{n}];")
        if ground == "noise"
        else f"color={ground}:s=72x128:r=25:d=3[v{n}];"
        for n, ground in enumerate(grounds)
    )
    graph += "".join(f"[v{n}]" for n in range(len(grounds))) + f"concat=n={len(grounds)},format=yuv420p"
    write = ["-c:v", "libx264", "-preset", "ultrafast", "-y", str(folder / "build" / "blocks.mp4")]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-filter_complex", graph, *write]
    subprocess.run(command, check=True, capture_output=True)


def make(
    folder: Path, made: Video, said: dict[str, Any], grounds: tuple[str, ...] = ("black",) * 3
) -> tuple[dict[str, Any], dict[str, Path]]:
    """cues.json and the paths of all four files."""
    made = made if made.blocks else replace(made, blocks=tuple(map(described, said["blocks"])))
    made.folder.mkdir(parents=True, exist_ok=True)
    (made.folder / "words.json").write_text(json.dumps(said), encoding="utf-8")
    proof(folder, grounds)
    bench = folder / "bench"
    shutil.rmtree(bench, ignore_errors=True)
    paths = Workbench(bench).deliver(subs.target(made))
    return json.loads(paths["cues.json"].read_text(encoding="utf-8")), paths


def test_every_file_holds_every_word_once(tmp_path: Path) -> None:
    """The whole script is captioned, in the subtitle files and in the picture, in order."""
    cues, paths = make(tmp_path, video(tmp_path, "longform"), words(SENTENCES))
    script = " ".join(SENTENCES)
    assert (
        " ".join(word["text"] for block in cues["blocks"] for cue in block["cues"] for word in cue["words"]) == script
    )
    for name in ("subs.srt", "subs.vtt", "subs.ass"):
        read = pysubs2.load(str(paths[name]), encoding="utf-8")
        assert " ".join(event.plaintext.replace("\n", " ") for event in read) == script


def test_captions_fit_the_times_of_their_blocks(tmp_path: Path) -> None:
    """subs.ass counts from the video's beginning, a block's own document from the block's."""
    cues, paths = make(tmp_path, video(tmp_path, "minimal"), words(SENTENCES))
    whole = pysubs2.load(str(paths["subs.ass"]), encoding="utf-8")
    own = pysubs2.SSAFile.from_string(cues["blocks"][1]["ass"])
    assert own[0].start == 0
    assert min(event.start for event in whole if event.plaintext in {one.plaintext for one in own}) == 3000
    assert max(event.end for event in own) <= 3000


def test_a_block_is_captioned_the_same_wherever_it_stands(tmp_path: Path) -> None:
    """Editing or moving other blocks leaves a block's document and placement byte for byte."""
    grounds = ("black", "white", "gray")
    before, _ = make(tmp_path, video(tmp_path), words(SENTENCES), grounds)
    after, _ = make(tmp_path, video(tmp_path), words(("Раз.", *SENTENCES[1:])), ("red", *grounds[1:]))
    moved, _ = make(tmp_path, video(tmp_path), words(SENTENCES[1:]), grounds[1:])
    for key in ("ass", "placement", "cues"):
        assert after["blocks"][1][key] == before["blocks"][1][key]
        assert moved["blocks"][0][key] == before["blocks"][1][key]


def test_captions_are_boxed_only_where_the_picture_is_too_bright(tmp_path: Path) -> None:
    """White text keeps to itself on black and gets a box on white, where every ratio reaches 4.5 again."""
    cues, _ = make(tmp_path, video(tmp_path, "longform"), words(SENTENCES), ("black", "white", "black"))
    placements = [block["placement"] for block in cues["blocks"]]
    assert [placement["boxed"] for placement in placements] == [False, True, False]
    for placement in placements:
        chosen = next(
            tried
            for tried in placement["tried"]
            if (tried["position"], tried["boxed"]) == (placement["position"], placement["boxed"])
        )
        assert chosen["contrast"] >= 4.5


def test_captions_move_to_where_the_picture_is_calm(tmp_path: Path) -> None:
    """Where the foot of the picture is noise and the top is not, captions go to the top."""
    made = video(tmp_path, "longform")
    made.folder.mkdir(parents=True)
    noise = "nullsrc=s=72x64:r=25:d=3,geq=random(1)*255:128:128[b]"
    graph = f"color=black:s=72x64:r=25:d=3[a];{noise};[a][b]vstack,format=yuv420p"
    write = ["-c:v", "libx264", "-preset", "ultrafast", str(made.folder / "blocks.mp4")]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-filter_complex", graph, *write]
    subprocess.run(command, check=True, capture_output=True)
    said = words(SENTENCES[:1])
    made = replace(made, blocks=tuple(map(described, said["blocks"])))
    (made.folder / "words.json").write_text(json.dumps(said), encoding="utf-8")
    paths = Workbench(tmp_path / "bench").deliver(subs.target(made))
    (block,) = json.loads(paths["cues.json"].read_text(encoding="utf-8"))["blocks"]
    assert (block["placement"]["position"], block["placement"]["boxed"]) == ("top", False)


def test_shorts_have_readable_phrases_beside_them(tmp_path: Path) -> None:
    """The subtitle files of a short hold phrases, whatever groups of words the picture shows."""
    cues, paths = make(tmp_path, video(tmp_path, words=1), words(SENTENCES))
    assert all(len(cue["words"]) == 1 for block in cues["blocks"] for cue in block["cues"])
    assert [event.plaintext for event in pysubs2.load(str(paths["subs.srt"]), encoding="utf-8")] == list(SENTENCES)


def test_hurried_cues_are_marked(tmp_path: Path) -> None:
    """Reading speed is told for every cue, with a warning from 17 characters a second and a failure from 21."""
    said = words(("Разговаривающему человеку непросто.",))
    cues, _ = make(tmp_path, video(tmp_path, "longform", lag=0), said, ("black",))
    (cue,) = cues["blocks"][0]["cues"]
    assert cue["speed"] == pytest.approx(35000 / (cue["end"] - cue["start"]), abs=0.1)
    assert cue["hurried"] == ("fail" if cue["speed"] > 21 else "warn" if cue["speed"] > 17 else "")


def test_a_silent_block_has_an_empty_document(tmp_path: Path) -> None:
    """A block without words is there, with valid files and nothing to draw."""
    said = words(("Раз.", "", "Три."))
    cues, paths = make(tmp_path, video(tmp_path), said)
    assert cues["blocks"][1]["cues"] == []
    assert len(pysubs2.SSAFile.from_string(cues["blocks"][1]["ass"])) == 0
    assert len(pysubs2.load(str(paths["subs.srt"]), encoding="utf-8")) == 2


def test_the_style_and_its_font_are_told(tmp_path: Path) -> None:
    """cues.json says with which values and which font file the captions were made."""
    cues, _ = make(tmp_path, video(tmp_path, "ad", color="#112233"), words(SENTENCES))
    assert cues["style"]["color"] == "#112233"
    assert cues["style"]["fonts"] == ["Rubik-ExtraBold.ttf"]


def test_the_captions_of_a_video_know_nothing_of_its_title(tmp_path: Path) -> None:
    """A new title, tag or music makes no caption again: the target reads none of them."""
    target = subs.target(video(tmp_path))
    assert set(target.params) == {
        "style",
        "language",
        "frame",
        "safe_area",
        "font_file",
        "speakers",
        "prefixes",
        "translations",
    }
    assert set(target.sources) == {"words", "proof", "font", "font_emoji", "base", "template"}


def test_a_speaker_has_a_name_and_a_colour(tmp_path: Path) -> None:
    """The name comes before the first words of another speaker, in every file, and the colour with all of them."""
    said = words(SENTENCES)
    made = video(tmp_path, "longform", speaker_colors={"Анна": "#FF8800"})
    speakers = ("Анна", "Анна", "Пётр")
    made = replace(made, blocks=tuple(described(one, who) for one, who in zip(said["blocks"], speakers, strict=True)))
    cues, paths = make(tmp_path, made, said)
    assert [block["cues"][0]["lines"][0].split(":")[0] for block in cues["blocks"]][::2] == ["АННА", "ПЁТР"]
    assert ["\\1c&H0088FF&" in block["ass"] for block in cues["blocks"]] == [True, True, False]
    assert "АННА: Каждую" in paths["subs.srt"].read_text(encoding="utf-8")
    assert paths["subs.srt"].read_text(encoding="utf-8").count("АННА") == 1


def test_emoji_are_set_in_their_font_at_the_size_of_the_text(tmp_path: Path) -> None:
    """The picture of an emoji is as wide as measured; what comes after is set in the style's font again."""
    cues, _ = make(tmp_path, video(tmp_path, "minimal"), words(("Луна 🌙 тут.", "Два.", "Три.")))
    first, second = cues["blocks"][0]["ass"], cues["blocks"][1]["ass"]
    assert re.search(r"Луна \{\\fnNoto Emoji Bold\\fs[\d.]+\}🌙\{\\fnGolos Text Medium\\fs[\d.]+\} тут\.", first)
    assert "Emoji" not in second
