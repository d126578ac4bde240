"""A small world of indexes for the tutorials: torch of three times, TensorFlow, an extension, names that are none."""

from __future__ import annotations

from tests.pipcuda.world import library
from tests.piprig.index import Index, make_page, make_pypi, make_torch
from tests.piprig.sdist import Sdist
from tests.piprig.wheel import Wheel

LINUX = '; platform_system == "Linux"'
RELEASES = {
    "2.15.0": ("0.30.0", "2.15.0", ("cpu", "cu130", "cu132")),
    "2.14.1": ("0.29.1", "2.14.1", ("cpu", "cu126", "cu130")),
    "2.7.1": ("0.22.1", "2.7.1", ("cpu", "cu118", "cu126", "cu128")),
    "1.12.1": ("0.13.1", "0.12.1", ("cpu", "cu102", "cu113", "cu116")),
}
"""torch -> torchvision, torchaudio, variants."""
TOOLKITS = {"cu118": "11.8.89", "cu126": "12.6.77", "cu128": "12.8.90", "cu130": "13.0.96", "cu132": "13.2.75"}
"""The runtime of each variant whose wheels name it."""
DEFAULTS = {"2.15.0": "cu130", "2.14.1": "cu130", "2.7.1": "cu126", "1.12.1": "cu102"}
"""What PyPI's wheel is."""
CUDNN = "9.24.0.43"


def need(tag: str) -> tuple[str, ...]:
    """Return the libraries that torch of a variant requires."""
    if tag not in TOOLKITS:
        return ()
    major = tag[2:4]
    runtime = "nvidia-cuda-runtime" + ("" if major == "13" else f"-cu{major}")
    return f"{runtime}=={TOOLKITS[tag]}{LINUX}", f"nvidia-cudnn-cu{major}=={CUDNN}{LINUX}"


def make_family(torch: str, tag: str, local: str) -> list[Wheel]:
    """Return torch, torchvision and torchaudio of one release and variant."""
    vision, audio, _ = RELEASES[torch]
    pair = (f"torch=={torch}",)
    rest = [Wheel("torchvision", vision + local, pair), Wheel("torchaudio", audio + local, pair)]
    return [Wheel("torch", torch + local, need(tag)), *rest]


BROKEN = ("there_is_no_such_module_because_this_package_is_an_error_message",)


def make_broken(name: str, version: str) -> Sdist:
    """Return a package whose build is an error message, as PyPI has them in place of dead names."""
    return Sdist(Wheel(name, version), BROKEN)


FRAMEWORKS: tuple[Wheel | Sdist, ...] = (
    *(wheel for torch in RELEASES for wheel in make_family(torch, DEFAULTS[torch], "")),
    Wheel(
        "tensorflow",
        "2.20.0",
        (
            'nvidia-cuda-runtime-cu12<13.0,>=12.5.82; extra == "and-cuda"',
            'nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
        ),
    ),
    Wheel("tensorflow", "2.15.0", ('nvidia-cuda-runtime-cu12==12.2.140; extra == "and-cuda"',)),
    Wheel(
        "jax",
        "0.7.2",
        ("jaxlib==0.7.2", 'jax-cuda12-plugin==0.7.2; extra == "cuda12"', 'jax-cuda13-plugin==0.7.2; extra == "cuda13"'),
    ),
    Wheel("jaxlib", "0.7.2"),
    Wheel("jax-cuda12-plugin", "0.7.2"),
    Wheel("jax-cuda13-plugin", "0.7.2"),
    Wheel("cupy-cuda12x", "13.6.0"),
    Wheel("cupy-cuda13x", "13.6.0"),
    make_broken("cupy", "13.6.0"),
    make_broken("tensorflow-gpu", "2.12.0"),
    Wheel("tensorflow-gpu", "2.11.0"),
    make_broken("pytorch", "1.0.2"),
    make_broken("torch-sparse", "0.6.18"),
)
LIBRARIES = (
    *(
        library(
            "nvidia-cuda-runtime-cu12" if v[:2] == "12" else f"nvidia-cuda-runtime{'' if v[:2] == '13' else '-cu11'}", v
        )
        for v in TOOLKITS.values()
    ),
    library("nvidia-cuda-runtime-cu12", "12.2.140"),
    *(library(f"nvidia-cudnn-cu{major}", CUDNN) for major in (11, 12, 13)),
)
PYPI = make_pypi(*FRAMEWORKS, *LIBRARIES)
TAGS = sorted({tag for _, _, tags in RELEASES.values() for tag in tags})
TORCH = [
    make_torch(
        tag, *(w for torch, row in RELEASES.items() if tag in row[2] for w in make_family(torch, tag, f"+{tag}"))
    )
    for tag in TAGS
]
PAGES = [
    make_page("data.pyg.org/whl/torch-1.12.0+cu102.html", Wheel("torch-sparse", "0.6.16+pt112cu102")),
    make_page("data.pyg.org/whl/torch-1.12.0+cu113.html", Wheel("torch-sparse", "0.6.16+pt112cu113")),
    make_page("data.pyg.org/whl/torch-2.14.0+cu126.html", Wheel("torch-sparse", "0.6.18+pt214cu126")),
]
WORLD: tuple[Index, ...] = (PYPI, *TORCH, *PAGES)
