"""Where packages are looked for, however that is said, and that none slips in from elsewhere."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.conftest import Hook
from tests.pipcuda.proxy import RecordingProxy
from tests.pipcuda.world import WORLD
from tests.piprig.fault import refuse
from tests.piprig.hook import MIRRORS
from tests.piprig.index import Index, as_offers
from tests.piprig.server import IndexServer
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip

PASSWORD = "s3:cr@t"
CU126 = "https://download.pytorch.org/whl/cu126"
OWN = Index("corp/simple", as_offers([Wheel("inhouse", "1.0", ("torch",)), Wheel("numpy", "2.0.1")]))


@pytest.fixture
def corp(hook: Hook) -> str:
    """The address of an index behind a login, with user and password."""
    hook.world.indexes.append(replace(OWN, login=("ann", PASSWORD)))
    return hook.world.locate(OWN).replace("://", f"://ann:{quote(PASSWORD, safe='')}@")


def configure(hook: Hook, place: Path, text: str) -> Hook:
    """Write a configuration file of pip's; return the hook that reads files."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    left = {k: v for k, v in hook.tool.environ.items() if k not in ("PIP_CONFIG_FILE", "PIP_INDEX_URL")}
    return replace(hook, tool=replace(hook.tool, environ=left))


def as_user(hook: Hook, corp: str) -> Hook:
    return configure(hook, Path(hook.tool.environ["HOME"], ".config/pip/pip.conf"), f"[global]\nindex-url = {corp}\n")


def as_site(hook: Hook, corp: str) -> Hook:
    return configure(hook, hook.target.prefix / "pip.conf", f"[install]\nindex_url = {corp}\n")


def as_named_file(hook: Hook, corp: str) -> Hook:
    place = Path(hook.tool.environ["HOME"], "own.conf")
    there = configure(hook, place, f"[global]\nindex-url =\n    {corp}\n")
    return replace(there, tool=replace(there.tool, environ={**there.tool.environ, "PIP_CONFIG_FILE": str(place)}))


def as_variable(hook: Hook, corp: str) -> Hook:
    return replace(hook, tool=replace(hook.tool, environ={**hook.tool.environ, "PIP_INDEX_URL": corp}))


def as_netrc(hook: Hook, _: str) -> Hook:
    Path(hook.tool.environ["HOME"], ".netrc").write_text(f"machine 127.0.0.1 login ann password {PASSWORD}\n")
    return as_variable(hook, hook.world.locate(OWN))


@pytest.mark.parametrize("say", [as_user, as_site, as_named_file, as_variable, as_netrc])
def test_an_index_with_a_password(hook: Hook, corp: str, say: Callable[[Hook, str], Hook]) -> None:
    extra = ("--extra-index-url", hook.world.locate("pypi.org/simple"))
    result = say(hook, corp).install("--dry-run", "inhouse", "torch", "numpy", *extra)
    assert "inhouse-1.0 numpy-2.0.1" in result.stdout
    assert "torch-2.14.1+cu126" in result.stdout
    assert "cr@t" not in result.stdout + result.stderr
    assert quote(PASSWORD, safe="") not in result.stdout + result.stderr


def test_without_the_password_nothing_is_taken_from_elsewhere(hook: Hook, corp: str) -> None:
    """An index that cannot be asked answers for its names: what another has of them may be an attack."""
    pypi = hook.world.locate("pypi.org/simple")
    result = hook.run(
        "install", "torch", "numpy", "--index-url", hook.world.locate(OWN), "--extra-index-url", pypi, PIP_NO_INPUT="0"
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert hook.installed == {}
    assert corp


def test_a_password_is_not_written_down(hook: Hook) -> None:
    hook.world.indexes.append(Index("corp/pytorch/cu126", WORLD[1].offers, login=("ann", PASSWORD)))
    url = hook.world.locate("corp/pytorch/cu126").replace("://", f"://ann:{quote(PASSWORD, safe='')}@")
    words = ("install", "--dry-run", "--emit-constraints", "c.txt", "torch", "--index-url", url)
    told = hook.run(*words)
    text = (hook.tool.at / "c.txt").read_text()
    assert "torch==2.14.1+cu126" in text
    refused = hook.run(*words, host="11.8 8.9")
    assert refused.returncode == BLOCKED
    for said in (text, told.stdout, told.stderr, refused.stderr):
        assert "cr%40t" not in said


def test_the_first_index_that_has_a_name_answers_unless_they_are_merged(hook: Hook) -> None:
    words = ("torch", "numpy", "--extra-index-url", CU126)
    assert hook.plan(*words)["numpy"] == "2.4.0"
    assert hook.plan(*words, "--merge-indexes")["numpy"] == "99.0"


def test_an_index_that_fails_is_not_passed_over(hook: Hook) -> None:
    hook.world.faults["/pypi.org/simple/numpy/"] = refuse(500)
    result = hook.run("install", "torch", "numpy", "--extra-index-url", CU126)
    assert result.returncode == 1
    assert "No matching distribution found for numpy" in result.stderr
    assert hook.installed == {}


def test_a_mirror_of_torch(hook: Hook) -> None:
    copy = replace(WORLD[1], path="mirror/pytorch/cu126")
    hook.world.indexes[1] = copy
    mirrors = f"{hook.tool.environ[MIRRORS]},https://download.pytorch.org/whl={hook.world.url}/mirror/pytorch"
    result = hook.install("--dry-run", "torch", **{MIRRORS: mirrors})
    assert "torch-2.14.1+cu126" in result.stdout
    assert not hook.world.list_asked("/download.pytorch.org/*")


@pytest.mark.parametrize("configured", [False, True])
def test_a_proxy_is_for_the_indexes_and_not_for_the_router(hook: Hook, configured: bool) -> None:
    mirrors = "https://download.pytorch.org=http://download.pytorch.org"
    with RecordingProxy(hook.world.url) as proxy:
        words = () if configured else ("--proxy", proxy.url)
        env = {"http_proxy": proxy.url, "https_proxy": proxy.url} if configured else {}
        plain = {MIRRORS: mirrors, "PIP_INDEX_URL": "http://pypi.org/simple", **env}
        trust = ("--trusted-host", "pypi.org", "--trusted-host", "download.pytorch.org")
        planned = hook.plan("lightning", "torch", *trust, *words, **plain)
    assert (planned["torch"], planned["lightning"]) == ("2.14.1+cu126", "2.6.0")
    assert "http://pypi.org/simple/lightning/" in proxy.passed
    assert "http://download.pytorch.org/whl/cu126/torch/" in proxy.passed
    assert not [
        path for path in proxy.passed if "127.0.0.1" in path and "/packages/" not in path and "/whl/" not in path
    ]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl here to make a certificate with")
    file = tmp_path / "own.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [openssl, *words.split(), "-keyout", tmp_path / "key", "-out", file], check=True, capture_output=True
    )
    file.write_text(file.read_text() + (tmp_path / "key").read_text())
    return file


def test_an_index_with_a_certificate_of_its_own(hook: Hook, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with IndexServer(*WORLD) as world:
        secure = world.use_tls(context)
        mirrors = f"https://download.pytorch.org={secure}/download.pytorch.org"
        env = {MIRRORS: mirrors, "PIP_INDEX_URL": f"{secure}/pypi.org/simple", "PIP_TRUSTED_HOST": ""}
        assert hook.plan("torch", "--cert", str(certificate), **env)["torch"] == "2.14.1+cu126"
        env["PIP_TRUSTED_HOST"] = "127.0.0.1"
        assert hook.plan("torch", **env)["torch"] == "2.14.1+cu126"
        env["PIP_TRUSTED_HOST"] = ""
        result = hook.run("install", "torch", **env)
    assert result.returncode == 1
    assert "certificate" in result.stderr.lower()
    assert hook.installed == {}


@pytest.mark.parametrize("option", ["--cert", "--client-cert"])
def test_a_certificate_that_is_not_there(hook: Hook, option: str) -> None:
    result = hook.run("install", "torch", option, "/nowhere.pem")
    assert result.returncode == 1
    assert result.stderr.startswith("pip-cuda: ERROR: the certificates of /nowhere.pem")


def test_an_index_on_this_disk(hook: Hook) -> None:
    root = hook.tool.at / "simple"
    for offer in WORLD[0].offers:
        folder = root / offer.project
        folder.mkdir(parents=True, exist_ok=True)
        (folder / offer.file.filename).write_bytes(offer.file.content)
        page = folder / "index.html"
        page.write_text((page.read_text() if page.exists() else "") + f'<a href="{offer.link}">x</a>')
    planned = hook.plan("lightning", "torch", "--index-url", root.as_uri())
    assert (planned["torch"], planned["numpy"]) == ("2.14.1+cu126", "2.4.0")


def test_where_nothing_can_listen_versions_are_exact_and_nothing_is_mixed(hook: Hook) -> None:
    hook.place(
        "sitecustomize.py",
        "import socket\n\ndef bind(*_):\n    raise OSError('no loopback')\n\nsocket.socket.bind = bind\n",
    )
    planned = hook.plan("lightning", "torchvision", PYTHONPATH=str(hook.tool.at))
    assert planned["torch"] == "2.14.1+cu126"
    assert planned["torchvision"] == "0.29.1+cu126"
    assert planned["numpy"] == "2.4.0"
