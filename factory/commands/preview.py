"""`doit preview VIDEO`: what a video will look like, without waiting for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from doit.cmd_run import opt_num_process

from factory.commands.options import options_first
from factory.commands.run import Run
from factory.spec.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from doit.cmdparse import DefaultUpdate

    from factory.target import Target
    from recipes.spec.model import Video

_AT = {
    "name": "at",
    "long": "at",
    "type": str,
    "default": "",
    "help": "the frame at that many seconds, as large as the video",
}
_CAPTIONS = {
    "name": "captions",
    "long": "captions",
    "type": bool,
    "default": False,
    "help": "the same moment in every caption style, and a page that plays them side by side",
}


class Preview(Run):
    """Speaks what is not spoken yet and draws from there. Exit codes as of `run`; nothing is opened."""

    doc_purpose = "draw a contact sheet, one frame, or every caption style of a video"
    doc_usage = "VIDEO ..."
    cmd_options = (_AT, _CAPTIONS, opt_num_process)

    def parse_execute(self, in_args: list[str]) -> int:
        """Options may follow the names."""
        return int(super().parse_execute(options_first(self.cmdparser, in_args)))

    def execute(self, params: DefaultUpdate, args: list[str]) -> int:
        """As `run`, but never of everything: a preview is of the video one is at."""
        if args:
            return super().execute(params, args)
        sys.stderr.write("doit preview takes the name of a video, such as demo/moon\n")
        return 2

    def _execute(self, pos_args: list[str], at: str, captions: bool, num_process: int) -> int:  # type: ignore[override]  # doit calls it by the names of its options
        from doit.control import TaskControl  # noqa: PLC0415 - commands are imported to be listed, too
        from doit.loader import generate_tasks  # noqa: PLC0415

        from factory.build import build  # noqa: PLC0415
        from factory.loader import tasks  # noqa: PLC0415
        from recipes.spec import load_videos  # noqa: PLC0415

        videos = {video.name: video for video in load_videos(Path.cwd())}
        unknown = [name for name in pos_args if name not in videos]
        if unknown:
            hint = did_you_mean(unknown[0], videos) or f"there is {', '.join(list(videos)[:12])}"
            sys.stderr.write(f"no video is called '{unknown[0]}'; {hint}\n")
            return 2
        try:
            draw = _drawing(at, captions=captions)
        except ValueError:
            sys.stderr.write(f"--at takes seconds, such as 12.5, not '{at}'\n")
            return 2
        targets = [draw(videos[name]) for name in dict.fromkeys(pos_args)]
        wanted = [task for task in generate_tasks("preview", tasks(targets)) if not task.has_subtask]
        self.control = TaskControl([*self.task_list, *wanted])
        self.control.process([task.name for task in wanted])
        code = build(self.dep_manager, self.control.task_dispatcher(), jobs=num_process, continue_=False, always=False)
        if not code:
            # The summary has told the first file of each.
            shown = [path for target in targets for path in target.paths[1:] if path.suffix != ".mp4"]
            sys.stdout.write("".join(f"{os.path.relpath(path)}\n" for path in shown))
        return code


def _drawing(at: str, *, captions: bool) -> Callable[[Video], Target]:
    """What is asked for of each video. Raises ValueError for a time that is none."""
    from recipes import preview  # noqa: PLC0415 - see _execute

    if captions:
        return preview.comparison
    if not at:
        return preview.sheet
    seconds = float(at)
    if not 0 <= seconds < float("inf"):
        raise ValueError(at)
    return lambda video: preview.frame(video, seconds)
