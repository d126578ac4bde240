"""``python -m tests.audit DIR``: what the rules say of real environments, each on a host that it may be made for.

DIR holds explicit lock files, conda-lock and pixi lock files, exported environments and listings. Their packages are
completed by the records of ``DIR/../channels``, where a channel there has them. Printed are the findings of each file,
notes left out, and how many there are by code and severity; exit status 1 where anything is blocked.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.component import Variant, read_components
from conda_cuda_pin.detect import declared_host
from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.limit import MINOR_COMPATIBLE_SINCE
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import Severity
from conda_cuda_pin.settings import Settings
from conda_cuda_pin.versions import CudaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conda_cuda_pin.host import Host
    from conda_cuda_pin.rules import Finding

ORDINARY = CudaVersion(12, 4)
"""What the driver of a host runs for an environment without CUDA."""
CAPABILITY = "7.5"
"""A GPU for which toolkits since CUDA 10 build, and still do."""
PLATFORM = "linux-64"
FEWEST = 4
"""A file with fewer builds than that lists wishes."""
_URL = re.compile(r"(?:https?://)?(?P<channel>.*?)/(?:linux-64|noarch)(?:/|::)(?P<file>[^/#\s]+)")
_ENDINGS = re.compile(r"\.(?:conda|tar\.bz2)$")
_SPEC = re.compile(r"(?:[\w./-]+::)?(?P<name>[\w.-]+)==?(?P<version>[^=\s]+)=(?P<build>[^=\s*]+)")
_ROW = re.compile(r"(?P<name>[\w.-]+)\s+(?P<version>\d\S*)\s+(?P<build>\S+)\s+(?P<channel>[\w-]+)")
Environment = tuple[str, tuple[Package, ...]]


def read_environments(file: Path) -> Iterator[Environment]:
    """Yield the environments in a file, each with its name; none where it lists requests and no packages."""
    text = file.read_text(encoding="utf-8")
    if file.name.endswith(".pixi.lock"):
        yield from _read_pixi(file.name, _load_yaml(text))
    elif file.name.endswith(".conda-lock.yml"):
        rows = [row for row in _load_yaml(text)["package"] if row["manager"] == "conda" and row["platform"] == PLATFORM]
        depends = {row["url"]: tuple(f"{k} {v}" for k, v in row["dependencies"].items()) for row in rows}
        yield file.name, tuple(replace(parse_url(url), depends=said) for url, said in depends.items())
    else:
        packages = tuple(filter(None, map(_read_line, text.splitlines())))
        if len(packages) >= FEWEST:
            yield file.name, packages


def parse_url(url: str) -> Package:
    """Read the URL of a package, or ``channel/linux-64::name-version-build``; ValueError where it is neither."""
    match = _URL.search(url)
    if match is None:
        raise ValueError(url)
    name, version, build = _ENDINGS.sub("", match["file"]).rsplit("-", 2)
    return Package(name, version, build, match["channel"].removeprefix("conda.anaconda.org/").rpartition("/")[2])


def _read_line(line: str) -> Package | None:
    text = line.strip().removeprefix("- ")
    if text.startswith("#"):
        return None
    if _URL.match(text):
        return parse_url(text)
    match = _SPEC.fullmatch(text)
    if match is not None:
        return Package(match["name"], match["version"], match["build"])
    match = _ROW.fullmatch(text)
    return Package(match["name"], match["version"], match["build"], match["channel"]) if match else None


def _read_pixi(name: str, content: dict[str, Any]) -> Iterator[Environment]:
    facts = {row["conda"]: row for row in content["packages"] if "conda" in row}
    described = content.get("platforms", ({"name": PLATFORM},))  # from version 7 on a platform may have another name
    own = [row["name"] for row in described if row.get("subdir", row["name"]) == PLATFORM]
    for label, environment in content["environments"].items():
        for platform in (one for one in own if one in environment["packages"]):
            urls = [row["conda"] for row in environment["packages"][platform] if "conda" in row]
            packages = tuple(_complete(parse_url(url), facts.get(url, {})) for url in urls)
            yield f"{name} [{label}, {platform}]", packages


def _complete(package: Package, record: dict[str, Any]) -> Package:
    depends, constrains = (tuple(record.get(key, ())) for key in ("depends", "constrains"))
    return replace(package, depends=depends or package.depends, constrains=constrains or package.constrains)


def _load_yaml(text: str) -> dict[str, Any]:
    from ruamel.yaml import YAML

    content: dict[str, Any] = YAML(typ="safe").load(text)
    return content


def read_channels(folder: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the records of all channels below a folder, by name, version and build."""
    records = {}
    for file in sorted(folder.rglob("repodata.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        for record in (r for key in ("packages", "packages.conda") for r in content.get(key, {}).values()):
            records[record["name"], str(record["version"]), record["build"]] = record
    return records


def make_host(packages: Iterable[Package], *, oldest: bool = False) -> Host:
    """Return a host whose driver runs the newest toolkit in an environment, and no newer one.

    ``oldest``: its driver is of the first minor of that major, which runs all of them since CUDA 11.
    """
    built = (c.toolkit for c in read_components(packages) if c.variant is Variant.CUDA)
    newest = max((toolkit for toolkit in built if toolkit is not None), default=ORDINARY)
    first = CudaVersion(newest.major, 0) if oldest and newest.major >= MINOR_COMPATIBLE_SINCE else newest
    return declared_host(f"{first} {CAPABILITY}", PLATFORM)


def audit(packages: Sequence[Package]) -> tuple[Finding, ...]:
    """Return what the rules say of an environment, and what they block on the oldest driver that runs it."""
    found = judge_state(make_host(packages), Settings(), Request("check"), packages).new
    oldest = judge_state(make_host(packages, oldest=True), Settings(), Request("check"), packages)
    return (*found, *(finding for finding in oldest.blocks if finding not in found))


def main(arguments: Sequence[str]) -> int:
    """Audit every file below a folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    records = read_channels(folder.parent / "channels")
    counts: Counter[tuple[str, str, str]] = Counter()
    audited = clean = 0
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".txt", ".lock", ".yml", ".yaml")):
        for name, packages in read_environments(file):
            known = [_complete(p, records.get((p.name, p.version, p.build), {})) for p in packages]
            findings = audit(known)
            counts.update((f.code, f.word, f.severity.value) for f in findings)
            told = [f for f in findings if f.severity is not Severity.INFO]
            audited, clean = audited + 1, clean + (not told)
            print(f"{file.parent.name}/{name}: {len(packages)} packages, {make_host(known).driver_cuda}")
            print(*(f"  {f.severity.value} {f.code} {f.word}: {f.message}\n" for f in told), sep="", end="")
    print(f"\n{audited} environments, {clean} without a block or a warning")
    print(
        *(f"{number:5d}  {code} {word} {severity}" for (code, word, severity), number in sorted(counts.items())),
        sep="\n",
    )
    return int(any(severity == Severity.BLOCK.value for _, _, severity in counts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
