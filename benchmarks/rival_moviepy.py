"""The same short the usual way, with MoviePy 2: a clip per picture, captions composited over it, all joined.

Run by `benchmarks/short.py` in an environment of its own (`uv run --with moviepy==2.2.1`), because MoviePy is a rival
here and no dependency. It is given what Content Factory made (words with times, the sound) and has to do the picture
only: speech and loudness are not on its clock.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from moviepy import (  # type: ignore[import-not-found, import-untyped, unused-ignore]  # installed for this run only
    AudioFileClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    concatenate_videoclips,
)

ZOOM = 0.15


def make(folder: Path) -> float:
    """Build `folder`/rival.mp4 from `folder`/job.json; seconds of wall time it took."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    width, height = job["size"]
    began = time.monotonic()
    clips = []
    for block in job["blocks"]:
        seconds = block["seconds"]
        picture = ImageClip(block["image"], duration=seconds)
        cover = max(width / picture.w, height / picture.h)
        moving = picture.resized(lambda t, c=cover, s=seconds: c * (1 + ZOOM * t / s)).with_position("center")
        layers = [moving]
        for cue in block["cues"]:
            text = TextClip(
                font=job["font"],
                text=cue["text"],
                font_size=84,
                color="yellow",
                stroke_color="black",
                stroke_width=6,
                method="caption",
                size=(width - 180, None),
                text_align="center",
            )
            text = text.with_start(cue["start"]).with_duration(cue["end"] - cue["start"])
            layers.append(text.with_position(("center", 0.66), relative=True))
        clips.append(CompositeVideoClip(layers, size=(width, height)).with_duration(seconds))
    video = concatenate_videoclips(clips).with_audio(AudioFileClip(job["audio"]))
    video.write_videofile(
        str(folder / "rival.mp4"),
        fps=job["fps"],
        codec="libx264",
        preset="veryfast",
        audio_codec="aac",
        ffmpeg_params=["-crf", "20", "-pix_fmt", "yuv420p"],
        logger=None,
    )
    return time.monotonic() - began


if __name__ == "__main__":
    print(json.dumps({"seconds": make(Path(sys.argv[1]))}))
