"""The program that loads the driver's libraries, in a process of its own; it never runs in the host process.

It is started with ``-I -S -E -B``, imports nothing of this package, and sends each fact as soon as it is known: what
was learnt survives a later hang or crash. One fact is a line: the character 0x1e and the ``repr`` of a dictionary.

Arguments: ``cuda=PATH`` and ``nvml=PATH`` (any number, tried in order), ``pynvml=DIRECTORY``, ``gpus=1`` to ask for
GPUs, ``init=1`` to have ``cuInit`` asked even where NVML answered.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time

TYPE_CHECKING = False  # To import typing for this constant would cost 5 ms.
if TYPE_CHECKING:
    from typing import Any

SUICIDE_SECONDS = 120
"""After so long the probe ends itself, should nobody be left to end it."""

_MAJOR, _MINOR = 75, 76
"""CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.

https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html
"""
_NAME_BYTES = 96
_MIB = 1 << 20


class Sender:
    """Writes facts into the pipe that was the standard output."""

    def __init__(self) -> None:
        self.descriptor = os.dup(1)
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)  # Libraries print; what they print must not mix with the facts.
        os.dup2(silence, 2)
        self.started = time.perf_counter()

    def announce(self, call: str) -> None:
        """Say which call comes next, so that the one which hangs is known."""
        self.started = time.perf_counter()
        self._write({"source": "asking", "text": call})

    def send(self, source: str, **fields: Any) -> None:
        """Send one fact, with the time since the last announcement."""
        elapsed = round((time.perf_counter() - self.started) * 1000, 2)
        self._write({"source": source, "ms": elapsed, **fields})

    def _write(self, fact: dict[str, Any]) -> None:
        os.write(self.descriptor, b"\x1e" + repr(fact).encode("utf-8", "backslashreplace") + b"\n")


def restrain() -> None:
    """No core files, an end even if forgotten, and all GPUs in the order of the bus."""
    os.environ.pop("CUDA_VISIBLE_DEVICES", None)
    os.environ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    if sys.platform == "win32":
        return
    import resource

    # Not 0: where core files go to a program (systemd-coredump, abrt), Linux takes no notice of 0, but does of 1.
    # https://github.com/torvalds/linux/blob/v6.12/fs/coredump.c ("Normally core limits are irrelevant to pipes")
    allowed = 0 if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (allowed, allowed))
    ctypes.CDLL(None).alarm(SUICIDE_SECONDS)  # The module signal would cost 3 ms.


def ask_libcuda(sender: Sender, paths: list[str]) -> Any:
    """Send the CUDA version, without ``cuInit``; return the first library that answers, or None."""
    for path in paths:
        sender.announce(f"cuDriverGetVersion of {path}")
        version = ctypes.c_int(0)
        try:
            library = ctypes.CDLL(path)
            code = library.cuDriverGetVersion(ctypes.byref(version))
        except (OSError, AttributeError) as error:
            sender.send("libcuda", path=path, text=str(error)[:300])
            continue
        sender.send("libcuda", path=path, code=code, cuda=version.value)
        if code == 0 and version.value >= 1000:
            return library
    return None


def ask_nvml(sender: Sender, paths: list[str], directory: str) -> bool:
    """Ask NVML through pynvml; return whether every GPU told its compute capability."""
    if not directory:
        sender.send("NVML", text="the distribution nvidia-ml-py is not installed")
        return False
    sys.path.append(directory)
    sender.announce("import of pynvml")
    try:
        import pynvml
    except (ImportError, SyntaxError) as error:
        sender.send("NVML", text=f"pynvml cannot be imported: {error}"[:300])
        return False
    path = _preload(sender, paths)
    sender.announce("nvmlInit")
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        sender.send("NVML", code=error.value, path=path, text=_describe(pynvml, error))
        return False
    sender.send("NVML", code=0, path=path)
    return _ask_nvml_facts(sender, pynvml)


def _preload(sender: Sender, paths: list[str]) -> str:
    """Load NVML by its path; pynvml asks for it by its name and then gets the one that is loaded already."""
    for path in paths:
        sender.announce(f"loading {path}")
        try:
            ctypes.CDLL(path)
        except OSError as error:
            sender.send("NVML", path=path, text=str(error)[:300])
        else:
            return path
    return ""


def _ask_nvml_facts(sender: Sender, pynvml: Any) -> bool:
    sender.announce("nvmlSystemGetDriverVersion")
    sender.send("NVML", release=_try(pynvml, pynvml.nvmlSystemGetDriverVersion) or "")
    sender.announce("nvmlSystemGetCudaDriverVersion_v2")
    version = _try(pynvml, pynvml.nvmlSystemGetCudaDriverVersion_v2)
    if version is not None:
        sender.send("NVML", cuda=version)
    sender.announce("nvmlDeviceGetCount")
    count = _try(pynvml, pynvml.nvmlDeviceGetCount)
    if count is None:
        return False
    sender.send("NVML", count=count)
    complete = True
    for index in range(count):
        complete = _ask_nvml_gpu(sender, pynvml, index) and complete
    return complete


def _ask_nvml_gpu(sender: Sender, pynvml: Any, index: int) -> bool:
    sender.announce(f"nvmlDeviceGetHandleByIndex {index}")
    handle = _try(pynvml, pynvml.nvmlDeviceGetHandleByIndex, index)
    if handle is None:
        return False
    capability = _try(pynvml, pynvml.nvmlDeviceGetCudaComputeCapability, handle)
    mode = _try(pynvml, pynvml.nvmlDeviceGetMigMode, handle)
    mig = mode is not None and mode[0] == 1
    sender.send(
        "NVML",
        gpu=index,
        name=_try(pynvml, pynvml.nvmlDeviceGetName, handle) or "",
        capability=f"{capability[0]}.{capability[1]}" if capability else "",
        memory_mib=_measure(pynvml, handle, mig=mig),
        mig=mig,
        virtual=_try(pynvml, pynvml.nvmlDeviceGetVirtualizationMode, handle),
    )
    return capability is not None


def _measure(pynvml: Any, handle: Any, *, mig: bool) -> int | None:
    """Return the memory in MiB: of the largest slice where the GPU is sliced, else of the GPU."""
    sizes = []
    for index in range(_try(pynvml, pynvml.nvmlDeviceGetMaxMigDeviceCount, handle) or 0 if mig else 0):
        part = _try(pynvml, pynvml.nvmlDeviceGetMigDeviceHandleByIndex, handle, index)
        memory = None if part is None else _try(pynvml, pynvml.nvmlDeviceGetMemoryInfo, part)
        if memory is not None:
            sizes.append(int(memory.total) // _MIB)
    memory = None if sizes else _try(pynvml, pynvml.nvmlDeviceGetMemoryInfo, handle)
    return max(sizes) if sizes else None if memory is None else int(memory.total) // _MIB


def _try(pynvml: Any, call: Any, *arguments: Any) -> Any:
    """Return what a call answers; None where this driver or this GPU does not know it."""
    try:
        answer = call(*arguments)
    except pynvml.NVMLError:
        return None
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _describe(pynvml: Any, error: Any) -> str:
    """Return words for an error from pynvml's own table: ``nvmlErrorString`` crashes on some drivers.

    https://github.com/JuliaGPU/CUDA.jl/issues/860
    """
    return str(pynvml.NVMLError._errcode_to_string.get(error.value, "unknown error"))


def ask_devices(sender: Sender, library: Any) -> None:
    """Ask ``cuInit`` and what follows it."""
    sender.announce("cuInit")
    code = library.cuInit(0)
    sender.send("cuInit", code=code)
    if code != 0:
        return
    sender.announce("cuDeviceGetCount")
    count = ctypes.c_int(0)
    code = library.cuDeviceGetCount(ctypes.byref(count))
    sender.send("cuInit", code=code, count=count.value if code == 0 else None)
    for index in range(count.value if code == 0 else 0):
        _ask_device(sender, library, index)


def _ask_device(sender: Sender, library: Any, index: int) -> None:
    sender.announce(f"cuDeviceGet {index}")
    device, major, minor = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)
    name, memory = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_size_t(0)
    code = library.cuDeviceGet(ctypes.byref(device), index)
    code = code or library.cuDeviceGetAttribute(ctypes.byref(major), _MAJOR, device)
    code = code or library.cuDeviceGetAttribute(ctypes.byref(minor), _MINOR, device)
    if code != 0:
        sender.send("cuInit", code=code, gpu=index)
        return
    library.cuDeviceGetName(name, _NAME_BYTES, device)
    measured = library.cuDeviceTotalMem_v2(ctypes.byref(memory), device) == 0
    sender.send(
        "cuInit",
        gpu=index,
        name=name.value.decode("utf-8", "replace"),
        capability=f"{major.value}.{minor.value}",
        memory_mib=memory.value // _MIB if measured else None,
    )


def main(arguments: list[str]) -> None:
    """Ask in the order in which answers are most likely and least risky."""
    sender = Sender()
    restrain()
    given: dict[str, list[str]] = {"cuda": [], "nvml": [], "pynvml": [], "gpus": [], "init": []}
    for argument in arguments:
        key, _, value = argument.partition("=")
        given[key].append(value)
    library = ask_libcuda(sender, given["cuda"])
    sender.send("devices")
    if given["gpus"] or library is None:
        complete = ask_nvml(sender, given["nvml"], "".join(given["pynvml"]))
        if library is not None and given["gpus"] and (given["init"] or not complete):
            try:
                ask_devices(sender, library)
            except AttributeError as error:
                sender.send("cuInit", text=str(error)[:300])
    sender.send("end")


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # Without the destructors of the libraries.
