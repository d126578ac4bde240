"""What is typed in the demonstration, on which captured host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOSTS = Path(__file__).parent / "hosts"


@dataclass(frozen=True)
class Story:
    """One host and the commands that somebody types there."""

    title: str
    host: str
    """A file in ``hosts``, as ``conda cuda-pin status --json`` writes it."""
    cuda: str
    """The CUDA version of its driver, for conda alone; empty without a driver."""
    commands: tuple[str, ...]
    start: str = ""
    """An environment of an earlier story to begin with."""

    @property
    def file(self) -> Path:
        """The captured host."""
        return HOSTS / f"{self.host}.json"


STORIES = (
    Story(
        "a workstation: RTX 4090, driver 550.54 (CUDA 12.4)",
        "workstation-rtx4090",
        "12.4",
        (
            "create -n work pytorch torchvision",
            "install -n work tqdm",
            "install -n work cuda-version=13.0",
            "create -n array cupy",
            "create -n legacy -c pytorch -c nvidia pytorch pytorch-cuda=11.8",
        ),
    ),
    Story(
        "a server: V100, driver 580.95 (CUDA 13.0, and no kernels for a V100 in CUDA 13)",
        "server-v100",
        "13.0",
        ("create -n volta pytorch", "create -n forced 'pytorch=*=cuda130*'"),
    ),
    Story(
        "a cluster: T4, driver 470.82 (CUDA 11.4)",
        "cluster-t4",
        "11.4",
        ("create -n old pytorch", "create -n older 'pytorch=*=*cu*'", "create -n arrays cupy"),
    ),
    Story(
        "its login node: no GPU, no driver",
        "login-node",
        "",
        (
            "create -n cpu -c pytorch -c nvidia pytorch=2.4",
            "install -n work torchaudio",
        ),
        start="work",
    ),
)
