"""A target: what doit calls a task. Known before anything runs, while its steps are known only when it is expanded.

`doit list`, selection, `info` and `clean` see targets. Steps are the fan-out inside: `expand` reads the files made
by earlier targets (the words, their times) and answers with the steps whose outputs are to be delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from factory.step import Json, Output

type Expand = Callable[[Mapping[str, Json], Mapping[str, Path]], Mapping[str, Output]]
"""(params, role → existing source file) → delivered file name → the step output it is. Pure and quick: it may read
the small JSON files among its sources, and must not run tools or look at anything else."""


@dataclass(frozen=True, eq=False)
class Target:
    """One of the five files of a video (or a file a project asks for besides)."""

    kind: str
    """The doit task it belongs to: `script`, `audio`, `blocks`, `subs`, `final`."""
    name: str
    """`<project>/<video>`."""
    expand: Expand
    """A module-level function."""
    folder: Path
    """Where the delivered files go: `build/<project>/<video>`."""
    outputs: tuple[str, ...]
    """The file names `expand` answers with; the first is the one a person thinks of as the target."""
    params: Mapping[str, Json] = field(default_factory=dict)
    """All of the spec `expand` reads. A target whose params, sources and outputs have not moved is up to date."""
    sources: Mapping[str, Path] = field(default_factory=dict)
    """Role → file: an earlier target's output, or an asset. These are doit's `file_dep`."""
    reads: tuple[str, ...] | None = None
    """The sources `expand` opens; None: all. The rest only its steps read, so that it can be laid out, and the steps
    that read none of them run, while those are still being made."""
    otherwise: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """Other ways to make it: what a person calls each → the params to expand with instead. When a step fails for good,
    the whole target is laid out the next way, so that nothing of the first is in it; for what must not be mixed."""
    doc: str = ""
    """One line for `doit list`."""

    @property
    def id(self) -> str:
        """The doit task name, `final:demo/moon`."""
        return f"{self.kind}:{self.name}"

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file it delivers."""
        return tuple(self.folder / name for name in self.outputs)
