"""The flaws of stock doit 0.37, shown on stock doit: what `test_doit_flaws.py` and its neighbours promise is needed.

Every test here asserts what is *wrong*, so one that fails means that doit has been mended and some of ours may go. The
names are the experiments' own; a test of the same number, which passes on our engine, stands in `test_doit_flaws.py`,
`test_stopping.py` or `test_why.py`. The notes know no E12 and no E13.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factory import test_doit_flaws, test_stopping, test_why
from tests.factory.test_stopping import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Iterator

STOCK = """\
import sys
import doit.plugin
doit.plugin.entry_points_impl = lambda: lambda **group: ()  # none of this project's commands and backends
from doit.__main__ import main
main()
"""
DODO = """\
import os, sys, time
from pathlib import Path

DOIT_CONFIG = {"verbosity": 0}


def make(name, dependencies, targets):
    with open("log", "a") as log:
        log.write(name + "\\n")
    data = Path(dependencies[0]).read_bytes()
    Path(name + ".pid").write_text(str(os.getpid()))
    if name.startswith("slow"):
        Path(targets[0]).write_bytes(data[: len(data) // 2])
        end = time.monotonic() + 60
        while not Path("go").exists() and time.monotonic() < end:
            time.sleep(0.01)
    if name.startswith("fail"):
        return False
    if name.startswith("idle"):
        return
    Path(targets[0]).write_bytes(data)


def task_make():
    for source in sorted(Path().glob("*.in")):
        yield {
            "name": source.stem,
            "file_dep": [str(source)],
            "targets": [source.stem + ".out"],
            "actions": [(make, [source.stem])],
        }
"""


@dataclass
class Stock:
    """A folder where stock doit makes an `.out` of every `.in`."""

    root: Path
    dodo: str = DODO
    begun: list[subprocess.Popen[str]] = field(default_factory=list)

    def write(self, *names: str) -> None:
        """Lay out the build and these sources."""
        (self.root / "dodo.py").write_text(self.dodo)
        (self.root / "stock.py").write_text(STOCK)
        for name in names:
            (self.root / f"{name}.in").write_text(f"some words of {name}")

    def start(self, *args: str, program: str = "stock.py", folder: str = ".") -> subprocess.Popen[str]:
        """Begin a build, in a process group of its own, so that nothing of it stays behind."""
        process = subprocess.Popen(
            [sys.executable, program, *args],
            cwd=self.root / folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.begun.append(process)
        return process

    def doit(self, *args: str, code: int | None = 0, program: str = "stock.py", folder: str = ".") -> str:
        """A build to its end, and what it printed."""
        process = self.start(*args, program=program, folder=folder)
        out, err = process.communicate(timeout=PATIENCE)
        assert code in {None, process.returncode}, out + err
        return out + err

    def slow(self, name: str, *args: str) -> subprocess.Popen[str]:
        """A build that has come half through a target and stays there until `go`."""
        process = self.start(*args)
        half = self.root / f"{name}.out"
        until(lambda: (self.root / f"{name}.pid").exists() and half.exists() and half.stat().st_size > 0)
        return process

    def go(self) -> None:
        """Let slow targets end."""
        (self.root / "go").touch()

    def made(self, *args: str) -> list[str]:
        """What a build makes."""
        (self.root / "log").unlink(missing_ok=True)
        self.doit(*args)
        log = self.root / "log"
        return sorted(log.read_text().split()) if log.exists() else []


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    """A build nobody has run. Whatever it leaves running is ended."""
    stock = Stock(tmp_path)
    yield stock
    for process in stock.begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with process:  # closes its pipes
            pass


def kill(process: subprocess.Popen[str]) -> None:
    """End a build as the power cut does."""
    process.kill()
    process.communicate(timeout=PATIENCE)


def test_every_flaw_is_shown_on_both() -> None:
    """Each experiment has its test on stock doit and its test on our engine."""
    ours = {name for module in (test_doit_flaws, test_stopping, test_why) for name in flaws(vars(module))}
    assert flaws(globals()) == ours
    assert {"e1", "e2", "e3", "e4", "e4b", "e5", "e5b", "e6", "e7", "e8", "e9", "e10", "e11", "e14", "e15"} == ours


def flaws(names: dict[str, object]) -> set[str]:
    """The experiments among the names of a module's tests."""
    return {found[1] for name in names if (found := re.match(r"test_(e\d+b?)_", name))}


@pytest.mark.parametrize("backend", ["dbm", "json", "sqlite3"])
def test_e1_kill_forgets_all_work(stock: Stock, backend: str) -> None:
    """After `kill -9` every finished target is made again, whichever database it keeps."""
    stock.write("a", "b", "slow")
    kill(stock.slow("slow", "run", "--backend", backend))
    stock.go()
    assert stock.made("run", "--backend", backend) == ["a", "b", "slow"]


def test_e2_half_a_file_is_up_to_date(stock: Stock) -> None:
    """A target half written when the build was killed is up to date from then on."""
    stock.write("slow")
    stock.go()
    stock.doit()
    whole = (stock.root / "slow.out").read_text()
    (stock.root / "slow.out").unlink()
    (stock.root / "slow.pid").unlink()
    (stock.root / "go").unlink()
    kill(stock.slow("slow"))
    assert stock.made() == []
    assert (stock.root / "slow.out").read_text() == whole[: len(whole) // 2]


def test_e3_killed_worker_hangs_the_build(stock: Stock) -> None:
    """With a worker process killed the build waits for ever; a few seconds stand for ever here."""
    stock.write("a", "slow")
    process = stock.slow("slow", "-n", "2")
    os.kill(int((stock.root / "slow.pid").read_text()), signal.SIGKILL)
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=3)


def test_e4_sigterm_leaves_orphans_and_forgets(stock: Stock) -> None:
    """SIGTERM leaves the workers running without their build, and what was finished is not remembered."""
    stock.write("a", "slow1", "slow2")
    process = stock.slow("slow1", "-n", "2")
    until((stock.root / "slow2.pid").exists)
    process.terminate()
    process.wait(PATIENCE)
    workers = [int((stock.root / f"slow{number}.pid").read_text()) for number in (1, 2)]
    assert [os.getpgid(worker) for worker in workers] == [process.pid] * 2
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    stock.go()
    assert "a" in stock.made()


def test_e4b_ctrl_c_is_a_traceback(stock: Stock) -> None:
    """Ctrl-C, which a terminal sends to the whole group, is answered with tracebacks."""
    stock.write("slow")
    process = stock.slow("slow", "-n", "2")
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=PATIENCE)[1].count("Traceback") > 0


def test_e5_two_builds_lose_a_record(stock: Stock) -> None:
    """What one build made while another was running is made again: the one that ends last wrote over it."""
    stock.write("b", "slow")
    first = stock.slow("slow", "run", "--backend", "json", "make:slow")
    assert stock.made("run", "--backend", "json", "make:b") == ["b"]
    stock.go()
    first.communicate(timeout=PATIENCE)
    assert stock.made("run", "--backend", "json", "make:b") == ["b"]


@pytest.mark.slow
def test_e5b_failure_locks_the_state(stock: Stock) -> None:
    """While a build with a failed target goes on, no other can end: `database is locked`."""
    stock.write("b", "fail", "slow")
    stock.slow("slow", "run", "--backend", "sqlite3", "--continue", "make:fail", "make:slow")
    assert "database is locked" in stock.doit("run", "--backend", "sqlite3", "make:b", code=None)


def test_e6_closures_do_not_travel(stock: Stock) -> None:
    """Where processes are spawned, not forked, an action that is a closure ends the build."""
    stock.dodo = DODO.replace(
        '"actions": [(make, [source.stem])]', '"actions": [lambda targets: open(targets[0], "w")]'
    )
    stock.write("a", "b")
    spawning = "import multiprocessing\nif __name__ == '__main__':\n    multiprocessing.set_start_method('spawn')\n"
    guarded = STOCK.replace("\nmain()", "\nif __name__ == '__main__':\n    main()")
    (stock.root / "stock.py").write_text(spawning + guarded)
    assert "pickle" in stock.doit("-n", "2", code=None)


def test_e7_threads_mix_what_actions_print(stock: Stock) -> None:
    """Of two actions printing at once at least one is said to have printed something else."""
    stock.dodo = """\
import threading
both = threading.Barrier(2, timeout=20)

def say(word):
    both.wait()
    print(word)
    both.wait()

def task_say():
    for word in ("one", "two"):
        yield {"name": word, "actions": [(say, [word])]}
"""
    stock.write()
    stock.doit("run", "-n", "2", "-P", "thread", "-r", "json", "-o", "told.json", code=None)
    told = {task["name"]: task["out"] for task in json.loads((stock.root / "told.json").read_text())["tasks"]}
    assert told != {"say:one": "one\n", "say:two": "two\n"}


def test_e8_touched_file_is_hashed_for_ever(stock: Stock) -> None:
    """After a touch every build hashes the file again, once for each target that reads it, though nothing is made."""
    stock.dodo = (
        "import doit.dependency\n_hash = doit.dependency.get_file_md5\n"
        "def counted(path):\n    open('hashed', 'a').write(path + '\\n')\n    return _hash(path)\n"
        "doit.dependency.get_file_md5 = counted\n"
    ) + DODO.replace('"file_dep": [str(source)]', '"file_dep": [str(source), "asset"]')
    (stock.root / "asset").write_text("asset")
    stock.write("a", "b", "c")
    stock.doit()
    os.utime(stock.root / "asset", ns=(0, 0))
    for _ in range(3):
        (stock.root / "hashed").unlink()
        assert stock.made() == []
        assert (stock.root / "hashed").read_text().split() == ["asset"] * 3


def test_e9_edit_behind_an_equal_mtime_is_missed(stock: Stock) -> None:
    """New content, of another size even, under a restored mtime is not built."""
    stock.write("a")
    stock.doit()
    source = stock.root / "a.in"
    before = source.stat()
    source.write_text("something else altogether")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert stock.made() == []


def test_e10_emptied_target_is_up_to_date(stock: Stock) -> None:
    """A target emptied by hand stays empty."""
    stock.write("a")
    stock.doit()
    (stock.root / "a.out").write_bytes(b"")
    assert stock.made() == []
    assert (stock.root / "a.out").read_bytes() == b""


def test_e11_source_edited_while_it_is_used_is_missed(stock: Stock) -> None:
    """A source edited while its target was made counts as built, though the target holds the old one."""
    stock.write("slow")
    process = stock.slow("slow")
    (stock.root / "slow.in").write_text("new")
    stock.go()
    process.communicate(timeout=PATIENCE)
    assert stock.made() == []
    assert (stock.root / "slow.out").read_text() != "new"


def test_e14_plugin_of_the_folder_is_not_found(stock: Stock) -> None:
    """A command named in `pyproject.toml` is not found by the `doit` script, nor from a folder below."""
    stock.write("a")
    (stock.root / "pyproject.toml").write_text('[tool.doit.plugins.command]\nmine = "mine:Mine"\n')
    (stock.root / "mine.py").write_text(
        "from doit.cmd_base import Command\n"
        "class Mine(Command):\n    def execute(self, opt, args):\n        print('mine it is')\n"
    )
    (stock.root / "below").mkdir()
    (stock.root / "elsewhere").mkdir()
    script = stock.root / "elsewhere" / "doit"
    script.write_text(STOCK)
    assert "mine it is" in stock.doit("mine")
    assert "module `mine` not found" in stock.doit("mine", program=str(script), code=None)
    below = stock.doit("-k", "mine", program="../stock.py", folder="below", code=None)
    assert "mine it is" not in below


def test_e15_info_tells_the_new_value_alone(stock: Stock) -> None:
    """Of a changed parameter `info` prints the whole new value, and a target behind it is called up to date."""
    stock.dodo = """\
from doit.tools import config_changed

VOICE = "old-voice"

def task_speak():
    return {"actions": ["echo %s > speech" % VOICE], "targets": ["speech"], "uptodate": [config_changed({"v": VOICE})]}

def task_mix():
    return {"actions": ["cp speech mix"], "file_dep": ["speech"], "targets": ["mix"]}
"""
    stock.write()
    stock.doit()
    stock.dodo = stock.dodo.replace("old-voice", "new-voice")
    stock.write()
    told = stock.doit("info", "speak", code=None)
    assert "new-voice" in told
    assert "old-voice" not in told
    assert "up-to-date" in stock.doit("info", "mix", code=None)


def test_unmade_target_is_a_success(stock: Stock) -> None:
    """An action that never makes its target has succeeded."""
    stock.write("idle")
    stock.doit()
    assert not (stock.root / "idle.out").exists()
