"""What to do about a finding that no command mends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..rules import Finding

_BY_HAND = {
    "CUP101": "update the NVIDIA driver, or install a release that is built for an older CUDA",
    "CUP102": "update the NVIDIA driver, or keep the toolkit at its minor",
    "CUP103": "install a release that was built for this GPU, or build it from source for this GPU",
    "CUP104": "say what the driver runs: CONDA_OVERRIDE_CUDA=VERSION, or cuda_pin_target in a .condarc",
    "CUP201": "make a new environment with one toolkit; name it with cuda-version",
    "CUP202": "uninstall one of the wheels, and reinstall the other",
    "CUP203": "reinstall the wheel whose file is gone",
    "CUP301": "build it from source beside what is there, or make a new environment for it",
    "CUP302": "install versions that accept each other in one command",
    "CUP401": "say what is meant: 'NAME=*=*cu*', or cuda_pin_variant: cpu",
    "CUP403": "install both in one variant, in one command",
    "CUP501": "make a new environment whose CUDA packages come from one channel",
    "CUP502": "make a new environment, and install the package in it with conda or with pip, not with both",
}
_ELSE = "read what the rule says"


def advise(finding: Finding) -> str:
    """Say in a few words what a user can do by hand."""
    return _BY_HAND.get(finding.code, _ELSE)
