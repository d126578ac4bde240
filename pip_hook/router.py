"""A web server on the loopback address that is pip's only index: it sends pip on to where each project comes from.

It answers with redirects and nothing else, so TLS, credentials and caching stay between pip and the real index.
"""

from __future__ import annotations

import http.server
import re
import secrets
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_NORMAL = re.compile(r"[-_.]+")


class Router:
    """The server, running while it is entered; raises OSError on entering where there is no loopback."""

    def __init__(self, find: Callable[[int, str], str | None]) -> None:
        """Take what finds the page of a project at one of the offered indexes, by its number."""
        self._token = secrets.token_urlsafe(16)
        self._find = find
        self.requests: list[str] = []
        """The projects asked for, in order."""

    def __enter__(self) -> Router:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def address(self, number: int = 0) -> str:
        """Return the address of an index for pip; nobody else can guess it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{self._token}/{number}"

    def find_page(self, path: str) -> str | None:
        """Return where a path of this server leads, None for a path that is not a project's page."""
        parts = path.split("?", maxsplit=1)[0].strip("/").split("/")
        if len(parts) != 3 or not secrets.compare_digest(parts[0].encode(), self._token.encode()):
            return None
        if not parts[1].isdecimal() or _NAME.fullmatch(parts[2]) is None:
            return None
        name = _NORMAL.sub("-", parts[2]).lower()
        self.requests.append(name)
        return self._find(int(parts[1]), name)

    def _make_handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        router = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                page = router.find_page(self.path)
                self.send_response(302 if page else 404)
                if page:
                    self.send_header("Location", page)
                self.send_header("Content-Length", "0")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing: what is asked is no news to the user."""

        return Handler
