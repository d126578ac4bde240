"""A world of package indexes over HTTP on the loopback: every host of the world is the first part of a path."""

from __future__ import annotations

import base64
import ssl
import threading
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from tests.piprig.route import Answer, find_answer

if TYPE_CHECKING:
    from types import TracebackType

    from tests.piprig.fault import Fault
    from tests.piprig.index import Index


@dataclass(frozen=True)
class Asked:
    """One request and what was answered."""

    method: str
    path: str
    """Unquoted, without its query."""
    status: int
    size: int
    """Bytes of the body that were sent."""
    user: str = ""
    """Who asked, where a user was named."""


class IndexServer:
    """Serves indexes on 127.0.0.1 while its context is open.

    ``https://download.pytorch.org/whl/cu126/torch/`` is ``URL/download.pytorch.org/whl/cu126/torch/`` here.
    ``indexes`` may be added to at any time. ``asked`` is the log. ``faults`` maps a pattern of paths
    (``*/torch/``, ``*.whl``) to what is given instead of the right answer; the first that fits counts.
    """

    def __init__(self, *indexes: Index) -> None:
        """Serve ``indexes`` on a port that the system chooses."""
        self.indexes: list[Index] = list(indexes)
        self.asked: list[Asked] = []
        self.faults: dict[str, Fault] = {}
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, world=self))
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The address of the world."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def locate(self, index: Index | str) -> str:
        """Return the address of an index, given or by its path; a name with odd characters is quoted."""
        path = index if isinstance(index, str) else index.path
        return f"{self.url}/{quote(path)}"

    def use_tls(self, context: ssl.SSLContext) -> str:
        """Speak TLS from now on; return the address."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        return self.url.replace("http:", "https:")

    def list_asked(self, pattern: str = "*", *statuses: int) -> list[Asked]:
        """Return the requests whose path fits a pattern, those with these statuses alone if any are given."""
        return [one for one in self.asked if fnmatch(one.path, pattern) and (not statuses or one.status in statuses)]

    def count_bytes(self, pattern: str = "*") -> int:
        """Return how many bytes were sent in answers to requests whose path fits a pattern."""
        return sum(one.size for one in self.list_asked(pattern))

    def __enter__(self) -> IndexServer:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, free the port and let go of clients that wait."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers from the world, unless a fault stands for the path."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body: two would wait for each other
    disable_nagle_algorithm = True

    def __init__(self, *request: Any, world: IndexServer) -> None:
        self.world = world
        super().__init__(*request)

    def do_GET(self) -> None:
        """Answer one request and log it."""
        path = unquote(urlsplit(self.path).path)
        user = _read_login(self.headers.get("Authorization", ""))
        answer = find_answer(self.world.indexes, path, self.headers.get("Accept", ""), user)
        if answer.status == 200 and self.headers.get("If-None-Match") == dict(answer.headers)["ETag"]:
            answer = Answer(304, headers=answer.headers)
        fault = next((fault for pattern, fault in self.world.faults.items() if fnmatch(path, pattern)), None)
        status, size = self._misbehave(answer, fault) if fault else self._send(answer)
        self.world.asked.append(Asked(self.command, path, status, size, user.split(":")[0]))

    do_HEAD = do_GET  # noqa: N815  (the name is the base class's)

    def _misbehave(self, answer: Answer, fault: Fault) -> tuple[int, int]:
        self.world.closing.wait(fault.delay)
        if fault.silent:
            self.close_connection = True
            return 0, 0
        status = fault.status or answer.status
        body = answer.body if fault.body is None else fault.body
        headers = (*(answer.headers if status == answer.status else ()), *fault.headers.items())
        return self._send(Answer(status, body, answer.kind, headers), fault.keep)

    def _send(self, answer: Answer, keep: int | None = None) -> tuple[int, int]:
        """Send an answer, all of it or its first bytes; return its status and how many bytes its body had."""
        self.send_response(answer.status)
        if answer.status != 304:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        for header in answer.headers:
            self.send_header(*header)
        self.end_headers()
        body = b"" if self.command == "HEAD" else answer.body[:keep]
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except ConnectionError:  # the client went away: it had asked all the same
            self.close_connection = True
        self.close_connection |= keep is not None
        return answer.status, len(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is the base class's)
        """Stay silent: ``asked`` is the log."""


def _read_login(header: str) -> str:
    """Return ``user:password`` of a header of the scheme Basic, else nothing."""
    scheme, _, code = header.partition(" ")
    return base64.b64decode(code).decode() if scheme == "Basic" else ""
