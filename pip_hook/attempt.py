"""One resolution under one plan: pip's dry run, its indexes behind the router."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conda_cuda_pin.knowledge.indexes import is_flat

from .arguments import bound, make_dry_run, redirect
from .catalogue import page_address
from .exact import find_exactly
from .requirement_file import write_copies
from .resolution import Resolution, read_resolution
from .router import Router
from .sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conda_cuda_pin.routing import WheelPlan

    from .argv import Command
    from .case import Case
    from .catalogue import WebCatalogue
    from .runner import Output, Pip


@dataclass(frozen=True)
class Attempt:
    """pip under a plan, ready to resolve and to apply."""

    case: Case
    command: Command
    """The user's command with our indexes and windows."""
    sources: Sources
    folder: Path

    @property
    def _pip(self) -> Pip:
        return self.case.pip.within(self.folder / "temporary")

    def resolve(self) -> tuple[Output, Resolution | None]:
        """Let pip resolve; None where it found no solution."""
        report = self.folder / "report.json"
        dry = make_dry_run(self.command, str(report), str(self.folder / "elsewhere"))
        output = self._pip.ask(dry.words)
        return output, None if output.code else read_resolution(report, self._name_source)

    def apply(self, resolution: Resolution, output: Output) -> int:
        """Let pip do exactly what was resolved; return its exit status.

        A dry run has been made already: what pip said then is said now, unless its report is wanted too. Hashes make
        pip fetch whole wheels where their metadata would do, so a second dry run goes without them. Where the user's
        own files have hashes, those are the ones that count.
        """
        case, command, aside = self.case, self.command, self.case.command.has("--json")
        is_dry = case.flag("dry-run")
        if is_dry and not case.option("report"):
            output.show(to_stderr=aside)
            return output.code
        lines = resolution.bare_pins
        if case.interpreter.takes_hashed_constraints and not is_dry and not case.demands_hashes:
            command, lines = command.extended(["--no-require-hashes"]), resolution.pins
        return self._pip.run(bound(command, _write(self.folder / "resolved.txt", lines)).words, to_stderr=aside)

    def _name_source(self, name: str, url: str) -> str:
        chosen = self.sources.chosen.get(name)
        if chosen is None and url.startswith("file:"):
            return ""
        return self.case.mirrors.name(chosen or url.rsplit("/", 1)[0])


@contextmanager
def open_attempt(case: Case, plan: WheelPlan, catalogue: WebCatalogue, folder: Path) -> Iterator[Attempt]:
    """Make the plan's sources pip's only ones for the time of an attempt."""
    folder.mkdir()
    local_links, remote_links = _split(case.asked.links)
    local_indexes, indexes = _split(case.asked.indexes)
    merging = case.command.has("--merge-indexes")
    pages = [] if merging else [place for place in remote_links if is_flat(place)]
    others = indexes if merging or plan.others is None else list(plan.others.indexes)
    routes = {name: route.indexes for name, route in plan.routes.items()}
    sources = Sources(routes, pages, others, case.connection, catalogue, case.mirrors)
    lines = [window.requirement for window in plan.windows]
    with ExitStack() as stack:
        offered = [] if case.asked.no_index else _start_router(stack, sources, len(others) if merging else 1)
        links = [*(place for place in remote_links if place not in pages), *local_links]
        if offered is None or local_indexes:
            exact = find_exactly(plan, case.asked.names, catalogue)
            lines += [f"{name}=={version}" for name, version in exact.items()]
        if offered is None:
            # pages of single projects: as one more index, a variant's would bring its numpy too
            links += [case.mirrors.forward(page_address(routes[name][0], name)) for name in exact]
            routed = {places[0] for places in routes.values()}
            offered = [case.mirrors.forward(place) for place in others if place not in routed]
        copies = write_copies(case.asked.files, folder)
        command = redirect(case.command, copies, [*offered, *(local_indexes if offered else ())], links)
        windows = [_write(folder / "windows.txt", lines)] if lines else []
        yield Attempt(case, bound(command, *windows), sources, folder)


def _start_router(stack: ExitStack, sources: Sources, number: int) -> list[str] | None:
    """Start the router and return the indexes that it offers; None where there is no loopback to listen on."""
    try:
        router = stack.enter_context(Router(sources.find_at if number > 1 else lambda _, name: sources.find(name)))
    except OSError:
        return None
    return [router.address(each) for each in range(number)]


def _split(places: Iterable[str]) -> tuple[list[str], list[str]]:
    """Part what lies on this machine from what a server has."""
    found: tuple[list[str], list[str]] = ([], [])
    for place in places:
        found[place.startswith(("http://", "https://"))].append(place)
    return found


def _write(file: Path, lines: Iterable[str]) -> str:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)
