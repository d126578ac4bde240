"""Finds out about a machine: overrides, files, what was kept, the libraries, nvidia-smi, the table, in this order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import HostError
from ..host import Evidence, Gpu, Host, Outcome, State, Verdict
from .overrides import Overrides

if TYPE_CHECKING:
    from .answer import Answer
    from .facts import Facts
    from .machine import Machine


def detect_host(overrides: Overrides | None = None, machine: Machine | None = None, *, want_gpus: bool = True) -> Host:
    """Return what is known about the machine, always with a verdict and all evidence.

    ``want_gpus=False`` asks for the CUDA version alone, which is faster where nothing is kept yet. The only error
    raised is HostError, where an override cannot be; whatever else goes wrong gives the verdict ``unknown``.
    """
    said = overrides or Overrides()
    platform = machine.platform if machine is not None else ""
    try:
        from .machine import Machine

        place = machine or Machine.here()
        platform = place.platform
        if said.cuda is not None and (not said.cuda.strip() or said.cuda_arch is not None or not want_gpus):
            return apply_overrides(Host(platform, Verdict(State.DECLARED)), said)
        if said.cuda is not None:  # its GPUs alone are asked for: a driver that hangs must not cost more than a second
            place = replace(place, deadlines=place.deadlines.in_brief())
        return apply_overrides(_look(place, want_gpus=want_gpus), said)
    except HostError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault here must not stop conda; it is told in the verdict
        words = f"{type(error).__name__}: {error}"
        unknown = Host(
            platform,
            Verdict(State.UNKNOWN, f"unexpected-{type(error).__name__}"),
            evidence=(Evidence("detection", Outcome.FAILED, words),),
        )
        return apply_overrides(unknown, said)


def conclude_host(platform: str, facts: Facts, answer: Answer, asking: tuple[Evidence, ...] = ()) -> Host:
    """Return the host that follows from files and replies; ``asking`` is evidence of how the replies came."""
    from .conclusion import find_cuda, find_loaded, find_release, is_vgpu, list_gpus
    from .testimony import describe_answer, describe_facts
    from .verdict import reach_verdict

    cuda = find_cuda(facts, answer)
    gpus = list_gpus(answer)
    loaded = find_loaded(facts, answer)
    own = facts.kernel_release
    compat = loaded is not None and (loaded.is_compat or bool(own and loaded.release not in ("", own)))
    verdict = reach_verdict(facts, answer, cuda, gpus)
    if verdict.why == "reboot-pending":
        compat = False
    evidence = (*describe_facts(facts), *asking, *describe_answer(answer))
    return Host(
        platform=platform,
        verdict=verdict,
        driver_cuda=cuda.version if cuda else None,
        driver_release=find_release(facts, answer),
        gpus=gpus,
        at_least=cuda.at_least if cuda else False,
        kinds=facts.kinds | ({"vgpu"} if is_vgpu(answer) else set()) | ({"cuda-compat"} if compat else set()),
        evidence=(cuda.evidence, *evidence) if cuda else evidence,
    )


def apply_overrides(host: Host, said: Overrides) -> Host:
    """Return the host with what the user says in place of what was found."""
    if said.cuda is not None:
        host = _override_cuda(host, said)
    if said.cuda_arch is None or host.driver_cuda is None:
        return host
    capability = said.capability
    if capability is None:
        gpus = tuple(replace(gpu, compute_capability=None) for gpu in host.gpus)
        words = "said: no compute capability"
    else:
        gpus = (Gpu("declared", capability),)
        words = f"said: compute capability {capability}"
    piece = Evidence(said.arch_source, Outcome.FOUND, words)
    return replace(host, gpus=gpus, evidence=(*host.evidence[:1], piece, *host.evidence[1:]))


def _override_cuda(host: Host, said: Overrides) -> Host:
    version = said.cuda_version
    words = "said: there is no driver" if version is None else f"said: driver CUDA {version}"
    return replace(
        host,
        verdict=Verdict(State.DECLARED),
        driver_cuda=version,
        at_least=False,
        gpus=host.gpus if version is not None else (),
        evidence=(Evidence(said.source, Outcome.FOUND, words), *host.evidence),
    )


def _look(machine: Machine, *, want_gpus: bool) -> Host:
    from .asking import ask_driver
    from .facts import read_facts
    from .testimony import describe_environ

    facts = read_facts(machine)
    answer, asking = ask_driver(machine, facts, want_gpus=want_gpus)
    return conclude_host(machine.platform, facts, answer, (*describe_environ(machine), *asking))
