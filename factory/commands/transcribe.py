"""`doit transcribe FILE`: begin a project with what is said in a recording."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from doit.cmd_run import opt_num_process

from factory.commands.run import Run
from factory.commands.validate import root

if TYPE_CHECKING:
    from doit.cmdparse import DefaultUpdate

_NAME = {
    "name": "project",
    "long": "project",
    "type": str,
    "default": "",
    "help": "the project's name [default: the file's]",
}


class Transcribe(Run):
    """Exit codes as of `run`; 2 where the file is not there or the project is. Nothing is ever overwritten."""

    doc_purpose = "begin a project with what is said in a recording"
    doc_usage = "FILE"
    cmd_options = (_NAME, opt_num_process)

    def execute(self, params: DefaultUpdate, args: list[str]) -> int:
        """As `run`, of one recording."""
        if len(args) == 1 and Path(args[0]).is_file():
            return super().execute(params, args)
        sys.stderr.write("doit transcribe takes one sound or video file\n")
        return 2

    def _execute(self, pos_args: list[str], project: str, num_process: int) -> int:  # type: ignore[override]  # doit calls it by the names of its options
        from doit.control import TaskControl  # noqa: PLC0415 - commands are imported to be listed, too
        from doit.loader import generate_tasks  # noqa: PLC0415

        from factory.build import build  # noqa: PLC0415
        from factory.loader import tasks  # noqa: PLC0415
        from recipes import transcript  # noqa: PLC0415
        from recipes.spec.shelf import SLUG, SLUG_RULE  # noqa: PLC0415

        here, recording = root(Path.cwd()), Path(pos_args[0]).resolve()
        slug = project or re.sub(r"[^A-Za-z0-9_-]+", "-", recording.stem).strip("-_")[:64] or "recording"
        if not SLUG.match(slug):
            sys.stderr.write(f"--project: {SLUG_RULE}\n")
            return 2
        spec = here / "projects" / slug / "project.yaml"
        if spec.parent.exists():
            sys.stderr.write(f"there is a projects/{slug}; name another one with --project\n")
            return 2
        target = transcript.target(recording, slug, here / "build" / slug / "transcript")
        wanted = [task for task in generate_tasks("transcript", tasks([target])) if not task.has_subtask]
        self.control = TaskControl(wanted)
        self.control.process([task.name for task in wanted])
        code = build(self.dep_manager, self.control.task_dispatcher(), jobs=num_process, continue_=False, always=False)
        if not code:
            spec.parent.mkdir(parents=True)
            spec.write_bytes(target.paths[0].read_bytes())
            sys.stdout.write(f"made projects/{slug}/project.yaml: read it through, then build it with doit\n")
        return code
