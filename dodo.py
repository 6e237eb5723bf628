"""The front door of `doit`: what is made for every video, in the order it is made."""

from collections.abc import Iterator
from typing import Any

from factory.loader import config, loading, tasks
from recipes import audio, blocks, final, qa, script, subs
from recipes.spec import load_videos

DOIT_CONFIG = config("final", "gate")
videos = loading(load_videos)


def task_script() -> Iterator[dict[str, Any]]:
    """The words of a video, block by block."""
    return tasks(map(script.target, videos()))


def task_audio() -> Iterator[dict[str, Any]]:
    """Speech and music, and the time of every word."""
    return tasks(map(audio.target, videos()))


def task_blocks() -> Iterator[dict[str, Any]]:
    """The picture at proof size, to be watched within seconds."""
    return tasks(map(blocks.target, videos()))


def task_subs() -> Iterator[dict[str, Any]]:
    """Captions, placed against the real picture."""
    return tasks(map(subs.target, videos()))


def task_final() -> Iterator[dict[str, Any]]:
    """The finished video."""
    return tasks(map(final.target, videos()))


def task_quality() -> Iterator[dict[str, Any]]:
    """The checks of the finished video: `doit qa` makes them."""
    return tasks(map(qa.target, videos()))


def task_gate() -> Iterator[dict[str, Any]]:
    """A video that must pass its checks (`qa: {fail: true}`) fails the build until it does."""
    return tasks(qa.gate(video) for video in videos() if video.must_pass)
