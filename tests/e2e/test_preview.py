"""`doit preview`: what it draws is what will be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from PIL import Image

from recipes import preview
from recipes.captions import styles
from tests.e2e.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SPEC = """\
extends: shorts
size: [216, 384]
fps: 10
language: en
voice: piper/joe
videos:
  - id: sea
    title: The sea at night
    captions: {options: {size: 110}}
    blocks:
      - {say: The sea is calm tonight., show: one.jpg}
      - {say: "[waves] The tide is full.", show: two.jpg, speaker: Anna}
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A small video, of which nothing is made yet."""
    studio = Studio.open(tmp_path_factory.mktemp("studio") / "sea")
    studio.write("tide/project.yaml", SPEC)
    for number, name in enumerate(("one", "two")):
        studio.paint(f"tide/{name}.jpg", number)
    return studio


def picture(path: Path) -> NDArray[np.uint8]:
    """A picture's pixels."""
    return np.asarray(Image.open(path).convert("RGB"))


def test_a_sheet_needs_no_film(studio: Studio) -> None:
    """The contact sheet has a still for each block; only words and sound are made for it, and its path is told."""
    done = studio.doit("preview", "tide/sea")
    assert "preview/sheet.png" in done.out
    assert not studio.made("tide/sea/blocks.mp4").exists()
    width, height = picture(studio.made("tide/sea/preview/sheet.png")).shape[1::-1]
    assert width > 2 * 72
    assert height > 128
    assert studio.build("preview", "tide/sea") == {}


def test_a_frame_is_the_frame_of_the_final(studio: Studio) -> None:
    """`--at` draws the very frame of final.mp4, captions and all, but for the losses of its encoder."""
    studio.doit("preview", "tide/sea", "--at", "0.9")
    drawn = picture(studio.made("tide/sea/preview/at-0.90.png")).astype(float)
    studio.build("final:tide/sea")
    with av.open(str(studio.made("tide/sea/final.mp4"))) as container:
        frames = [frame.to_ndarray(format="rgb24").astype(float) for frame in container.decode(video=0)]
    differences = [float(np.abs(frame - drawn).mean()) for frame in frames]
    assert int(np.argmin(differences)) == 9
    assert differences[9] < 5
    lit = (drawn[..., 0] > 220) & (drawn[..., 1] > 200) & (drawn[..., 2] < 120)
    assert lit.sum() > 50  # the spoken word is yellow


def test_every_style_is_compared(studio: Studio) -> None:
    """`--captions` has a still of every style, and a page with a clip, with sound, for each style and lead."""
    done = studio.doit("preview", "tide/sea", "--captions")
    assert "preview/captions.html" in done.out
    folder = studio.made("tide/sea/preview")
    page = (folder / "captions.html").read_text(encoding="utf-8")
    for style in styles.names():
        for lead in preview.LEADS:
            name = f"captions-{style}-{lead}.mp4"
            assert f'src="{name}"' in page
            with av.open(str(folder / name)) as clip:
                assert clip.streams.audio
                assert clip.streams.video[0].frames > 5
    assert (folder / "captions.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tide/see"], "did you mean 'tide/sea'"),
        (["tide/sea", "--at", "soon"], "takes seconds"),
        (["tide/sea", "--at", "99"], "the video lasts"),
        ([], "takes the name of a video"),
    ],
)
def test_mistakes_are_told(studio: Studio, arguments: list[str], words: str) -> None:
    """What cannot be previewed is said in a sentence, with what can be."""
    done = studio.doit("preview", *arguments, check=False)
    assert done.code
    assert words in done.out + done.err
