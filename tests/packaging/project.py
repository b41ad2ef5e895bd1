"""What the packaging tests read of the project: its folder, its metadata, its lock files."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = METADATA["project"]
PYTHONS = SpecifierSet(PROJECT["requires-python"])
LOCKS = ("requirements.lock", "requirements-dev.lock")


def declared(*extras: str) -> list[Requirement]:
    """The requirements of the project itself and of some extras, as pyproject.toml states them."""
    optional = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])]
    return [Requirement(line) for line in lines]


def setup_tools() -> list[Requirement]:
    """What installs the project: uv, and the build backend, which must come from the lock too."""
    lines = METADATA["dependency-groups"]["setup"] + METADATA["build-system"]["requires"]
    return [Requirement(line) for line in lines]


@dataclass(frozen=True)
class Pin:
    """One entry of a lock: a requirement and the sha256 of each file that satisfies it."""

    requirement: Requirement
    hashes: frozenset[str]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    def holds_on(self, system: dict[str, str]) -> bool:
        """Whether it is installed on a system, given as values of environment markers."""
        return self.requirement.marker is None or self.requirement.marker.evaluate(system)


def entries(text: str) -> list[str]:
    """The logical lines of a requirements file, without comments."""
    joined = text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


def pin(entry: str) -> Pin:
    """One entry of a lock, read. Raises ValueError where it is more than a pin and hashes."""
    requirement, *hashes = re.split(r"\s+--hash=sha256:", entry.strip())
    read = Requirement(requirement)
    exact = re.fullmatch(r"==[\w.!+]+", str(read.specifier))
    if read.url or not exact or not hashes:
        raise ValueError(f"lock: an entry is name==version and hashes, got {entry[:80]!r}")
    if not all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in hashes):
        raise ValueError(f"lock: a hash is 64 hexadecimal digits, got {entry[:80]!r}")
    return Pin(read, frozenset(hashes))


def pins(lock: str) -> list[Pin]:
    """All entries of a lock file of the project."""
    return [pin(entry) for entry in entries((ROOT / lock).read_text(encoding="utf-8"))]
