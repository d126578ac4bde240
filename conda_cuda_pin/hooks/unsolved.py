"""Changes that no solver sees: explicit files and package URLs, clones, revisions. They are judged beforehand."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ladder import Ascent, Solution
from ..package import Package
from ..plan import Plan
from ..request import Request, Spec
from .pre_command import ENDINGS
from .records import read_installed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .case import Case


@dataclass(frozen=True)
class Change:
    """An environment before and after, and whether a refusal would help anybody."""

    before: tuple[Package, ...]
    after: tuple[Package, ...]
    specs: tuple[Spec, ...] = ()
    is_copy: bool = False
    """It brings back what was there, or copies what is elsewhere: worth a word, never a refusal."""


def judge_unsolved(arguments: Mapping[str, Any], command: str, prefix: str) -> None:
    """Judge what a command line links without a solve; a fault of our own is one warning line.

    Raises:
        CudaPinError: an explicit file or URL would break the environment.
    """
    from conda import CondaError

    from .steering import judge
    from .words import warn_of_fault

    try:
        change = find_change(arguments, prefix)
        case = _open_case(change, arguments, command, prefix) if change is not None else None
    except CondaError:
        raise
    except OSError:
        return  # a file that cannot be read is conda's to report
    except Exception as fault:  # noqa: BLE001 - whatever it is, conda must go on
        warn_of_fault("looking at explicit packages", fault)
        return
    if change is not None and case is not None:
        judge(case, Ascent(Solution(change.after), ()))


def find_change(arguments: Mapping[str, Any], prefix: str) -> Change | None:
    """Return what a command line links without a solve, None if it does not."""
    if arguments.get("clone"):
        return Change((), read_installed(_locate(str(arguments["clone"]))), is_copy=True)
    before = read_installed(prefix)
    if arguments.get("revision") is not None:  # newer condas make it a number, and 0 is one
        revision = _read_revision(prefix, str(arguments["revision"]))
        return Change(before, revision, is_copy=True) if revision is not None else None
    packages = tuple(map(parse_url, _find_urls(arguments)))
    if not packages:
        return None
    replaced = {package.name for package in packages}
    kept = tuple(package for package in before if package.name not in replaced)
    specs = tuple(Spec(package.name, package.version, package.build) for package in packages)
    return Change(before, (*kept, *packages), specs)


def parse_url(url: str) -> Package:
    """Read name, version, build and channel from the URL or path of a package archive."""
    place, _, name = url.split("#", maxsplit=1)[0].replace("\\", "/").rpartition("/")
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return _split(name, _name_channel(place.rpartition("/")[0]))


def _name_channel(place: str) -> str:
    """Name the channel of a URL as conda does: without token and password."""
    from conda.models.channel import Channel

    return str(Channel(place).canonical_name) if "://" in place else place


def _split(dist: str, channel: str) -> Package:
    name, version, build = [*dist.rsplit("-", 2), "", ""][:3]
    return Package(name, version, build, channel)


def _find_urls(arguments: Mapping[str, Any]) -> list[str]:
    urls = [str(name) for name in arguments.get("packages") or () if str(name).endswith(ENDINGS)]
    files = arguments.get("file") or ()
    for file in (files,) if isinstance(files, str) else files:
        urls += _read_explicit(str(file)) if "://" not in str(file) else []
    return urls


def _quote_sources(arguments: Mapping[str, Any]) -> list[str]:
    """Return the part of the command line that names files and URLs, ready to be copied, without credentials."""
    from conda.common.url import mask_anaconda_token, remove_auth

    files = arguments.get("file") or ()
    words = [word for file in ((files,) if isinstance(files, str) else files) for word in ("--file", str(file))]
    words += ["--clone", str(arguments["clone"])] if arguments.get("clone") else []
    words += ["--revision", str(arguments["revision"])] if arguments.get("revision") is not None else []
    words += [mask_anaconda_token(remove_auth(str(name))) for name in arguments.get("packages") or ()]
    return [shlex.quote(word) for word in words]


def _read_explicit(file: str) -> list[str]:
    lines = [line.strip() for line in Path(file).read_text(encoding="utf-8", errors="replace").splitlines()]
    if "@EXPLICIT" not in lines:
        return []
    wanted = lines[lines.index("@EXPLICIT") + 1 :]
    return [line for line in wanted if line.split("#")[0].endswith(ENDINGS) and not line.startswith("#")]


def _locate(source: str) -> str:
    from conda.base.context import locate_prefix_by_name

    return source if "/" in source or "\\" in source else str(locate_prefix_by_name(source))


def _read_revision(prefix: str, revision: str) -> tuple[Package, ...] | None:
    """Return the packages of a revision; None where there is no such revision, which is conda's to report."""
    from conda.history import History

    try:
        dists: Sequence[str] = sorted(History(prefix).get_state(int(revision)))
    except (ValueError, IndexError):
        return None
    pairs = (dist.rpartition("::") for dist in dists)
    return tuple(_split(name, place.rpartition("/")[0] or place) for place, _, name in pairs)


def _open_case(change: Change, arguments: Mapping[str, Any], command: str, prefix: str) -> Case | None:
    from dataclasses import replace

    from conda.base.context import context

    from .case import Case, describe_place, is_foreign, read_policy

    settings, host = read_policy(prefix)
    if settings.off or (is_foreign(context.subdirs) and not settings.target):
        return None
    if change.is_copy:
        settings = replace(settings, mode="warn")
    verb, where = command.removeprefix("env_"), describe_place(prefix)
    typed = " ".join(part for part in ("conda", verb, where, *_quote_sources(arguments)) if part)
    request = Request(verb, change.specs, where=where, typed=typed)
    return Case(prefix, request, host, settings, change.before, Plan())
