"""A build with the shape of the real one's end: the picture needs the times of words, and the sound comes later."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from factory.errors import StepError
from factory.step import File, Input, Job, Json, Output, Step
from factory.target import Target

from .loud import shout


def load(root: Path) -> Sequence[Path]:
    """Every spec."""
    return sorted((root / "projects").glob("*.txt"))


def sound(spec: Path) -> Target:
    """Words and sound; a spec that says `else` has another way: `calm` for `hush`."""
    return Target(
        "sound",
        f"toy/{spec.stem}",
        expand_sound,
        Path("build", spec.stem),
        ("words.json", "sound.txt"),
        {"hush": "hush"},
        {"spec": spec},
        otherwise={"calmly": {"hush": "calm"}} if "else" in spec.read_text() else {},
    )


def final(spec: Path) -> Target:
    """The picture drawn from the words, and the sound behind it."""
    folder = Path("build", spec.stem)
    return Target(
        "final",
        f"toy/{spec.stem}",
        expand_final,
        folder,
        ("final.txt",),
        sources={"words": folder / "words.json", "sound": folder / "sound.txt"},
        reads=("words",),
    )


def expand_sound(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """A step for each."""
    text = sources["spec"].read_text().replace("hush", str(params["hush"]))
    word = Step("word", write_words, ("words.json",), {"text": text})
    mixed = Step("mix", mix, ("sound.txt",), {"here": str(Path.cwd())}, {"words": word["words.json"]}, timeout=60.0)
    return {"words.json": word["words.json"], "sound.txt": mixed["sound.txt"]}


def expand_final(_params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """Draw, and join."""
    text = json.loads(sources["words"].read_text())
    drawn = Step("draw", draw, ("picture.txt",), {"text": text, "here": str(Path.cwd())})
    inputs: dict[str, Input] = {"picture": drawn["picture.txt"], "sound": File(sources["sound"])}
    return {"final.txt": Step("join", join, ("final.txt",), {}, inputs)["final.txt"]}


def write_words(job: Job) -> None:
    """The text, as JSON."""
    job.output("words.json").write_text(json.dumps(job.params["text"]))


def mix(job: Job) -> None:
    """Waits, if the words say so, `until=` a file is there that only another step makes."""
    words = json.loads(job.inputs["words"].read_text())
    if "hush" in words:
        raise StepError("there is no sound")
    for word in words.split():
        name, _, value = word.partition("=")
        while name == "until" and not Path(str(job.params["here"]), value).exists():
            job.check()
            time.sleep(0.01)
    job.output("sound.txt").write_text("with sound")


def draw(job: Job) -> None:
    """Louder, and a sign for whoever waits for it."""
    text = str(job.params["text"])
    if "fail" in text:
        raise StepError("it was told to fail", hint="tell it otherwise")
    Path(str(job.params["here"]), "drawn").touch()
    job.output("picture.txt").write_text(shout(text))


def join(job: Job) -> None:
    """Both."""
    job.output("final.txt").write_text(f"{job.inputs['picture'].read_text()} {job.inputs['sound'].read_text()}")
