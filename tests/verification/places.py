"""Environments with frameworks that are none: they behave as good and bad ones do."""

from __future__ import annotations

from pathlib import Path

from tests.inventory.places import build_wheel, make_venv, pip

GOOD = """
__version__ = "2.8.0+cu126"
print("what a framework prints is not what it says")
class version:
    cuda = "12.6"
class cuda:
    is_available = staticmethod(lambda: True)
    device_count = staticmethod(lambda: 1)
    get_device_name = staticmethod(lambda number: "NVIDIA L4")
class ones:
    def __init__(self, *size, device): pass
    __add__ = lambda self, other: self
    item = lambda self: 2
"""
UNSEEN = (
    GOOD.replace("lambda: True", "lambda: False").replace("lambda: 1", "lambda: 0")
    + """
def init():
    raise RuntimeError("The NVIDIA driver on your system is too old (found version 11040).")
cuda.init = staticmethod(init)
"""
)
CPU = GOOD.replace('"12.6"', "None").replace("lambda: True", "lambda: False").replace("lambda: 1", "lambda: 0")
NO_KERNEL = GOOD.replace("item = lambda self: 2", "def item(self): raise RuntimeError('CUDA error: no kernel image')")
OTHER = GOOD.replace('"12.6"', '"13.0"')
OLDER = GOOD.replace("2.8.0+cu126", "2.7.1+cu126")
HANGING = "import time\ntime.sleep(600)\n"
HANGING_LATE = GOOD.replace("lambda: True", "lambda: __import__('time').sleep(600)").replace(
    "lambda: 1", "lambda: __import__('time').sleep(600)"
)
LEAVING = "import os\nos._exit(3)\n"
ENDING = "import os\nos._exit(0)\n"
KILLED = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"
LACKING = "raise ImportError('libcudnn.so.9: cannot open shared object file: No such file or directory')\n"
LACKING_DLL = 'raise OSError("""Error loading "C:\\\\lib\\\\cudnn_cnn64_9.dll" or one of its dependencies.""")\n'


def make_environment(at: Path, content: str, name: str = "torch", version: str = "2.8.0+cu126") -> Path:
    """Make a venv with one wheel whose module is ``content``."""
    prefix = make_venv(at / "env")
    module = "cupy" if name.startswith("cupy") else name
    wheel = build_wheel(at, name, version, files={f"{module}/__init__.py": content})
    pip("install", wheel, python=prefix / "bin" / "python")
    return prefix
