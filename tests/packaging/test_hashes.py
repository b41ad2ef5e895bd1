"""A download whose hash is not the lock's is refused: asked of uv and of pip themselves."""

import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A folder with the wheel of a package called tiny, and the wheel's sha256."""
    folder = tmp_path_factory.mktemp("wheels")
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    information = {
        "METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\nRequires-Dist: unlisted\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "here = True\n")
        for name, text in information.items():
            archive.writestr(f"tiny-1.0.dist-info/{name}", text)
        names = ["tiny.py", *(f"tiny-1.0.dist-info/{name}" for name in information)]
        record = "".join(f"{name},,\n" for name in [*names, "tiny-1.0.dist-info/RECORD"])
        archive.writestr("tiny-1.0.dist-info/RECORD", record)
    return folder, sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture(params=["uv", "pip"])
def installer(request, course, tmp_path, wheels, monkeypatch):
    """The start of a real install command for an empty environment, without any network."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    python = str(course.tool(tmp_path, "python"))
    for tool in "UV", "PIP":
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(wheels[0]))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    if request.param == "uv":
        return [str(Path(sys.executable).with_name("uv")), "pip", "install", "--python", python]
    return [sys.executable, "-m", "pip", "--python", python, "install", "--no-cache-dir"]


def imports_tiny(course, tmp_path):
    python = course.tool(tmp_path, "python")
    return subprocess.run([python, "-c", "import tiny"], capture_output=True).returncode == 0


def test_a_package_with_the_listed_hash_is_installed(course, tmp_path, installer, wheels):
    course.install_hashed(tmp_path, installer, f"tiny==1.0 \\\n    --hash=sha256:{wheels[1]}\n")

    assert imports_tiny(course, tmp_path)


@pytest.mark.parametrize("falsified", ["tiny==1.0 --hash=sha256:" + "0" * 64, "tiny==1.0"])
def test_a_package_with_another_hash_or_none_is_refused(
    course, tmp_path, installer, falsified, capfd
):
    with pytest.raises(subprocess.CalledProcessError):
        course.install_hashed(tmp_path, installer, falsified + "\n")

    assert not imports_tiny(course, tmp_path)
    assert "hash" in capfd.readouterr().err.lower()
