"""Hosts as text: a declared target such as ``12.6 sm_80``, and the JSON in which a host is printed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import HostError, VersionError
from ..host import Evidence, Gpu, Host, Outcome, State, Verdict
from ..versions import ComputeCapability, CudaVersion, DriverRelease
from .overrides import parse_capability, parse_cuda

FORMAT = 1
"""The format of a host's JSON."""


def declared_host(target: str | Mapping[str, Any], platform: str, source: str = "cuda_pin_target") -> Host:
    """Return a host that the user declares, with the verdict ``declared``.

    ``target`` is a driver CUDA version and any number of compute capabilities (``12.6``, ``12.6 sm_80``,
    ``12.6 8.0 9.0``), ``none`` for a machine without a driver, or a mapping as ``host_to_json`` writes it (the
    platform in it wins). ``source`` names the setting or the file in messages. Raises HostError for anything else.
    """
    if isinstance(target, str):
        return _declare_text(target, platform, source)
    if not isinstance(target, Mapping):
        raise HostError(f"{source} holds {target!r}, which is neither text nor a host as JSON")
    try:
        host = host_from_json({"platform": platform, **target})
    except HostError as error:
        raise HostError(f"{source}: {error}") from error
    words = f"declared: driver CUDA {host.driver_cuda}" if host.driver_cuda else "declared: no driver"
    return Host(
        platform=host.platform,
        verdict=Verdict(State.DECLARED),
        driver_cuda=host.driver_cuda,
        driver_release=host.driver_release,
        gpus=host.gpus,
        at_least=host.at_least,
        kinds=host.kinds,
        evidence=(Evidence(source, Outcome.FOUND, words),),
    )


def _declare_text(text: str, platform: str, source: str) -> Host:
    words = text.replace(",", " ").split()
    if not words:
        raise HostError(f"{source} is empty. Write for example 12.6, '12.6 sm_80', or none for no driver.")
    if words == ["none"]:
        piece = Evidence(source, Outcome.FOUND, "declared: no driver")
        return Host(platform, Verdict(State.DECLARED), evidence=(piece,))
    cuda = parse_cuda(words[0], source)
    gpus = tuple(Gpu("declared", parse_capability(word, source)) for word in words[1:])
    piece = Evidence(source, Outcome.FOUND, f"declared: driver CUDA {' '.join(words)}")
    return Host(platform, Verdict(State.DECLARED), driver_cuda=cuda, gpus=gpus, evidence=(piece,))


def host_to_json(host: Host) -> dict[str, Any]:
    """Return a host as JSON can hold it; ``host_from_json`` reads it back."""
    return {
        "format": FORMAT,
        "platform": host.platform,
        "verdict": str(host.verdict),
        "driver_cuda": str(host.driver_cuda) if host.driver_cuda else None,
        "driver_release": str(host.driver_release) if host.driver_release else None,
        "at_least": host.at_least,
        "gpus": [_gpu_to_json(gpu) for gpu in host.gpus],
        "kinds": sorted(host.kinds),
        "evidence": [_evidence_to_json(piece) for piece in host.evidence],
    }


def host_from_json(mapping: Mapping[str, Any]) -> Host:
    """Read a host; all keys but ``platform`` may be missing. Raises HostError naming what is wrong."""
    if mapping.get("format", FORMAT) != FORMAT:
        raise HostError(f"format is {mapping['format']!r}; this version reads format {FORMAT}")
    try:
        return Host(
            platform=_take(mapping, "platform", str),
            verdict=_read_verdict(_take(mapping, "verdict", str, State.DECLARED.value)),
            driver_cuda=_read_optional(mapping, "driver_cuda", CudaVersion.parse),
            driver_release=_read_optional(mapping, "driver_release", DriverRelease.parse),
            gpus=tuple(_read_gpu(gpu) for gpu in _take(mapping, "gpus", list, [])),
            at_least=_take(mapping, "at_least", bool, False),
            kinds=frozenset(str(kind) for kind in _take(mapping, "kinds", list, [])),
            evidence=tuple(_read_evidence(piece) for piece in _take(mapping, "evidence", list, [])),
        )
    except VersionError as error:
        raise HostError(str(error)) from error


def _gpu_to_json(gpu: Gpu) -> dict[str, Any]:
    capability = str(gpu.compute_capability) if gpu.compute_capability else None
    return {"name": gpu.name, "compute_capability": capability, "memory_mib": gpu.memory_mib, "mig": gpu.mig}


def _evidence_to_json(piece: Evidence) -> dict[str, Any]:
    return {
        "source": piece.source,
        "outcome": piece.outcome.value,
        "detail": piece.detail,
        "milliseconds": piece.milliseconds,
    }


def _read_gpu(gpu: Any) -> Gpu:
    if not isinstance(gpu, dict):
        raise HostError(f"gpus holds {gpu!r}, not a mapping")
    capability = _read_optional(gpu, "compute_capability", ComputeCapability.parse)
    memory = gpu.get("memory_mib")
    if memory is not None and (isinstance(memory, bool) or not isinstance(memory, int)):
        raise HostError(f"memory_mib is {memory!r}, not a whole number")
    return Gpu(_take(gpu, "name", str, "unnamed"), capability, memory, _take(gpu, "mig", bool, False))


def _read_evidence(piece: Any) -> Evidence:
    if not isinstance(piece, dict):
        raise HostError(f"evidence holds {piece!r}, not a mapping")
    outcome = piece.get("outcome")
    if outcome not in {member.value for member in Outcome}:
        raise HostError(f"outcome is {outcome!r}, not one of {', '.join(member.value for member in Outcome)}")
    took = piece.get("milliseconds")
    milliseconds = float(took) if isinstance(took, (int, float)) else None
    return Evidence(_take(piece, "source", str), Outcome(outcome), _take(piece, "detail", str, ""), milliseconds)


def _read_verdict(text: str) -> Verdict:
    state, _, why = text.partition(":")
    if state not in {member.value for member in State}:
        raise HostError(f"verdict is {text!r}; states are {', '.join(member.value for member in State)}")
    return Verdict(State(state), why)


def _read_optional(mapping: Mapping[str, Any], key: str, parse: Any) -> Any:
    value = mapping.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise HostError(f'{key} is {value!r}; write it as text, for example "12.6"')
    return parse(value)


def _take(mapping: Mapping[str, Any], key: str, kind: type, default: Any = None) -> Any:
    value = mapping.get(key, default)
    if not isinstance(value, kind):
        raise HostError(f"{key} is {value!r}, not {kind.__name__}")
    return value
