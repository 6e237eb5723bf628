"""`doit voices`: who can speak, in which language, under which licence and at what price; and how they sound."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from factory.commands.options import options_first
from factory.commands.run import Run
from factory.errors import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doit.cmdparse import DefaultUpdate

    from factory.target import Target

_LANGUAGE = {
    "name": "language",
    "long": "language",
    "type": str,
    "default": "",
    "help": "only voices that speak it: ru, en",
}
_SAY = {
    "name": "say",
    "long": "say",
    "type": str,
    "default": "",
    "help": "have the named voice say this, and print where the WAV is",
}


class Voices(Run):
    """Exit codes as of `run`. Without a name it lists what it knows, asking no network; nothing is played."""

    doc_purpose = "list voices by language, licence and price, or hear one"
    doc_usage = "[ENGINE | ENGINE/VOICE ...]"
    cmd_options = (_LANGUAGE, _SAY)

    def parse_execute(self, in_args: list[str]) -> int:
        """Options may follow the names."""
        return int(super().parse_execute(options_first(self.cmdparser, in_args)))

    def execute(self, params: DefaultUpdate, args: list[str]) -> int:
        """A list needs no project to be right, and no build; speaking is one."""
        try:
            if not params["say"]:
                _list(args, params["language"])
                return 0
            self._targets = _samples(args, params["say"])
        except StepError as error:
            sys.stderr.write("".join(f"{line}\n" for line in (str(error), error.hint) if line))
            return 2
        return super().execute(params, args)

    def _execute(self, pos_args: list[str], language: str, say: str) -> int:  # type: ignore[override]  # doit calls it by the names of its options
        del pos_args, language, say  # read already
        from doit.control import TaskControl  # noqa: PLC0415 - commands are imported to be listed, too
        from doit.loader import generate_tasks  # noqa: PLC0415

        from factory.build import build  # noqa: PLC0415
        from factory.loader import tasks  # noqa: PLC0415

        wanted = [task for task in generate_tasks("voice", tasks(self._targets)) if not task.has_subtask]
        self.control = TaskControl(wanted)
        self.control.process([task.name for task in wanted])
        code = build(self.dep_manager, self.control.task_dispatcher(), jobs=0, continue_=True, always=False)
        if not code:
            sys.stdout.write("".join(f"{os.path.relpath(path)}\n" for target in self._targets for path in target.paths))
        return code


def _samples(names: Sequence[str], say: str) -> list[Target]:
    from recipes.voices import sample  # noqa: PLC0415 - as above

    if not names:
        raise StepError("who is to say it?", hint='name a voice: doit voices rhvoice/anna --say "…"')
    return [sample.target(name, say, Path.cwd()) for name in dict.fromkeys(names)]


def _list(names: Sequence[str], language: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from recipes import voices  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for heading in ("voice", "speaks", "gender", "$ per million letters", "licence", "now"):
        table.add_column(heading, overflow="fold")
    for title, info, state in voices.roster(names, language):
        price = f"{info.price:g}" if info.price else "free"
        licence = info.licence if info.commercial else f"{info.licence}: not for money (allow_noncommercial)"
        speaks = "any" if info.language == voices.ANY_LANGUAGE else info.language
        style = "" if info.commercial else "dim"
        table.add_row(*(Text(cell, style) for cell in (title, speaks, info.gender, price, licence, state)))
    if not table.row_count:
        raise StepError("no voice is like that", hint=f"engines here: {', '.join(voices.engines())}")
    Console().print(table)
