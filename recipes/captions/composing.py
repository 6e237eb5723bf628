"""All of captioning but its files: words of a video, a style and a picture in, placed cues of every block out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from recipes.captions import ass, cues, layout, placement, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from factory.step import Json


@dataclass(frozen=True)
class Composition:
    """The captions of a video: its words, and for each block its cues and where they stand."""

    look: layout.Look
    rules: cues.Rules
    said: list[list[cues.Word]]
    blocks: list[placement.Timed]
    placements: list[placement.Placement]

    def placed(self) -> list[list[layout.PlacedCue]]:
        """The cues of each block where they stand."""
        return [
            [where.put(cue, self.look) for cue in block.cues]
            for block, where in zip(self.blocks, self.placements, strict=True)
        ]


def compose(
    words: Mapping[str, Any],
    params: Mapping[str, Json],
    font: Path,
    pictures: placement.Pictures,
    check: Callable[[], None],
) -> Composition:
    """Caption the blocks of a words.json.

    Args:
        words: the file, or as many of its blocks as there are `speakers` and `prefixes` in `params`.
        params: what `recipes.subs.described` says of a video.
        font: the file of the style's font.
        pictures: frames to measure, counted as words.json counts them.
        check: raises when the build is being stopped.
    """
    style = cast("Mapping[str, Json]", params["style"])
    language = str(params["language"])
    width, height = cast("tuple[int, int]", params["frame"])
    safe_area = cast("Mapping[str, Json]", params["safe_area"])
    look = layout.look(style, (width, height), safe_area, font, language=language)
    fps = words["fps"][0] / words["fps"][1]
    rules = _rules(style, language, look, 1000 / fps)
    prefixes, speakers = cast("Sequence[str]", params["prefixes"]), cast("Sequence[str]", params["speakers"])
    said = [wording.spoken(block, language, prefix) for block, prefix in zip(words["blocks"], prefixes, strict=True)]
    blocks = [
        placement.Timed(block["start_frame"], [replace(cue, speaker=speaker) for cue in cut(own, block, rules)])
        for own, block, speaker in zip(said, words["blocks"], speakers, strict=True)
    ]
    placements = placement.decide(blocks, pictures, fps=fps, look=look, style=style, check=check)
    return Composition(look, rules, said, blocks, placements)


def cut(words: Sequence[cues.Word], block: Mapping[str, Any], rules: cues.Rules) -> list[cues.Cue]:
    """The cues of a block of words.json."""
    return cues.build(words, int(block["frames"] * rules.frame), rules)


def writer(composition: Composition, style: Mapping[str, Json], inputs: Mapping[str, Path]) -> ass.Writer:
    """What writes ASS documents in the style, with the templates among the inputs of a step."""
    names = {"base.ass.j2": "base", f"{style['template']}.ass.j2": "template"}
    templates = {name: inputs[role].read_text(encoding="utf-8") for name, role in names.items()}
    return ass.Writer(composition.look, style, templates)


def _rules(style: Mapping[str, Json], language: str, look: layout.Look, frame: float) -> cues.Rules:
    def whole(key: str) -> int:
        return int(cast("int", style[key]))

    return cues.Rules(
        language=language,
        measure=look.measure,
        width=look.room,
        characters=whole("characters") or cues.line_characters(language),
        lines=whole("lines"),
        words=whole("words"),
        lead=whole("lead"),
        lag=whole("lag"),
        frame=frame,
    )
