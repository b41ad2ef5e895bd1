"""The locks pin all that the project declares, for every system, and name no place to get it."""

import re
import subprocess
from itertools import product

import pytest
from project import LOCKS, PYTHONS, ROOT, declared, pin, pins, setup_tools

ADDRESS = re.compile(r"\w+://|\bfile:[\w/.]|\bgit\+|\s@\s")
INDEX_OPTION = re.compile(
    r"(--|\b)(extra-)?index(-url)?s?\s*=|--(default-)?index\b|--(extra-)?index-url|find-links"
    r"|trusted-host|\bresolved\b|tool\.uv|^\s*-[if]\s",
    re.MULTILINE,
)
OTHER_LOCKS = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "pdm.lock"}
CONFIGURATION = {".toml", ".cfg", ".ini", ".lock", ".yml", ".yaml", ".json", ".txt"}

SYSTEMS = [
    {"python_version": python, "python_full_version": f"{python}.9", **system}
    for python, system in product(
        [f"3.{minor}" for minor in range(30) if f"3.{minor}" in PYTHONS],
        [
            {"sys_platform": "linux", "os_name": "posix", "platform_machine": "x86_64"},
            {"sys_platform": "linux", "os_name": "posix", "platform_machine": "aarch64"},
            {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "arm64"},
            {"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
        ],
    )
]


def tracked():
    """The files of the project under version control; skips where there is none."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout, so nothing says which files are the project's")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_is_a_pin_with_hashes_and_nothing_else(lock):
    assert len(pins(lock)) > 100


@pytest.mark.parametrize(
    "entry",
    [
        "numpy==2.4.6",
        "numpy>=2.4 --hash=sha256:" + "0" * 64,
        "numpy==2.* --hash=sha256:" + "0" * 64,
        "numpy @ file:///wheels/numpy.whl --hash=sha256:" + "0" * 64,
        "numpy==2.4.6 --hash=sha256:12ab",
        "--find-links wheels --hash=sha256:" + "0" * 64,
    ],
)
def test_an_entry_that_is_less_or_more_than_a_pin_is_refused(entry):
    with pytest.raises(ValueError):
        pin(entry)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address_or_an_index_option(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert not ADDRESS.search(text)
    assert not INDEX_OPTION.search(text)


def test_no_configuration_file_names_where_packages_come_from():
    files = [path for path in tracked() if path.suffix in CONFIGURATION]
    ours = [path for path in files if not {"lessons", "tests"} & set(path.relative_to(ROOT).parts)]
    ours += [path for path in tracked() if path.parent.name == ".ci"]

    texts = {path.name: path.read_text(encoding="utf-8") for path in ours}

    assert {"pyproject.toml", "environment.yml", "requirements.lock", "run"} <= texts.keys()
    assert [name for name, text in texts.items() if INDEX_OPTION.search(text)] == []
    assert [name for name, text in texts.items() if ADDRESS.search(text)] == []


def test_no_lock_of_a_tool_that_writes_addresses_is_under_version_control():
    assert [path.name for path in tracked() if path.name in OTHER_LOCKS] == []


@pytest.mark.parametrize(
    "leak",
    [
        "--index-url https://index.example/simple",
        "-i mirror",
        "--find-links /wheels",
        "numpy @ file:///wheels/numpy.whl",
        'resolved "registry.example/left-pad"',
        "[[tool.uv.index]]",
        "extra-index-url = elsewhere",
    ],
)
def test_the_searches_find_a_leak_where_there_is_one(leak):
    assert ADDRESS.search(leak) or INDEX_OPTION.search(leak)


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ["play", "instructor", "training"]),
        ("requirements-dev.lock", ["dev"]),
    ],
)
def test_a_lock_pins_each_declared_package_once_on_every_system_within_its_bounds(lock, extras):
    locked = pins(lock)

    for wanted, system in product([*declared(*extras), *setup_tools()], SYSTEMS):
        found = [p for p in locked if p.name == wanted.name.lower() and p.holds_on(system)]
        assert len(found) == 1, (wanted.name, system)
        assert found[0].version in wanted.specifier, (wanted, found[0].version)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: "-".join(system.values()))
def test_the_lock_for_tests_installs_all_that_students_have_in_the_same_versions(system):
    students, tests = (
        {(p.name, p.version, p.hashes) for p in pins(lock) if p.holds_on(system)} for lock in LOCKS
    )

    assert students < tests


def test_the_locks_were_made_for_the_oldest_python_too():
    oldest = next(system for system in SYSTEMS if system["python_version"] == "3.11")

    assert [
        p.version for p in pins("requirements.lock") if p.name == "numpy" and p.holds_on(oldest)
    ]
