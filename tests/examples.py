"""An example for the page of each rule: a story, and the scenario that tells what is really said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.scenarios.judge import run_judge
from tests.scenarios.scenario import Scenario, load_scenarios

RULES = Path(__file__).parent / "scenarios" / "rules.json"


@dataclass(frozen=True)
class Example:
    """One case of a rule."""

    scenario: str
    story: str
    """What was there, and what was asked for."""
    instead: str
    """The command that works."""
    silent: str = ""
    """The scenario of the other side, where it is not the one of the same name."""

    @property
    def other_side(self) -> str:
        """The scenario in which the rule has nothing to say."""
        return self.silent or self.scenario.replace("-fires", "-silent")


EXAMPLES = {
    "CUP101": Example(
        "driver-too-old-fires",
        "An RTX 4090 whose driver runs CUDA 12.4. `conda install pytorch` finds builds for CUDA 13 first.",
        "conda install pytorch 'cuda-version<13'",
    ),
    "CUP102": Example(
        "ptx-too-new-fires",
        "OpenMM compiles its kernels on the spot. `conda install openmm` brings a toolkit of 12.9 to a driver of 12.4.",
        "conda install openmm 'cuda-version<=12.4'",
    ),
    "CUP103": Example(
        "arch-unsupported-fires",
        "A V100 with its last driver, which runs CUDA 13.0. Builds of torch for CUDA 13 hold nothing for this GPU.",
        "conda install pytorch 'cuda-version<13'",
    ),
    "CUP104": Example(
        "unknown-host-fires",
        "A login node without a driver, and `export CONDA_OVERRIDE_CUDA=12.4` in a profile. That may be meant.",
        "conda config --set plugins.cuda_pin_target '12.4 8.0' --prefix PREFIX",
    ),
    "CUP201": Example(
        "mixed-toolkits-fires",
        "`conda install cupy cudatoolkit=11.8`: the whole toolkit of 11.8 beside parts of 12.4.",
        "conda install cupy cuda-version=11.8",
    ),
    "CUP202": Example(
        "file-clobber-fires",
        "torch for CUDA 13 is installed. `pip install nvidia-nccl-cu12==2.27.5` would put an older file there.",
        "pip-cuda install 'nvidia-nccl-cu12>=2.30.7'",
    ),
    "CUP203": Example(
        "broken-by-removal-fires",
        "nvidia-nccl-cu12 looks like a leftover beside torch for CUDA 13: `pip uninstall nvidia-nccl-cu12`.",
        "pip-cuda install --force-reinstall --no-deps nvidia-nccl-cu13==2.30.7",
    ),
    "CUP301": Example(
        "wheel-extension-torch-fires",
        "`pip install torch-cluster -f https://data.pyg.org/whl/torch-2.7.0+cu128.html` beside torch 2.8.",
        "pip-cuda install torch-cluster",
        silent="wheel-extension-silent",
    ),
    "CUP302": Example(
        "wheel-pin-fires",
        "torch pins its cuDNN. `pip install nvidia-cudnn-cu13==9.10.2.21` would put an older one there.",
        "pip-cuda install nvidia-cudnn-cu13==9.24.0.43",
    ),
    "CUP401": Example(
        "cpu-on-gpu-fires",
        "A GPU and its driver are there, and `conda install pytorch` came back with a CPU build.",
        "conda install 'pytorch=*=*cu*'",
    ),
    "CUP402": Example(
        "gpu-lost-fires",
        "torch is a CUDA build. `conda install tqdm` would take a newer torch along, in a CPU build.",
        "conda install tqdm 'pytorch>=2.6.0=*cu*'",
    ),
    "CUP403": Example(
        "mixed-variants-fires",
        "`conda install pytorch torchvision` came back with a CPU torch and a CUDA torchvision.",
        "conda install pytorch 'torchvision=*=*cpu*'",
    ),
    "CUP501": Example(
        "channel-mix-fires",
        "`conda install pytorch pytorch-cuda=12.1` with conda-forge on top: the selector is of another channel.",
        "conda install pytorch cuda-version=12",
    ),
    "CUP502": Example(
        "pip-over-conda-fires",
        "conda has installed pytorch. `pip install vllm` brings its own torch and writes it over conda's.",
        "python -m venv env && pip-cuda --python env install vllm",
    ),
    "CUP503": Example(
        "wrong-index-fires",
        "`pip install torch --extra-index-url https://download.pytorch.org/whl/cu126`: PyPI has a higher version.",
        "pip-cuda install torch --index-url https://download.pytorch.org/whl/cu126",
    ),
}


def read_message(code: str) -> str:
    """Return what the rule says in its example, as ``check`` prints it."""
    found = run_judge(scenarios()[EXAMPLES[code].scenario]).details
    text = next(text for text in found if text.startswith(code))
    _, severity, rest = text.split(" ", 2)
    return f"{'breaks' if severity == 'block' else 'warning'}: {code} {rest}"


@cache
def scenarios() -> dict[str, Scenario]:
    """Return the scenarios of rules, by id."""
    return {scenario.id: scenario for scenario in load_scenarios(RULES)}
