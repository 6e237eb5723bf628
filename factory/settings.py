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
    """`pools`: how many steps of a pool may run at once, e.g. `encode = 2`."""

    pools: Mapping[str, int] = field(default_factory=dict)


def load_settings(root: Path) -> Settings:
    """Read them. Raises FactoryError naming the file and the key that is wrong."""
    file = root / "pyproject.toml"
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("content-factory", {})
    except FileNotFoundError:
        return Settings()
    except tomllib.TOMLDecodeError as reason:
        raise FactoryError(f"{file}: {reason}") from None
    unknown = sorted(set(table) - {"pools"})
    if unknown:
        raise FactoryError(f"{file}: [tool.content-factory] has no setting {unknown[0]!r}; it has: pools")
    pools = table.get("pools", {})
    for name, limit in pools.items():
        if not isinstance(limit, int) or limit < 1:
            raise FactoryError(f"{file}: [tool.content-factory.pools] {name} must be a whole number from 1")
    return Settings(pools)
