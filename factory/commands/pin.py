"""`doit pin VIDEO`: keep what network voices said with the project, so that it can be built without them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doit.cmd_base import Command

from factory.commands.validate import root
from factory.errors import FactoryError, StepError

if TYPE_CHECKING:
    from factory.step import Step
    from factory.store import Store
    from recipes.spec.model import Video


class Pin(Command):  # type: ignore[misc]  # doit ships no types
    """Exit code 0 when all is kept, 2 for a video that is not there or not built."""

    doc_purpose = "keep what network voices said with the project"
    doc_usage = "[VIDEO ...]"

    def execute(self, opt_values: Mapping[str, Any], pos_args: list[str]) -> int:  # noqa: ARG002  # doit's signature
        """Copy the sound of sentences out of the cache, and write the lock of each project."""
        from factory.digests import FileDigests  # noqa: PLC0415 - commands are imported to be listed, too
        from factory.loader import CACHE  # noqa: PLC0415
        from factory.store import Store  # noqa: PLC0415
        from recipes.spec import load_videos  # noqa: PLC0415

        here = root(Path.cwd())
        try:
            videos = {video.name: video for video in load_videos(here)}
            unknown = [name for name in pos_args if name not in videos]
            if unknown:
                raise StepError(f"no video is called '{unknown[0]}'; there is {', '.join(list(videos)[:12])}")
            store = Store(here / CACHE, FileDigests())
            for name in pos_args or videos:
                kept = _pinned(videos[name], store)
                sys.stdout.write(f"{name}: {kept} sentences kept\n")
        except FactoryError as mistake:
            sys.stderr.write(f"{mistake}\n")
            return 2
        return 0


def _pinned(video: Video, store: Store) -> int:
    """Keep one video; answers with how many of its sentences came over the network."""
    from recipes import voices  # noqa: PLC0415
    from recipes.sound import pinning  # noqa: PLC0415

    lock = video.project_folder / pinning.LOCK
    content = pinning.read(lock) if lock.is_file() else {}
    before = content.get(video.id, {}).get("speech", {})
    place, steps = _spoken(video)
    said: dict[str, Any] = {}
    for step in steps:
        key, title = pinning.identity(step), f"{step.params['engine']}/{step.params['voice']}"
        entry = before.get(key) or kept(step, store, video.project_folder / pinning.FOLDER)
        licence = voices.info(str(step.params["engine"]), str(step.params["voice"])).licence
        said[key] = {**entry, "voice": title, "licence": licence, "text": step.params["text"]}
    content[video.id] = {"place": place, "speech": said}
    write(lock, content)
    return len(said)


def write(lock: Path, content: Mapping[str, Any]) -> None:
    """Write the lock of a project: its videos by id."""
    from factory.files import replacing  # noqa: PLC0415
    from recipes.sound import pinning  # noqa: PLC0415

    whole = {"version": pinning.VERSION, "videos": content}
    with replacing(lock) as file:
        file.write_text(json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8")


def _spoken(video: Video) -> tuple[int, list[Step]]:
    """Which of its voices a built video has, and the steps in which a service spoke."""
    try:
        blocks = json.loads((video.folder / "words.json").read_text("utf-8"))["blocks"]
        chains = [[voice.title for voice in (block.voice, *block.voice.otherwise)] for block in video.blocks]
        place = max(
            (chain.index(said["voice"]) for chain, said in zip(chains, blocks, strict=True) if said["voice"] in chain),
            default=0,
        )
    except (OSError, ValueError, KeyError) as reason:
        raise StepError(f"{video.name} is not built yet: run `doit audio:{video.name}` first") from reason
    return place, speaking(video, place)


def speaking(video: Video, place: int) -> list[Step]:
    """The steps in which a service speaks, with each speaker's voice number `place`, as if nothing were pinned."""
    from factory.evaluation import evaluate  # noqa: PLC0415
    from recipes import audio  # noqa: PLC0415

    target = audio.target(video)
    sources = {role: path for role, path in target.sources.items() if role != "lock"}
    laid = replace(target, sources=sources, params={**target.params, "place": place})
    try:
        nodes = evaluate(laid, 0).nodes.values()
    except (OSError, ValueError, KeyError) as reason:
        raise StepError(f"{video.name} is not built yet: run `doit audio:{video.name}` first") from reason
    return [node.step for node in nodes if node.step.name == "speak" and node.step.pool.startswith("api:")]


def kept(step: Step, store: Store, folder: Path) -> dict[str, str]:
    """Copy what a step made into the project; the names of the two files."""
    from factory.files import copy, replacing  # noqa: PLC0415
    from factory.keys import key_of  # noqa: PLC0415

    record = store.lookup(key_of(step, {}).id)
    entry = {}
    for name, role in (("speech.wav", "speech"), ("words.json", "words")):
        blob = store.blob(record.outputs[name]) if record is not None else None
        if record is None or blob is None:
            raise StepError(f"{step.label} is not in the cache any more: build the video, then pin it")
        entry[role] = record.outputs[name].sha256
        with replacing(folder / f"{entry[role]}{Path(name).suffix}") as file:
            copy(blob, file)
    return entry
