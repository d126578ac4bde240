"""``conda cuda-pin status | explain | check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable


def define_subcommands() -> Iterable[Any]:
    """Yield the subcommand."""
    from conda.plugins.types import CondaSubcommand

    yield CondaSubcommand(
        name="cuda-pin",
        summary="Show what this host can run, what would be asked of a solve, and what is wrong in an environment.",
        action=run,
        configure_parser=configure_parser,
    )


def configure_parser(parser: ArgumentParser) -> None:
    """Define the arguments."""
    from conda.cli.helpers import add_parser_json, add_parser_prefix

    commands = parser.add_subparsers(dest="cuda_pin_command", metavar="COMMAND", required=True)
    status = commands.add_parser("status", help="the host, how it is known, and the settings of an environment")
    explain = commands.add_parser("explain", help="what a request would be given, or what a rule means")
    explain.add_argument("subject", nargs="+", metavar="SPEC|CODE", help="packages as for install, or rule codes")
    explain.add_argument("-c", "--channel", action="append", default=[], help="a channel, as for install")
    check = commands.add_parser("check", help="what is wrong in an environment; exit status 1 if anything breaks")
    check.add_argument("--file", metavar="FILE", help="judge a lock file, environment.yml or requirements.txt instead")
    check.add_argument("--sarif", action="store_true", help="print SARIF 2.1.0, for code hosts")
    check.add_argument("--repair", action="store_true", help="name the commands that mend what was found")
    check.add_argument("-y", "--yes", action="store_true", help="with --repair: run these commands")
    check.add_argument("--verify", action="store_true", help="also import the frameworks, each in its own process")
    for command in (status, explain, check):
        add_parser_prefix(command)
        add_parser_json(command)


def run(arguments: Namespace) -> int:
    """Run one command and print its answer."""
    from conda.base.context import context

    prefix = str(context.target_prefix)
    answers = {"status": _answer_status, "explain": _answer_explain, "check": _answer_check}
    code, text, facts = answers[arguments.cuda_pin_command](prefix, arguments)
    print(json.dumps(facts, indent=2) if context.json else text)
    return code


def _answer_status(prefix: str, _: Namespace) -> tuple[int, str, dict[str, Any]]:
    from ..detect import host_to_json
    from ..explain.document import document_settings
    from ..explain.host import describe_status
    from ..explain.plan import describe_settings
    from .case import read_policy

    settings, host = read_policy(prefix)
    lines = [*describe_status(host), f"settings: {describe_settings(settings)} (for {prefix})"]
    facts = {"host": host_to_json(host), "settings": document_settings(settings), "prefix": prefix}
    return 0, "\n".join(lines), facts


def _answer_explain(prefix: str, arguments: Namespace) -> tuple[int, str, dict[str, Any]]:
    from ..explain.document import document_rule
    from ..explain.findings import describe_rule
    from ..rules import find_rules

    found = [find_rules(subject) for subject in arguments.subject]
    _refuse_unknown_codes(arguments.subject)
    if all(found):
        rules = list(dict.fromkeys(rule for some in found for rule in some))
        return 0, "\n\n\n".join(map(describe_rule, rules)), {"rules": list(map(document_rule, rules))}
    return _explain_request(prefix, arguments)


def _refuse_unknown_codes(subjects: list[str]) -> None:
    """Raise conda's value error for what looks like the code of a rule and is none."""
    import re

    from conda.exceptions import CondaValueError

    from ..rules import RULES, find_rules

    for subject in subjects:
        if re.fullmatch(r"cup\d+", subject, re.IGNORECASE) and not find_rules(subject):
            raise CondaValueError(f"there is no rule {subject}; there are {', '.join(rule.code for rule in RULES)}")


def _explain_request(prefix: str, arguments: Namespace) -> tuple[int, str, dict[str, Any]]:
    from conda.base.context import context
    from conda.models.match_spec import MatchSpec

    from ..caps import beyond
    from ..component import read_components
    from ..explain.document import document_plan
    from ..explain.host import describe_host
    from ..explain.plan import describe_plan, describe_provider
    from ..plan import make_plan
    from ..request import Request
    from .case import describe_place, read_policy
    from .records import read_installed, to_spec

    settings, host = read_policy(prefix)
    specs = tuple(to_spec(MatchSpec(subject)) for subject in arguments.subject)
    channels = (*arguments.channel, *context.channels)
    request = Request("install", specs, channels, describe_place(prefix))
    plan = make_plan(host, settings, request, read_components(read_installed(prefix)))
    text = f"host: {describe_host(host)}\n{describe_plan(plan)}"
    provider = describe_provider(request)
    text += f"\n{provider}" if provider else ""
    for spec in specs if plan.limit is not None else ():
        if plan.limit is not None and not plan.limit.is_firm and beyond(spec, plan.limit):
            text += f"\n{spec} asks for more ({plan.limit.reason}): solved without caps, and the result refused"
    return 0, text, {"plan": document_plan(plan)}


def _answer_check(prefix: str, arguments: Namespace) -> tuple[int, str, dict[str, Any]]:
    from ..explain.examination import describe_examination, document_examination
    from ..explain.sarif import document_sarif
    from ..inventory.examine import name_subject
    from ..workbench import FOUND
    from .examine import examine, examine_file, repair

    _refuse_clashes(arguments)
    if arguments.file is None:
        _require_environment(prefix)
    if arguments.repair:
        return repair(prefix, run=arguments.yes)
    host, found = examine(prefix, arguments.verify) if arguments.file is None else examine_file(arguments.file, prefix)
    code = FOUND if found.breaks else 0
    if arguments.sarif:
        facts = document_sarif(found, name_subject(found))
        return code, json.dumps(facts, indent=2), facts
    return code, describe_examination(found, host, notes=True), document_examination(found)


def _refuse_clashes(arguments: Namespace) -> None:
    """Raise conda's value error for options of ``check`` that do not go together."""
    from conda.exceptions import CondaValueError

    if arguments.verify and arguments.file is not None:
        raise CondaValueError("--verify imports what is installed; with --file nothing is")
    if arguments.repair and (arguments.file is not None or arguments.sarif or arguments.verify):
        raise CondaValueError("--repair mends an environment: it goes with none of --file, --sarif and --verify")
    if arguments.yes and not arguments.repair:
        raise CondaValueError("--yes runs the commands of --repair: conda cuda-pin check --repair --yes")


def _require_environment(prefix: str) -> None:
    """Raise conda's own error where there is no environment: that is not the same as nothing wrong."""
    from conda.exceptions import EnvironmentLocationNotFound

    from ..inventory import is_environment

    if not is_environment(prefix):
        raise EnvironmentLocationNotFound(prefix)
