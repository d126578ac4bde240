"""Asks web servers on our own account, by the network settings that pip was given."""

from __future__ import annotations

import base64
import netrc
import os
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from conda_cuda_pin.errors import PipError

from .page import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 15.0
"""How long a server may be silent, as for pip (https://pip.pypa.io/en/stable/cli/pip/#cmdoption-timeout)."""
LARGEST = 64 * 1024 * 1024
"""How many bytes of a page are read; the largest of PyPI has some 10 MB."""


class FetchError(Exception):
    """A page could not be had; ``status`` is what the server said, 0 where there was no answer."""

    def __init__(self, url: str, why: str, status: int = 0) -> None:
        super().__init__(f"{mask(url)}: {why}")
        self.status = status

    @property
    def is_missing(self) -> bool:
        """Whether the server says that there is no such project (download.pytorch.org answers 403 for that)."""
        return self.status in (403, 404, 410)


@dataclass(frozen=True)
class Page:
    """What a server answered."""

    content_type: str
    text: str


class Connection:
    """Opens pages; one for each run."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._timeout = _read_seconds(options.get("timeout", ""))
        context = _make_context(options.get("cert", ""), options.get("client-cert", ""))
        loose = ssl._create_unverified_context()  # noqa: S323 - for hosts that the user called trusted
        self._trusted = {host.partition(":")[0]: loose for host in options.get("trusted-host", "").split()}
        self._context = context
        self._proxy = options.get("proxy", "")

    def read(self, url: str) -> Page:
        """Return a page; raises FetchError."""
        with self._open(url, "GET") as response:
            try:
                content = response.read(LARGEST)
            except (OSError, HTTPException) as error:
                raise FetchError(url, str(error)) from error
            return Page(response.headers.get("Content-Type", ""), content.decode("utf-8", "replace"))

    def has(self, url: str) -> bool:
        """Say whether a page is there; raises FetchError where the server does not say."""
        try:
            self._open(url, "HEAD").close()
        except FetchError as error:
            if error.is_missing:
                return False
            if error.status not in (405, 501):
                raise
            return self._has_by_reading(url)
        return True

    def _has_by_reading(self, url: str) -> bool:
        try:
            self.read(url)
        except FetchError as error:
            if error.is_missing:
                return False
            raise
        return True

    def _open(self, url: str, method: str) -> urllib.request._UrlopenRet:
        plain, credentials = split_credentials(url)
        request = urllib.request.Request(plain, method=method, headers={"Accept": ACCEPT, "User-Agent": "pip-cuda"})  # noqa: S310 - http and https only, checked by the caller
        if credentials:
            request.add_unredirected_header("Authorization", credentials)
        try:
            response: urllib.request._UrlopenRet = self._make_opener(plain).open(request, timeout=self._timeout)
        except urllib.error.HTTPError as error:
            error.close()
            raise FetchError(url, f"HTTP status {error.code}", error.code) from error
        except (OSError, HTTPException, ValueError) as error:
            raise FetchError(url, str(getattr(error, "reason", error))) from error
        return response

    def _make_opener(self, url: str) -> urllib.request.OpenerDirector:
        host = urlsplit(url).hostname or ""
        handlers: list[urllib.request.BaseHandler] = [
            urllib.request.HTTPSHandler(context=self._trusted.get(host, self._context))
        ]
        if self._proxy:
            handlers.append(urllib.request.ProxyHandler({"http": self._proxy, "https": self._proxy}))
        return urllib.request.build_opener(*handlers)


def _make_context(cert: str, client: str) -> ssl.SSLContext:
    """Trust what pip trusts; raises PipError for a file of certificates that is none."""
    folder, file = (cert, None) if cert and Path(cert).is_dir() else (None, cert or None)
    try:
        context = ssl.create_default_context(cafile=file, capath=folder)
        if client:
            context.load_cert_chain(client)
    except OSError as error:
        raise PipError(f"the certificates of {' or '.join(filter(None, (cert, client)))}: {error}") from error
    return context


def split_credentials(url: str) -> tuple[str, str]:
    """Return an address without user and password, and the header that carries them; netrc where it has none."""
    parts = urlsplit(url)
    user, password = parts.username, parts.password
    if user is None:
        user, password = _read_netrc(parts.hostname or "")
    plain = strip_credentials(url)
    if not user:
        return plain, ""
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return plain, "Basic " + base64.b64encode(pair).decode()


def strip_credentials(url: str) -> str:
    """Return an address without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def mask(url: str) -> str:
    """Return an address fit to be shown: without the password."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc="****@" + parts.netloc.rpartition("@")[2]))


def _read_netrc(host: str) -> tuple[str | None, str | None]:
    """Look where requests looks, and as it does whoever may read the file."""
    named = os.environ.get("NETRC")
    places = [Path(named)] if named else [Path("~/.netrc").expanduser(), Path("~/_netrc").expanduser()]
    try:
        found = next((netrc.netrc(place).authenticators(host) for place in places if place.exists()), None)
    except (OSError, netrc.NetrcParseError):
        return None, None
    return (found[0], found[2]) if found else (None, None)


def _read_seconds(text: str) -> float:
    try:
        return float(text) if text else SECONDS
    except ValueError:
        return SECONDS
