"""Imports one framework and says what it is. Run as a file by any Python from 3.6 on: it imports nothing of ours.

One JSON object a line on standard output; what the framework itself prints goes to standard error.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator  # noqa: UP035 - older interpreters run this file

Facts = Iterator[Dict[str, Any]]  # noqa: UP006


def describe_torch(torch: Any) -> Facts:
    """Yield what PyTorch says."""
    yield {"version": torch.__version__, "cuda": torch.version.cuda or ""}
    yield {"stage": "devices"}
    if torch.version.cuda and not torch.cuda.is_available():
        torch.cuda.init()
    yield {"devices": [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]}
    if torch.cuda.device_count():
        yield {"stage": "computation"}
        (torch.ones(1, device="cuda") + 1).item()


def describe_tensorflow(tensorflow: Any) -> Facts:
    """Yield what TensorFlow says."""
    build = tensorflow.sysconfig.get_build_info()
    cuda = build.get("cuda_version", "") if build.get("is_cuda_build") else ""
    yield {"version": tensorflow.__version__, "cuda": cuda}
    yield {"stage": "devices"}
    yield {"devices": [device.name for device in tensorflow.config.list_physical_devices("GPU")]}


def describe_jax(jax: Any) -> Facts:
    """Yield what JAX says; of its CUDA it says nothing, that is its plugin's."""
    yield {"version": __import__("jaxlib").__version__}
    yield {"stage": "devices"}
    devices = [device for device in jax.devices() if device.platform in ("gpu", "cuda", "rocm")]
    yield {"devices": [device.device_kind for device in devices]}
    if devices:
        yield {"stage": "computation"}
        (jax.numpy.ones(1) + 1).block_until_ready()


def describe_cupy(cupy: Any) -> Facts:
    """Yield what CuPy says."""
    yield {"version": cupy.__version__}
    yield {"stage": "devices"}
    runtime = cupy.cuda.runtime
    number = runtime.runtimeGetVersion()
    yield {"cuda": f"{number // 1000}.{number % 1000 // 10}"}
    count = runtime.getDeviceCount()
    names = [runtime.getDeviceProperties(each)["name"] for each in range(count)]
    yield {"devices": [name.decode() if isinstance(name, bytes) else str(name) for name in names]}
    if count:
        yield {"stage": "computation"}
        int((cupy.ones(1) + 1)[0])


DESCRIBE: Dict[str, Callable[[Any], Facts]] = {  # noqa: UP006
    "torch": describe_torch,
    "tensorflow": describe_tensorflow,
    "jax": describe_jax,
    "cupy": describe_cupy,
}
"""The modules that are known, by name."""


def main(module: str) -> None:
    """Import a module and print what it says, fact by fact, so that nothing is lost when it ends the process."""
    here = Path(__file__).resolve().parent
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != here]
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(**facts: object) -> None:
        output.write(json.dumps(facts) + "\n")
        output.flush()

    say(stage="import", hides_gpus="CUDA_VISIBLE_DEVICES" in os.environ)
    try:
        for facts in DESCRIBE[module](__import__(module)):
            say(**facts)
        say(stage="done")
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what the user has to know
        say(failure=f"{type(error).__name__}: {error}")
    say(end=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
