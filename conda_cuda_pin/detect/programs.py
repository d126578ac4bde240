"""Where the driver's programs lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .libraries import WSL_DIRECTORY

if TYPE_CHECKING:
    from .machine import Machine

_DIRECTORIES = ("/usr/bin", WSL_DIRECTORY, "/usr/local/nvidia/bin", "/opt/bin", "/run/current-system/sw/bin")


def find_smi(machine: Machine) -> str | None:
    """Return where ``nvidia-smi`` lies; only places of the system count, not the PATH of the user."""
    if machine.system == "win32":
        system = machine.environ.get("SystemRoot") or machine.environ.get("SYSTEMROOT") or r"C:\Windows"
        places = [rf"{system}\System32\nvidia-smi.exe"]
    else:
        places = [f"{directory}/nvidia-smi" for directory in _DIRECTORIES]
    return next((machine.locate(place) for place in places if machine.exists(place)), None)
