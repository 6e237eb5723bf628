"""What a project may say about the engine: `[tool.content-factory]` in `pyproject.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factory.errors import FactoryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`pools`: how many steps of a pool may run at once, e.g. `encode = 2`.

    `remote`: a URL where the cache is kept a second time, `s3://bucket/folder`, `gs://…`, `az://…` or `file:///…`.
    Credentials come from the environment, as the provider's own tools read them (`AWS_ACCESS_KEY_ID`, …).
    """

    pools: Mapping[str, int] = field(default_factory=dict)
    remote: str = ""


def load_settings(root: Path) -> Settings:
    """Read them. Raises FactoryError naming the file and the key that is wrong."""
    file = root / "pyproject.toml"
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("content-factory", {})
    except FileNotFoundError:
        return Settings()
    except tomllib.TOMLDecodeError as reason:
        raise FactoryError(f"{file}: {reason}") from None
    unknown = sorted(set(table) - {"pools", "remote"})
    if unknown:
        raise FactoryError(f"{file}: [tool.content-factory] has no setting {unknown[0]!r}; it has: pools, remote")
    pools = table.get("pools", {})
    for name, limit in pools.items():
        if not isinstance(limit, int) or limit < 1:
            raise FactoryError(f"{file}: [tool.content-factory.pools] {name} must be a whole number from 1")
    remote = table.get("remote", "")
    if not isinstance(remote, str):
        raise FactoryError(f"{file}: [tool.content-factory] remote must be a URL")
    return Settings(pools, remote)
