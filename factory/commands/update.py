"""`doit update VIDEO ["some words" ...]`: have a network voice say again what is pinned, and pin what it says now."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.commands.run import Run
from factory.commands.validate import root
from factory.errors import FactoryError, StepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doit.cmdparse import DefaultUpdate

    from factory.step import Step
    from recipes.spec.model import Video


class Update(Run):
    """Exit codes as of `run`; 2 for what is not pinned. The lock is as it was until all of it has been said."""

    doc_purpose = "have network voices say again what is pinned"
    doc_usage = 'VIDEO ["words of a sentence" ...]'
    cmd_options = ()

    def execute(self, params: DefaultUpdate, args: list[str]) -> int:
        """Look up what is meant before anything is loaded or spent."""
        try:
            if not args:
                raise StepError("doit update takes a video", hint='and the words of a sentence, if not all: "The sea"')
            self._video, self._steps = _meant(args[0], args[1:])
        except FactoryError as mistake:
            hint = getattr(mistake, "hint", "")
            sys.stderr.write("".join(f"{line}\n" for line in (str(mistake), hint) if line))
            return 2
        return super().execute(params, args)

    def _execute(self, pos_args: list[str]) -> int:  # type: ignore[override]  # doit calls it by the names of its options
        del pos_args  # looked up already
        from doit.control import TaskControl  # noqa: PLC0415 - commands are imported to be listed, too
        from doit.loader import generate_tasks  # noqa: PLC0415

        from factory.build import build  # noqa: PLC0415
        from factory.loader import tasks  # noqa: PLC0415
        from recipes.sound import rerolling  # noqa: PLC0415

        target = rerolling.target(self._video, self._steps)
        wanted = [task for task in generate_tasks("update", tasks([target])) if not task.has_subtask]
        self.control = TaskControl(wanted)
        self.control.process([task.name for task in wanted])
        code = build(self.dep_manager, self.control.task_dispatcher(), jobs=0, continue_=False, always=True)
        if not code:
            _keep(self._video, self._steps)
            sys.stdout.write(f"doit final:{self._video.name} makes the video with it\n")
        shutil.rmtree(target.folder, ignore_errors=True)
        return code


def _meant(name: str, words: Sequence[str]) -> tuple[Video, list[Step]]:
    """The video, and the steps of the pinned sentences with all of one of the `words` in them; all, without words."""
    from factory.commands.pin import speaking  # noqa: PLC0415
    from recipes.sound import pinning  # noqa: PLC0415
    from recipes.spec import load_videos  # noqa: PLC0415

    videos = {video.name: video for video in load_videos(root(Path.cwd()))}
    if name not in videos:
        raise StepError(f"no video is called '{name}'; there is {', '.join(list(videos)[:12])}")
    video = videos[name]
    lock = video.project_folder / pinning.LOCK
    pins = pinning.pins(lock if lock.is_file() else None, video.id)
    if not pins.said:
        raise StepError(f"nothing of {name} is pinned", hint=f"doit pin {name} keeps what network voices said")
    steps = {pinning.identity(step): step for step in speaking(video, pins.place) if pins.find(step)}
    texts = {key: str(step.params["text"]) for key, step in steps.items()}
    if missing := [part for part in words if not any(part.casefold() in text.casefold() for text in texts.values())]:
        raise StepError(f"no pinned sentence of {name} has '{missing[0]}' in it", hint="write it as it is spoken")
    chosen = [
        step
        for key, step in steps.items()
        if not words or any(part.casefold() in texts[key].casefold() for part in words)
    ]
    return video, chosen


def _keep(video: Video, steps: Sequence[Step]) -> None:
    """Put what was said now into the lock, tell how it differs, and let go of what no video needs any more."""
    from factory.commands.pin import kept, write  # noqa: PLC0415
    from factory.digests import FileDigests  # noqa: PLC0415
    from factory.loader import CACHE  # noqa: PLC0415
    from factory.store import Store  # noqa: PLC0415
    from recipes.sound import pinning, waves  # noqa: PLC0415

    lock, folder = video.project_folder / pinning.LOCK, video.project_folder / pinning.FOLDER
    content = pinning.read(lock)
    store = Store(root(Path.cwd()) / CACHE, FileDigests())
    before = _files(content, folder)
    for step in steps:
        entry = content[video.id]["speech"][pinning.identity(step)]
        old = folder / f"{entry['speech']}.wav"
        entry.update(kept(step, store, folder))
        new = folder / f"{entry['speech']}.wav"
        lengths = [f"{size / rate:.2f} s" for size, rate in (waves.size(path) for path in (old, new) if path.is_file())]
        same = " (the same sound)" if old == new else ""
        told = f"{step.label} {' → '.join(lengths)}{same}  {os.path.relpath(new)}"
        sys.stdout.write(f"{told}\n")
    write(lock, content)
    for path in before - _files(content, folder):
        path.unlink(missing_ok=True)


def _files(content: Mapping[str, Any], folder: Path) -> set[Path]:
    """Every file a lock's videos need."""
    entries = [entry for video in content.values() for entry in video["speech"].values()]
    return {
        folder / f"{entry[role]}{kind}" for entry in entries for role, kind in (("speech", ".wav"), ("words", ".json"))
    }
