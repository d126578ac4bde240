"""A machine written down: a directory with the files that detection read there, and what the driver answered.

The directory's name is the answer that detection must come to, so a captured machine is a test. Left out are serial
numbers, UUIDs, the boot's identity, and all files and variables that detection does not look at.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .answer import Answer
from .machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    from ..host import Host
    from .facts import Facts

FORMAT = 1
ANSWERS = "answers.json"
"""In the directory: what is not in files. The files are below ``root``."""

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_LOADER_CACHE = "/etc/ld.so.cache"
_COLON = "%3A"
"""Written for ":", which file names on Windows cannot hold."""
_VARIABLES = ("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES")
_SIGNS = ("container", "APPTAINER_NAME", "SINGULARITY_NAME", "KUBERNETES_SERVICE_HOST", "SLURM_CONF", "SLURM_JOB_ID")


@dataclass(frozen=True)
class CapturedMachine(Machine):
    """A machine read back from its directory. Nothing is started: the driver's answers were written down."""

    probe_answer: Answer = field(default_factory=Answer)
    smi_answer: Answer = field(default_factory=Answer)
    usable: bool = True

    @classmethod
    def load(cls, directory: Path) -> CapturedMachine:
        """Read a directory that ``capture_host`` wrote; raises OSError or ValueError where it is not one."""
        said: dict[str, Any] = json.loads((directory / ANSWERS).read_text(encoding="utf-8"))
        if said.get("format") != FORMAT:
            raise ValueError(f"{directory / ANSWERS} has format {said.get('format')!r}, not {FORMAT}")
        machine = cls(
            environ=said["environ"],
            system=said["system"],
            platform=said["platform"],
            root=str(directory / "root"),
            usable=said["usable"],
            smi_answer=Answer.from_mapping(said["nvidia-smi"]),
        )
        probed = Answer.from_mapping(said["probe"])
        replies = tuple(replace(reply, path=reply.path and machine.locate(reply.path)) for reply in probed.replies)
        return replace(machine, probe_answer=replace(probed, replies=replies))

    def locate(self, path: str) -> str:
        """Return where a path of that machine lies in the directory."""
        return super().locate("/" + path.lstrip("/").replace(":", _COLON).replace("\\", "/"))

    def list_names(self, path: str) -> tuple[str, ...]:
        """Return the names that were there."""
        return tuple(name.replace(_COLON, ":") for name in super().list_names(path))

    def is_usable(self, path: str) -> bool:
        """Whether the user there could open device nodes."""
        return self.usable and self.exists(path)

    def ask_probe(self, facts: Facts, *, want_gpus: bool) -> Answer:  # noqa: ARG002
        """Return what was written down."""
        return replace(self.probe_answer, asked_gpus=want_gpus)

    def ask_smi(self, facts: Facts) -> Answer:  # noqa: ARG002
        """Return what was written down."""
        return self.smi_answer


@dataclass(frozen=True)
class RecordingMachine(Machine):
    """A machine that notes what is read from it."""

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def read_bytes(self, path: str) -> bytes | None:
        """Read a file, and note it."""
        data = super().read_bytes(path)
        if data is not None:
            self.files[path] = data
        return data

    def read_link(self, path: str) -> str | None:
        """Read a link, and note it."""
        target = super().read_link(path)
        if target is not None:
            self.links[path] = target
        return target

    def list_names(self, path: str) -> tuple[str, ...]:
        """List a directory, and note the names of NVIDIA in /dev and all names in NVIDIA's own directories."""
        names = super().list_names(path)
        for name in names:
            if "/nvidia" in path or (path == "/dev" and name.startswith("nvidia")):
                self.files.setdefault(f"{path}/{name}", b"")
        return names

    def exists(self, path: str) -> bool:
        """Look for a file, and note it without what it holds."""
        found = super().exists(path)
        if found:
            self.files.setdefault(path, b"")
        return found

    def describe_file(self, path: str) -> tuple[str, tuple[int, ...]] | None:
        """Describe a file, and note where links lead."""
        described = super().describe_file(path)
        if described is not None and described[0] != path and path != _LOADER_CACHE:
            self.files.pop(path, None)
            self.links[path] = os.path.relpath(described[0], os.path.dirname(path))  # noqa: PTH120
            self.files.setdefault(described[0], b"")
        return described


def capture_host(directory: Path, machine: Machine | None = None) -> Path:
    """Write this machine below ``directory``, in a directory named after what was found; return it.

    The name is what detection makes of the files written. Raises OSError where nothing can be written there.
    """
    from .asking import needs_probe
    from .detection import detect_host
    from .facts import read_facts

    source = machine or Machine.here()
    recorder = RecordingMachine(**{name: getattr(source, name) for name in Machine.__dataclass_fields__})
    facts = read_facts(recorder)
    asked = needs_probe(facts)
    said = {
        "format": FORMAT,
        "origin": "captured",
        "platform": source.platform,
        "system": source.system,
        "environ": _choose_environ(source, facts),
        "usable": facts.usable_nodes,
        "probe": (recorder.ask_probe(facts, want_gpus=True) if asked else Answer()).to_mapping(),
        "nvidia-smi": (recorder.ask_smi(facts) if asked else Answer()).to_mapping(),
    }
    draft = directory / f"draft-{os.getpid()}"
    write_host(draft, said, choose_files(recorder, facts), choose_links(recorder, facts))
    return draft.rename(directory / name_answer(detect_host(machine=CapturedMachine.load(draft))))


def name_answer(host: Host) -> str:
    """Return the name that says what a host is: ``linux-driver550.54.14-cuda12.4-sm89-ok``."""
    system = "+".join([host.platform.partition("-")[0], *sorted(host.kinds)])
    cuda = f"cuda{host.driver_cuda}{'-or-newer' if host.at_least else ''}" if host.driver_cuda else "nocuda"
    gpus = [f"sm{gpu.compute_capability}".replace(".", "") for gpu in host.gpus if gpu.compute_capability]
    parts = [
        system,
        f"driver{host.driver_release}" if host.driver_release else "nodriver",
        cuda,
        "+".join(dict.fromkeys(gpus)) or "nogpu",
        str(host.verdict).replace(":", "-"),
    ]
    return "-".join(parts)


def choose_files(recorder: RecordingMachine, facts: Facts) -> dict[str, bytes]:
    """Return the files to write: without other makers' PCI devices, and nothing that names this one machine."""
    own = {f"/sys/bus/pci/devices/{gpu.address}" for gpu in facts.pci}
    files = {}
    for path, data in recorder.files.items():
        if path.startswith("/sys/bus/pci/") and path.rpartition("/")[0] not in own:
            continue
        files[path] = data
    files |= {f"/sys/bus/pci/drivers/{gpu.driver}/module": b"" for gpu in facts.pci if gpu.driver}
    files[_BOOT_ID] = b"00000000-0000-0000-0000-000000000000\n"
    libraries = [library.path.encode() for library in (*facts.cuda_libraries, *facts.nvml_libraries)]
    if _LOADER_CACHE in files:
        files[_LOADER_CACHE] = b"\0".join([*libraries, b""])
    return files


def choose_links(recorder: RecordingMachine, facts: Facts) -> dict[str, str]:
    """Return the links to write; those to the kernel drivers lead where something is, so that none is broken."""
    drivers = {f"/sys/bus/pci/devices/{gpu.address}/driver": gpu.driver for gpu in facts.pci if gpu.driver}
    links = {path: target for path, target in recorder.links.items() if not path.startswith("/sys/bus/pci/")}
    return links | {path: f"../../drivers/{driver}" for path, driver in drivers.items()}


def write_host(place: Path, said: dict[str, Any], files: dict[str, bytes], links: dict[str, str]) -> None:
    """Write a captured machine; raises OSError."""
    place.mkdir(parents=True)
    (place / ANSWERS).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    root = place / "root"
    for path in sorted(files):
        file = _make_room(root, path)
        if not any(other.startswith(f"{path}/") for other in (*files, *links)):
            file.write_bytes(files[path])
    for path, target in links.items():
        _make_room(root, path).symlink_to(target)


def _make_room(root: Path, path: str) -> Path:
    file = root / path.lstrip("/").replace(":", _COLON)
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def _choose_environ(machine: Machine, facts: Facts) -> dict[str, str]:
    """Return the variables that count. A loader path keeps only the directories where the driver's libraries lie."""
    homes = {library.path.rpartition("/")[0] for library in (*facts.cuda_libraries, *facts.nvml_libraries)}
    environ = {name: machine.environ[name] for name in _VARIABLES if name in machine.environ}
    environ |= {name: "set" for name in _SIGNS if machine.environ.get(name)}
    searched = [home for home in machine.environ.get("LD_LIBRARY_PATH", "").split(":") if home in homes]
    return environ | ({"LD_LIBRARY_PATH": ":".join(searched)} if searched else {})
