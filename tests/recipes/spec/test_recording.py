"""What is said, and by whom, checked before anybody speaks."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.recipes.spec.conftest import Root


def sound(path: Path) -> None:
    """A second of silence."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))


def test_a_pause_is_checked_where_it_stands(video: Callable[[str], Root]) -> None:
    """A pause that cannot be is told at its own column of the line."""
    root = video('videos:\n  - {id: a, title: A, blocks: [{say: "Wait [pause 99] now.", show: images/moon.jpg}]}\n')
    ((place, message, hint),) = root.told()
    assert place == "project.yaml:5:44"
    assert message == "say: a pause takes 0.1 to 10 seconds, not '99'"
    assert hint == "write [pause 0.5]"


def test_a_recorded_video_needs_no_voice(root: Root) -> None:
    """Blocks are in the recording, but for those that name a voice; `volume` alone names none."""
    sound(root.project / "take.wav")
    root.spec(
        "extends: shorts\nlanguage: en\nvideos:\n  - {id: a, title: A, recording: take.wav, blocks: ["
        "{say: One., show: images/moon.jpg}, {say: Two., show: images/moon.jpg, voice: piper/joe},"
        " {say: Three., show: images/moon.jpg, voice: {volume: -3}}]}\n"
    )
    (video,) = root.videos()
    assert video.recording == root.project / "take.wav"
    assert [(block.voice.engine, block.voice.volume) for block in video.blocks] == [
        ("file", 0.0), ("piper", 0.0), ("file", -3.0),
    ]  # fmt: skip


def test_a_recording_has_its_own_pauses(root: Root) -> None:
    """Silence cannot be put into what a person said."""
    sound(root.project / "take.wav")
    root.spec(
        "extends: shorts\nlanguage: en\nvideos:\n  - {id: a, title: A, recording: take.wav, blocks: ["
        "{say: 'One [pause 1] two.', show: images/moon.jpg}]}\n"
    )
    assert [message for _, message, _ in root.told()] == ["say: a recording has its own pauses"]


def test_a_file_is_no_voice(video: Callable[[str], Root]) -> None:
    """Whoever writes a recording as a voice is told how to write it."""
    root = video("videos:\n  - {id: a, title: A, voice: file/me.wav, blocks: [{say: One., show: images/moon.jpg}]}\n")
    ((_, message, hint),) = root.told()
    assert "no voice engine 'file'" in message
    assert hint == "a recording is named by 'recording: FILE'"


def test_stress_is_refused_where_no_voice_would_hear_it(root: Root) -> None:
    """RHVoice stresses as it is told; a voice that would not is refused where the stress stands, used words only."""
    spec = (
        "extends: shorts\nlanguage: ru\nvoice: VOICE\nlexicon:\n  замок: за\u0301мок\n  мука: мука\u0301\n"
        "videos:\n  - {id: a, title: A, blocks: [{say: Это замок., show: images/moon.jpg}]}\n"
    )
    root.spec(spec.replace("VOICE", "rhvoice/anna"))
    assert len(root.videos()) == 1
    root.spec(spec.replace("VOICE", "[rhvoice/anna, edge/ru-RU-DmitryNeural]"))
    assert root.told() == [
        ("project.yaml:5:10", "edge/ru-RU-DmitryNeural would not hear the stress (U+0301)",
         "take it out, or let rhvoice speak")
    ]  # fmt: skip
