"""conda users get the bounds of pyproject.toml, in specifications that conda reads."""

import re
from importlib.metadata import version

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from project import PROJECT, PYTHONS, ROOT, declared
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

TEXT = (ROOT / "environment.yml").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load(TEXT)
PACKAGES = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)]
BOUNDS = {r.name: r.specifier for r in declared("play", "instructor")} | {"python": PYTHONS}
OPTION = re.search(r"^  # - (cupy .*)$", TEXT, re.MULTILINE)


def read(specification):
    """A conda specification, read strictly: its name and its bounds."""
    match = MatchSpec(specification, strict=True)
    return match.name.normalized, SpecifierSet(str(match.version or ""))


def test_the_packages_are_those_that_conda_forge_has_under_these_names():
    names = [read(specification)[0] for specification in PACKAGES]

    assert names == ["python", "numpy", "jupyterlab", "ipywidgets", "matplotlib", "nbgrader", "pip"]
    assert ENVIRONMENT["channels"][0] == "conda-forge"
    assert ENVIRONMENT["name"] == PROJECT["name"]


@pytest.mark.parametrize("specification", [entry for entry in PACKAGES if entry != "pip"])
def test_a_bound_is_the_one_of_pyproject(specification):
    name, bounds = read(specification)

    assert bounds == BOUNDS[name]


def test_the_commented_gpu_package_has_the_bound_of_the_gpu_extra():
    extra = {r.name: r.specifier for r in declared("gpu")}

    name, bounds = read(OPTION[1])

    assert (name, bounds) == ("cupy", extra["cupy-cuda12x"])
    assert "GPU" in TEXT[: OPTION.start()].splitlines()[-1]


def test_taking_the_mark_off_the_gpu_line_gives_a_valid_file():
    with_gpu = yaml.safe_load(TEXT.replace("# - cupy", "- cupy"))

    assert with_gpu["dependencies"] == [*PACKAGES[:-1], OPTION[1], "pip", {"pip": PIP}]


def test_the_rest_comes_from_the_lock_by_pip():
    assert ENVIRONMENT["dependencies"][-1] == {"pip": PIP}
    assert (ROOT / "requirements.lock").is_file()


@pytest.mark.parametrize("wrong", ["numpy => 2", "python =3.11.*", "numpy >=2.3,,<3", "a b c d"])
def test_the_strict_reader_refuses_what_conda_would_misread(wrong):
    with pytest.raises(InvalidMatchSpecError):
        read(wrong)


def test_what_is_installed_here_is_within_the_bounds():
    assert {
        name for name, bounds in BOUNDS.items() if name != "python" and version(name) not in bounds
    } == set()


PIP = ["-r requirements.lock"]
