"""For which torch, CUDA and C++ ABI a file was built, as its local version says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..knowledge.indexes import has_new_abi
from ..versions import CudaVersion

_TORCH = re.compile(r"torch(\d)(?:\.(\d+)|(\d+)\d)")
_PT = re.compile(r"pt(\d)(\d+)")
_ABI = re.compile(r"cxx11abi(true|false)")


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
        """Read the local part of a version; its digits run together, the major of torch being one of them."""
        local = version.partition("+")[2].lower()
        torch, pt, abi = _TORCH.search(local), _PT.search(local), _ABI.search(local)
        minor = f"{torch[1]}.{torch[2] or torch[3]}" if torch else f"{pt[1]}.{pt[2]}" if pt else ""
        cuda = CudaVersion.from_tag(local)
        major = cuda.major if cuda is not None else 0 if "cpu" in local else None
        return cls(minor, major, abi[1] == "true" if abi is not None else None)

    def fits(self, torch: str, tag: str, conda_forge: bool = False) -> bool:
        """Whether it loads beside a torch: same minor, same CUDA major, same C++ ABI; what it is silent about fits.

        https://github.com/Dao-AILab/flash-attention/blob/main/setup.py
        """
        cuda = CudaVersion.from_tag(tag)
        new_abi = conda_forge or has_new_abi(torch, tag)
        return (
            self.torch in ("", ".".join(torch.split(".")[:2]))
            and self.cuda in (None, cuda.major if cuda is not None else 0)
            and self.new_abi in (None, new_abi)
        )
