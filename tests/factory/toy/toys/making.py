"""A build of text files with the shape of a real one: a script, a step for every block, and a join.

`projects/<name>.txt` has a block a line. A block may say what its step is to suffer: `sleep=2`, `fail`, `flaky=2`…
"""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from factory.errors import FactoryError, StepError, Transient
from factory.step import File, Input, Job, Json, Output, Step
from factory.target import Target

from .loud import shout


def load(root: Path) -> Sequence[Path]:
    """Every spec; one holding `mistake` is a mistake."""
    specs = sorted((root / "projects").glob("*.txt"))
    for spec in specs:
        if "mistake" in spec.read_text():
            raise FactoryError(f"{spec.name}:1:1: this is a mistake")
    return specs


def script(spec: Path) -> Target:
    """One video's words."""
    return Target(
        "script", f"toy/{spec.stem}", expand_script, Path("build", spec.stem), ("script.json",), {}, {"spec": spec}
    )


def final(spec: Path) -> Target:
    """One whole video; one that says `else` has two other ways: `fail` and `flee` fail in one, `fail` in the other."""
    folder = Path("build", spec.stem)
    ways: dict[str, dict[str, Json]] = {"in a hurry": {"mute": "flee"}, "without fail": {"mute": "fail"}}
    return Target(
        "final",
        f"toy/{spec.stem}",
        expand_final,
        folder,
        ("final.txt",),
        {},
        {"script": folder / "script.json"},
        otherwise=ways if "else" in spec.read_text() else {},
    )


def expand_script(_params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One step."""
    step = Step("write_script", write_script, ("script.json",), inputs={"spec": File(sources["spec"])})
    return {"script.json": step["script.json"]}


def expand_final(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """A step for every block, and a join."""
    blocks = []
    for number, line in enumerate(json.loads(sources["script"].read_text())):
        text = line.replace(str(params.get("mute", "\0")), "calm")
        words = dict(word.partition("=")[::2] for word in text.split())
        inputs: dict[str, Input] = {"asset": File(Path("projects", words["asset"]))} if "asset" in words else {}
        blocks.append(
            Step(
                "render",
                render,
                ("block.txt",),
                {"text": text},
                inputs,
                label=f"block {number}",
                attempts=3,
                timeout=float(words["timeout"]) if "timeout" in words else None,
                cost=float(words.get("price", 0)),
            )
        )
    joined = {f"b{number:03}": block["block.txt"] for number, block in enumerate(blocks)}
    join = Step("join", join_blocks, ("final.txt",), inputs=joined)
    return {"final.txt": join["final.txt"]}


def write_script(job: Job) -> None:
    """The lines, as JSON."""
    job.output("script.json").write_text(json.dumps(job.inputs["spec"].read_text().splitlines()))


def render(job: Job) -> None:
    """The block, louder; a block's words say what happens on the way."""
    text = str(job.params["text"])
    out = job.output("block.txt")
    for word in text.split():
        name, _, value = word.partition("=")
        match name:
            case "sleep":
                job.call(["sleep", value])
            case "group":
                job.call(["sh", "-c", f"sleep {value} & wait"])
            case "say":
                job.log(value, threads=job.threads)
            case "far":
                job.progress(float(value), 1)
            case "deaf":
                time.sleep(float(value))
            case "fail":
                raise StepError("it was told to fail", hint="tell it otherwise")
            case "crash":
                raise ZeroDivisionError("of its own making")
            case "tool":
                job.call(["sh", "-c", "echo these are my last words >&2; exit 3"])
            case "flaky":
                _flaky(text, int(value))
            case "nothing":
                return
            case "empty":
                out.touch()
                return
    asset = job.inputs["asset"].read_text() if "asset" in job.inputs else ""
    out.write_text(f"{shout(text)}{asset}\n")


def _flaky(text: str, times: int) -> None:
    tries = Path(__file__).parent.parent / f"tries-{abs(hash(text))}"
    tried = int(tries.read_text()) if tries.exists() else 0
    tries.write_text(str(tried + 1))
    if tried < times:
        raise Transient("the service is busy", retry_after=0.01)


def join_blocks(job: Job) -> None:
    """All blocks, by a program."""
    blocks = [job.inputs[role] for role in sorted(job.inputs)]
    job.output("final.txt").write_bytes(job.call(["cat", *blocks]))
