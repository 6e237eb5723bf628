from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from recipes import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_no_file_that_a_users_media_names(tmp_path: Path) -> None:
    """A playlist dressed up as a song is refused: it could name any file or address."""
    secret = tmp_path / "secret.wav"
    secret.write_bytes(b"RIFF")
    song = tmp_path / "song.wav"
    song.write_text(f"ffconcat version 1.0\nfile '{secret.name}'\n", encoding="utf-8")
    line = ffmpeg.arguments(ffmpeg.media(song).output(str(tmp_path / "out.wav")))

    done = subprocess.run(line, capture_output=True, check=False)

    assert done.returncode
    assert b"whitelist" in done.stderr or b"Invalid data" in done.stderr
    assert not (tmp_path / "out.wav").exists()


def test_takes_any_file_name_as_a_name(tmp_path: Path) -> None:
    """A name that looks like an option or a protocol is still that file."""
    song = tmp_path / "concat:-y;$(id).wav"
    subprocess.run([ffmpeg.binary(), "-v", "error", "-f", "lavfi", "-i", "sine=d=0.1", f"file:{song}"], check=True)

    line = ffmpeg.arguments(ffmpeg.media(song).output(str(tmp_path / "out.wav")))

    assert subprocess.run(line, capture_output=True, check=False).returncode == 0


def test_never_waits_for_a_person(tmp_path: Path) -> None:
    """A compiled command is quiet and non-interactive, and overwrites its own output."""
    line = ffmpeg.arguments(ffmpeg.own(tmp_path / "a.wav").output("b.wav"))

    assert {"-nostdin", "-hide_banner", "-y"} <= set(line)
