"""What stock doit 0.37 gets wrong (`test_stock_doit.py` shows it), the other way round here.

The names are the experiments' own. E1 (kill -9), E4 (SIGTERM, Ctrl-C) and E5 (two builds) are in `test_stopping.py`,
E15 (why) in `test_why.py`.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.actions import Action, Staged
from factory.backend import DigestChecker
from factory.digests import Digest, sha256_of
from factory.keys import key_of
from factory.step import Job, Step
from factory.testing import finished, start
from tests.factory.conftest import steps
from tests.factory.test_stopping import PATIENCE, sleeping, until

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_e2_half_a_file_is_never_delivered(project: Project) -> None:
    """A build killed in the middle of a step leaves the old delivered file or none, and is not up to date."""
    project.write("moon", "sleep=60")
    process = sleeping(project)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert not project.final("moon").exists()
    project.write("moon", "one")
    assert project.doit().ran == steps(write_script=1, render=1, join=1)


def test_e3_killed_tool_fails_its_step(project: Project) -> None:
    """A program killed from outside, as the out-of-memory killer does, is a failure and not a wait without end."""
    project.write("moon", "sleep=60")
    process = sleeping(project)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text() == "sleep\n" and (folder / "cwd").resolve().is_relative_to(project.root):
                os.kill(int(folder.name), signal.SIGKILL)
        except OSError:
            continue
    outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert outcome.code == 1
    assert "sleep ended with code -9" in outcome.out


def test_e5b_failure_does_not_lock_the_state(project: Project) -> None:
    """A build with a failed target that goes on for long does not stand in another's way."""
    project.write("dark", "fail")
    project.write("moon", "sleep=3")
    slow = start(project.root, "--continue")
    until(lambda: any("sleep" in child for child in project.children()))
    project.write("sun", "four")
    assert project.doit("final:toy/sun").outcomes["final:toy/sun"] == "built"
    assert finished(project.root, slow, *slow.communicate(timeout=PATIENCE)).outcomes["final:toy/moon"] == "built"


def echo(job: Job) -> None:
    """A step at module level."""
    job.output("out").write_bytes(job.inputs["in"].read_bytes())


def test_e6_actions_travel(tmp_path: Path) -> None:
    """What a worker is sent can be pickled, whatever starts it: fork, forkserver, spawn or another machine."""
    step, digest = Step("echo", echo, ("out",)), Digest.of_bytes(b"in")
    action = Action(
        key_of(step, {"in": digest}), "echo", "", echo, {}, {"in": Staged(digest, ".txt", tmp_path)}, ("out",),
        "artifact", None, 2, "final:toy/moon",
    )  # fmt: skip
    assert pickle.loads(pickle.dumps(action)) == action  # noqa: S301 - pickled on the same line


def test_e7_tools_print_into_their_own_log(project: Project) -> None:
    """Whatever runs beside it, a step's log holds its own tool's words and no other's."""
    toy = project.root / "toys/making.py"
    toy.write_text(toy.read_text().replace('["sleep", value]', '["sh", "-c", f"echo {value} >&2; sleep 0.2"]'))
    project.write("moon", *(f"sleep=word{number}" for number in range(6)))
    project.doit("-n", "6")
    logs = [path.read_text().splitlines() for path in project.root.glob("cache/runs/*/steps/render-*.log")]
    assert sorted(log[1] for log in logs) == [f"word{number}" for number in range(6)]
    assert all(log[1] in log[0] and len(log) == 2 for log in logs)


def test_e8_touched_file_is_hashed_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a touch the content is read once, however many targets use it, and the new time is remembered."""
    asset = project.root / "projects/asset.bin"
    asset.write_bytes(b"asset")
    checker = DigestChecker()
    state = checker.get_state(str(asset), None)
    assert state is not None
    os.utime(asset, ns=(0, 0))
    read: list[Path] = []

    def counted(path: Path) -> Digest:
        read.append(path)
        return sha256_of(path)

    monkeypatch.setattr("factory.digests.sha256_of", counted)
    assert not any(checker.check_modified(str(asset), asset.stat(), state) for _ in range(20))
    assert len(read) == 1


def test_e9_edit_behind_an_equal_mtime_is_seen(project: Project) -> None:
    """New content of equal size under a restored mtime (`cp -p`, rsync) is built."""
    spec = project.write("moon", "one")
    project.doit()
    before = spec.stat()
    spec.write_text("two")
    os.utime(spec, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert project.doit().ran == steps(write_script=1, render=1, join=1)
    assert project.final("moon").read_text() == "TWO\n"


@pytest.mark.parametrize("harm", ["empty", "other", "gone", "link"])
def test_e10_delivered_file_is_put_right(project: Project, harm: str) -> None:
    """A delivered file emptied, overwritten, removed or replaced by hand is delivered again, from an unharmed store."""
    project.doit()
    final = project.final("moon")
    match harm:
        case "empty":
            final.write_bytes(b"")
        case "other":
            final.write_text("EDITED BY HAND")
        case "gone":
            final.unlink()
        case "link":
            final.unlink()
            final.symlink_to(project.root / "dodo.py")
    again = project.doit()
    assert again.ran == steps()
    assert final.read_text() == "ONE\nTWO\nTHREE\n"
    assert not final.is_symlink()


def test_e11_source_edited_while_it_is_used_is_built_again(project: Project) -> None:
    """An input edited under a running step is neither stored as the new one's result nor taken as up to date."""
    asset = project.root / "projects/asset.txt"
    asset.write_text("old")
    project.write("moon", "asset=asset.txt sleep=1")
    process = sleeping(project)
    asset.write_text("new")
    outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert outcome.code == 0, outcome.out
    project.doit()
    assert project.final("moon").read_text().endswith("new\n")
    asset.write_text("old")
    project.doit()
    assert project.final("moon").read_text().endswith("old\n")


@pytest.mark.parametrize("command", [[str(Path(sys.executable).parent / "doit")], [sys.executable, "-m", "doit"]])
def test_e14_works_from_any_folder(project: Project, command: list[str]) -> None:
    """`doit -k` from a folder below builds the same, with the same state, as script and as module."""
    project.doit()
    done = subprocess.run(
        [*command, "-k"], cwd=project.root / "projects", capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "everything is up to date (2 targets)\n"), done.stderr
    assert not list((project.root / "projects").glob(".doit*"))


def test_first_video_is_done_long_before_the_last_begins(project: Project) -> None:
    """Work is done video by video, not step by step: of twenty videos the first is final early."""
    for number in range(20):
        project.write(f"v{number:02}", f"{number} one", f"{number} two")
    (project.root / "projects/moon.txt").unlink()
    built = project.doit("-n", "2")
    assert built.results is not None
    order = [step["target"] for step in built.results.steps]
    assert order.index("final:toy/v00") < 12
    assert max(place for place, name in enumerate(order) if name == "final:toy/v00") < order.index("script:toy/v19")


def test_journal_is_json_lines(project: Project) -> None:
    """Every event of a run is a line of JSON with the run, the target, the step and the attempt."""
    project.doit()
    (log,) = (project.root / "cache/runs").glob("*/log.jsonl")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    done = [line for line in lines if line["event"] == "step finished"]
    assert len(done) == 5
    assert all(line["run"] == log.parent.name and line["attempt"] == 1 and line["target"] for line in done)


def test_trace_is_a_timeline(project: Project) -> None:
    """Every step that ran is a span of the Chrome trace, on a row where no other runs at the time."""
    project.doit("-n", "2")
    (trace,) = (project.root / "cache/runs").glob("*/trace.json")
    spans = json.loads(trace.read_text())["traceEvents"]
    assert sorted(span["name"] for span in spans) == ["join", "render", "render", "render", "write_script"]
    assert {span["ph"] for span in spans} == {"X"}
    rows: dict[int, int] = {}
    for span in sorted(spans, key=lambda span: int(span["ts"])):
        assert span["ts"] >= rows.get(span["tid"], 0)
        rows[span["tid"]] = span["ts"] + span["dur"]


def test_journal_keeps_no_secret(project: Project) -> None:
    """Of what a step logs, values under secret names and keys inside of addresses are left out."""
    toy = project.root / "toys/making.py"
    said = 'job.log(value, api_key="canary-1", url="https://me:canary-2@host/?key=canary-3")'
    toy.write_text(toy.read_text().replace("job.log(value, threads=job.threads)", said))
    project.write("moon", "say=hello")
    project.doit()
    (log,) = (project.root / "cache/runs").glob("*/log.jsonl")
    assert '"hello"' in log.read_text()
    assert "canary" not in log.read_text()


def test_threads_follow_from_cores_and_jobs(project: Project) -> None:
    """One step at a time gets the whole machine, four at a time a quarter each, and never less than two threads."""
    dodo = project.root / "dodo.py"
    dodo.write_text("import factory.scheduler\nfactory.scheduler.cores = lambda: 16\n" + dodo.read_text())
    for jobs, threads in (("1", 16), ("4", 4), ("12", 2)):
        project.write("moon", *(f"say=threads {jobs} {number}" for number in range(12)))
        built = project.doit("-n", jobs)
        assert built.results is not None
        log = project.root / "cache/runs" / built.results.id / "log.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert next(line["threads"] for line in lines if line["event"] == "threads") == threads
