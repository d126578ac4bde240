"""For which torch, CUDA and C++ ABI a file was built, as its local version says it."""

from __future__ import annotations

from dataclasses import dataclass

from ..knowledge.wheels import has_new_abi
from ..tag import read_local
from ..versions import CudaVersion


@dataclass(frozen=True)
class AbiKey:
    """What a local version says: ``+cu12torch2.6cxx11abiFALSE``, ``+pt28cu126``, ``+torch270cu128``."""

    torch: str = ""
    """Major and minor; empty where it is silent."""
    cuda: int | None = None
    """The CUDA major, 0 for a CPU build; None where it is silent."""
    new_abi: bool | None = None

    @classmethod
    def read(cls, version: str) -> AbiKey:
        """Read the local part of a version."""
        tag = read_local(version)
        major = tag.cuda.low.major if tag.cuda is not None else 0 if tag.variant == "cpu" else None
        return cls(tag.torch, major, tag.new_abi)

    def fits(self, torch: str, tag: str, conda_forge: bool = False) -> bool:
        """Whether it loads beside a torch: same minor, same CUDA major, same C++ ABI; what it is silent about fits.

        https://github.com/Dao-AILab/flash-attention/blob/main/setup.py
        """
        cuda = CudaVersion.from_tag(tag)
        new_abi = conda_forge or bool(has_new_abi(torch, cuda))  # of two ABIs a CPU build has the old one
        return (
            self.torch in ("", ".".join(torch.split(".")[:2]))
            and self.cuda in (None, cuda.major if cuda is not None else 0)
            and self.new_abi in (None, new_abi)
        )
