"""``python -m tests.scenarios FILE...``: run scenarios, a line for each, and count what came of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.scenarios.report import Status, count, run_scenarios
from tests.scenarios.scenario import ScenarioError, load_scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names: 0 when nothing failed, 1 when something did, 2 when nothing could be run."""
    options = _parse(arguments)
    try:
        scenarios = [scenario for path in options.files for scenario in load_scenarios(path)]
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    wanted = [s for s in scenarios if s.kind in (options.kind or [s.kind]) and s.id in (options.only or [s.id])]
    unknown = set(options.only or ()) - {scenario.id for scenario in scenarios}
    if unknown:
        print(f"no such scenario: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    width = max((len(scenario.id) for scenario in wanted), default=0)
    reports = []
    for report in run_scenarios(wanted):
        print(f"{report.id:<{width}}  {report.status.value:<7}  {report.why}", flush=True)
        print(*(f"    {line}\n" for line in report.details if options.verbose), sep="", end="")
        reports.append(report)
    print(count(reports))
    return int(any(report.status is Status.FAILED for report in reports))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scenarios", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a JSON list of scenarios")
    parser.add_argument("--kind", action="append", help="only scenarios of this kind: judge, solve...")
    parser.add_argument("--only", action="append", metavar="ID", help="only this scenario")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what was found or selected")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
