"""The channels over HTTP on the loopback, with a log of what was asked for and faults on demand."""

import threading
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Fault:
    """A wrong answer: an HTTP status and the bytes of the body."""

    status: int = 500
    body: bytes = b""


class ChannelServer:
    """Serves a directory on 127.0.0.1 while its context is open.

    ``requested`` lists the paths asked for, in order. ``faults`` maps a path, such as
    ``/conda-forge/noarch/repodata.json``, to the wrong answer it gives from then on.
    """

    def __init__(self, directory: Path) -> None:
        """Serve ``directory`` on a port that the system chooses."""
        self.requested: list[str] = []
        self.faults: dict[str, Fault] = {}
        handler = partial(_Handler, channels=self, directory=str(directory))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The address of the directory, fit for ``channel_alias``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "ChannelServer":
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(SimpleHTTPRequestHandler):
    """Answers from the directory, unless the server holds a fault for the path."""

    def __init__(self, *request: Any, channels: ChannelServer, directory: str) -> None:
        self.channels = channels
        super().__init__(*request, directory=directory)

    def do_GET(self) -> None:
        """Answer one request, from the directory or with the fault that stands for its path."""
        self.channels.requested.append(self.path)
        fault = self.channels.faults.get(self.path)
        if fault is None:
            super().do_GET()
            return
        self.send_response(fault.status)
        self.send_header("Content-Length", str(len(fault.body)))
        self.end_headers()
        self.wfile.write(fault.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is the base class's)
        """Stay silent: ``requested`` is the log."""
