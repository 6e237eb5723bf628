"""Real S3 servers, each a process on a socket of its own: SeaweedFS, which asks for keys, and moto, which does not."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import Request, urlopen

import obstore
from obstore.store import S3Store

from tests.factory.test_stopping import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BUCKET = "cache"
_START = 60.0
"""Seconds a server may take to answer on a machine with other work."""


@dataclass
class S3Server:
    """A server that answers on a port of this machine."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What a person would set to use it."""
        return credentials(self.port)

    @property
    def objects(self) -> S3Store:
        """Its bucket, by a client that gives up at once."""
        known = self.environment
        return S3Store(
            BUCKET,
            endpoint=known["AWS_ENDPOINT_URL"],
            access_key_id=known["AWS_ACCESS_KEY_ID"],
            secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
            region=known["AWS_REGION"],
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )

    def names(self, folder: str) -> list[str]:
        """Every object below a folder of the bucket."""
        return [entry["path"] for page in obstore.list(self.objects, folder) for entry in page]

    def stop(self) -> None:
        """Take it away in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()


def credentials(port: int) -> dict[str, str]:
    """The environment in which the provider's own tools, and ours, would use a server here."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "maker",
        "AWS_SECRET_ACCESS_KEY": "of-videos",
        "AWS_REGION": "us-east-1",
    }


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, low enough for SeaweedFS, which adds 10,000 to each for a second one."""
    with contextlib.ExitStack() as open_until_all_are_known:
        sockets = [open_until_all_are_known.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] % 20000 + 10000 for each in sockets]


@contextlib.contextmanager
def seaweed(folder: Path, args: Sequence[str] = ("server", "-s3"), **environment: str) -> Iterator[S3Server]:
    """SeaweedFS, keeping its data in `folder`; its one user may be told it by `environment`, as in `deploy/`."""
    master, volume, filer, s3 = free_ports(4)
    data = folder / "data"
    data.mkdir()
    if not environment:
        keys = [{"accessKey": "maker", "secretKey": "of-videos"}]
        users = folder / "users.json"
        users.write_text(json.dumps({"identities": [{"name": "maker", "credentials": keys, "actions": ["Admin"]}]}))
        args = [*args, f"-s3.config={users}"]
    weed = Path(sys.executable).parent / "weed"
    ports = [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}"]
    line = [str(weed), *args, "-ip=127.0.0.1", f"-dir={data}", *ports]
    with _serving(line, s3, environment) as server:
        until(lambda: _written(server), _START)
        yield server


@contextlib.contextmanager
def moto() -> Iterator[S3Server]:
    """Moto, whose S3 was written by others and after another specification than SeaweedFS's."""
    (port,) = free_ports(1)
    with _serving([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port, {}) as server:
        until(lambda: _bucket_made(server), _START)
        yield server


@contextlib.contextmanager
def _serving(line: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[S3Server]:
    process = subprocess.Popen(line, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = S3Server(process, port)
    try:
        yield server
    finally:
        server.stop()


def _written(server: S3Server) -> bool:
    try:
        obstore.put(server.objects, "hello", b"hello")
    except (OSError, obstore.exceptions.BaseError):
        return False
    return True


def _bucket_made(server: S3Server) -> bool:
    bucket = Request(f"http://127.0.0.1:{server.port}/{BUCKET}", method="PUT")
    with contextlib.suppress(URLError, ConnectionError), urlopen(bucket, timeout=5):  # noqa: S310 - as above
        return True
    return False
