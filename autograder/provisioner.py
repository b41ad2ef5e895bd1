"""How jupyter_client deals with a kernel in the box: it does not start it, it asks how it is."""

import asyncio
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerBase

from autograder.box import Running

POLL_S = 0.01
PATIENCE_S = 10.0


class BoxProvisioner(KernelProvisionerBase):
    """A kernel that runs in the box already. Signals other than the last one cannot reach it."""

    running: Running | None = None

    @property
    def pid(self) -> int | None:
        """The keeper's number: all that the submission started are its descendants."""
        return self.running.keeper if self.running else None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self.running is not None

    async def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return self.running.poll() if self.running else 0

    async def wait(self) -> int | None:
        """Wait until it has ended."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(POLL_S)
        return code

    async def send_signal(self, signum: int) -> None:
        """End it, if that is what is meant; interrupts go as messages."""
        if signum in (signal.SIGKILL, signal.SIGTERM):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End it with all that it started."""
        if self.running:
            self.running.end()

    async def terminate(self, restart: bool = False) -> None:
        """The same: there is nothing to say goodbye to."""
        await self.kill()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """There is no command line."""
        return kwargs | {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """It runs already; gives how to reach it."""
        assert self.parent
        info: KernelConnectionInfo = self.parent.get_connection_info()
        return info

    async def cleanup(self, restart: bool = False) -> None:
        """Let go of it."""
        if self.running:
            self.running.report.close()
            self.running = None


class OneSpec(KernelSpecManager):
    """Knows one kernel, ours: nothing that lies in a folder or a notebook can name another."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__()
        self.argv = argv

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Our kernel, whatever it is called."""
        spec = KernelSpec(argv=self.argv, display_name="Python 3", language="python")
        spec.interrupt_mode = "message"  # a signal would end the box
        return spec


async def end(provisioner: KernelProvisionerBase) -> None:
    """End a kernel at once. A manager would first ask it to, on a connection that may be broken."""
    if provisioner.has_process:
        await provisioner.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(provisioner.wait(), PATIENCE_S)
        await provisioner.cleanup()


def listening(path: Path) -> socket.socket:
    """A local socket that listens at a path. Its owner alone can reach it there."""
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    opened.bind(str(path))
    opened.listen(16)
    return opened
