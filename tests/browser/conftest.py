"""A real JupyterLab in a real headless Chromium: `lab(folder)` gives a helper that opens notebooks.

    def test_something(lab, tmp_path):
        page = lab(tmp_path)("lesson.ipynb", theme="dark", width=500)
        page.run_all()
        assert page.problems == []

The server has an empty configuration, listens on a free loopback port and serves only `folder`.
Servers live to the end of the session, pages to the end of the module, and every page starts with
a fresh kernel for its notebook. The fixtures end only what they began.
Without Chromium these tests are skipped in one line, or fail where CI is set.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .labs import opened, widget  # noqa: F401, fixtures

START_TIMEOUT_S = 90
KERNEL_TIMEOUT_MS = 90_000
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# Lab greets every new user with a question about news, and asks to rebuild: neither is a test's.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # Every cell is in the page, also those that are not in view.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


class LabPage:
    """One notebook open in one browser page.

    page: the playwright page. problems: console errors and page errors so far, as text.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def command(self, name: str, **arguments: Any) -> None:
        """Run one of JupyterLab's commands, as its menus do, and wait for it."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }",
            [name, arguments],
        )

    def wait_idle(self) -> None:
        """Wait until the kernel is connected and has nothing to do."""
        self.page.get_by_text("| Idle").first.wait_for(timeout=KERNEL_TIMEOUT_MS)

    def run_all(self) -> None:
        """Run every cell and wait for the last one."""
        self.wait_idle()
        self.command("notebook:run-all-cells")
        self.wait_idle()

    def cells(self) -> Any:
        """The code cells, in order."""
        return self.page.locator(".jp-CodeCell")

    def select_cell(self, index: int, source: str | None = None) -> Any:
        """Select one code cell, put `source` in place of its own, and give its element."""
        cell = self.cells().nth(index)
        cell.locator(".jp-InputPrompt").click()
        if source is not None:
            self.page.evaluate(
                "source => window.jupyterapp.shell.currentWidget.content.activeCell"
                ".model.sharedModel.setSource(source)",
                source,
            )
        return cell

    def start_cell(self, index: int, source: str | None = None) -> None:
        """Run one code cell without waiting for it."""
        self.select_cell(index, source)
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")

    def run_cell(self, index: int, source: str | None = None) -> str:
        """Run one code cell to its end, and give its output as text."""
        cell = self.select_cell(index, source)
        self.command("notebook:run-cell")
        self.wait_idle()
        return "\n".join(cell.locator(".jp-OutputArea-output").all_inner_texts()).strip()

    def active_cell(self) -> int:
        """The index of the selected cell, of all kinds."""
        return int(
            self.page.evaluate(
                "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
            )
        )


OpenPage = Callable[..., LabPage]


@pytest.fixture(scope="module")  # not longer: while it lives, nothing else can start an event loop
def chromium() -> Iterator[Any]:
    """A headless Chromium, driven by playwright."""
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        path = None
    if path is None:
        absent = "browser tests need Chromium and the playwright package; neither is optional on CI"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(absent)
    arguments = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    arguments += ["--disable-component-update", "--disable-sync"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Starts one JupyterLab a folder, on demand, and gives its address."""
    with contextlib.ExitStack() as running:
        addresses: dict[Path, str] = {}

        def address(folder: Path) -> str:
            if folder not in addresses:
                home = tmp_path_factory.mktemp("jupyter")
                addresses[folder] = running.enter_context(_server(folder, home))
            return addresses[folder]

        yield address


@pytest.fixture(scope="module")
def lab(chromium: Any, _servers: Callable[[Path], str]) -> Iterator[Callable[[Path], OpenPage]]:
    """`lab(folder)` serves a folder; what it gives opens the notebooks in it, one page each."""
    with contextlib.ExitStack() as pages:

        def serve(folder: Path) -> OpenPage:
            address = _servers(Path(folder).resolve())

            def open_page(
                notebook: str,
                theme: str = "light",
                width: int = 1280,
                height: int = 900,
                **options: Any,
            ) -> LabPage:
                context = pages.enter_context(
                    contextlib.closing(
                        chromium.new_context(viewport={"width": width, "height": height}, **options)
                    )
                )
                _end_kernels(context, address, notebook)
                return _open(context, f"{address}/lab/tree/{notebook}", theme)

            return open_page

        yield serve


def _end_kernels(context: Any, address: str, notebook: str) -> None:
    """Ends the kernel an earlier page left running for this notebook."""
    for session in context.request.get(f"{address}/api/sessions").json():
        if session["path"] != notebook:
            continue
        context.request.delete(f"{address}/api/sessions/{session['id']}")


def _open(context: Any, address: str, theme: str) -> LabPage:
    """Opens a notebook by itself: no side bars, the theme set, the kernel ready."""
    lab_page = LabPage(context.new_page())
    lab_page.page.goto(f"{address}?reset")
    lab_page.page.wait_for_selector(".jp-Notebook", timeout=KERNEL_TIMEOUT_MS)
    lab_page.wait_idle()
    lab_page.page.evaluate(
        "() => { const { shell } = window.jupyterapp;"
        " shell.collapseLeft(); shell.collapseRight(); }"
    )
    lab_page.command("apputils:change-theme", theme=THEMES[theme])
    name = f'body[data-jp-theme-name="{THEMES[theme]}"]'
    lab_page.page.wait_for_selector(name, state="attached")
    return lab_page


@contextlib.contextmanager
def _server(folder: Path, home: Path) -> Iterator[str]:
    """A JupyterLab that serves `folder` and keeps all its own files under `home`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(
        _command_line(folder, home, port),
        env=_environment(home),
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # the kernels it starts end with it
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/status", server, home / "server.log")
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


def _command_line(folder: Path, home: Path, port: int) -> list[str]:
    settings = home / "settings"
    overrides = home / "labconfig"
    overrides.mkdir()
    (overrides / "default_setting_overrides.json").write_text(json.dumps(SETTINGS), "utf-8")
    options = {
        "ServerApp.root_dir": folder,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.disable_check_xsrf": True,  # lets the fixture end kernels over the REST API
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "LabApp.user_settings_dir": settings,
        "LabApp.workspaces_dir": home / "workspaces",
    }
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        *(f"--{key}={value}" for key, value in options.items()),
    ]


def _environment(home: Path) -> dict[str, str]:
    """The test's own environment, without the user's Jupyter configuration."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("JUPYTER") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return kept | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_CONFIG_PATH": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers. Raises RuntimeError with its log if it does not."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    tail = log.read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(
        f"jupyterlab: no answer at {address} in {START_TIMEOUT_S} s; its log: {tail}"
    )
