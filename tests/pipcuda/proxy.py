"""A proxy on the loopback that writes down what goes through it, and sends every host to one world."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit


class RecordingProxy:
    """Takes ``http://HOST/PATH`` from the world at ``/HOST/PATH``."""

    def __init__(self, world: str) -> None:
        """Take the address of the world."""
        self.world = world
        self.passed: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, proxy=self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> RecordingProxy:
        """Start to serve."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *request: Any, proxy: RecordingProxy) -> None:
        self.proxy = proxy
        super().__init__(*request)

    def do_GET(self) -> None:
        """Pass one request on."""
        self.proxy.passed.append(self.path)
        parts = urlsplit(self.path)
        accept = {"Accept": self.headers.get("Accept", "*/*")}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for path in (f"/{parts.netloc}{parts.path}", parts.path):  # pages of PyPI link to the world's second host
            request = urllib.request.Request(f"{self.proxy.world}{path}", None, accept)
            try:
                with opener.open(request, timeout=10) as answer:
                    self._give(answer.status, answer.headers.get("Content-Type", ""), answer.read())
                    return
            except urllib.error.HTTPError as error:
                error.close()
        self._give(404, "text/plain", b"")

    do_HEAD = do_GET  # noqa: N815 - the name is the base class's

    def _give(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""
