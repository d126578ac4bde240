"""The commands of the matrix: each takes the environment ``x`` to a state that holds pytorch."""

from dataclasses import dataclass

from tests.commands.templates import Templates
from tests.commands.user import User


@dataclass(frozen=True)
class Row:
    """One command, and the environment that it finds."""

    command: str
    """Words with places to fill in: ``{spec}``, ``{prefix}``, and ``{file}`` or ``{named}`` for an environment file."""
    start: str = ""
    """The template that ``x`` is a copy of; empty: there is no ``x`` yet."""

    def prepare(self, user: User, templates: Templates, spec: str = "pytorch") -> list[str]:
        """Make what the command finds, and return the command."""
        if self.start:
            templates.copy(self.start, user)
        named = "{named}" in self.command
        file = user.write_file(spec, name="x" if named else "") if named or "{file}" in self.command else ""
        places = {"spec": spec, "prefix": user.prefix("x"), "file": file, "named": file}
        return [word.format(**places) for word in self.command.split()]


ASKING = {
    "create -n": Row("create -n x {spec}"),
    "create -p": Row("create -p {prefix} {spec}"),
    "install -n": Row("install -n x {spec}", "bare"),
    "install -p": Row("install -p {prefix} {spec}", "bare"),
    "env create -n": Row("env create -n x -f {file}"),
    "env create, named in the file": Row("env create -f {named}"),
    "env update -n": Row("env update -n x -f {file}", "bare"),
    "env update, named in the file": Row("env update -f {named}", "bare"),
    "--json": Row("create -n x --json {spec}"),
    "--no-deps": Row("install -n x --no-deps {spec}", "bare"),
    "--only-deps": Row("create -n x --only-deps {spec}"),
    "--update-deps": Row("install -n x --update-deps {spec}", "bare"),
    "--freeze-installed": Row("install -n x --freeze-installed {spec}", "bare"),
    "--override-channels": Row("create -n x --override-channels -c conda-forge {spec}"),
    "--offline": Row("create -n x --offline {spec}"),
}
"""Commands that name what they want."""

UPDATING = {
    "update NAME": Row("update -n x pytorch", "older"),
    "update --all": Row("update -n x --all", "older"),
}
"""Commands that take whatever is newest."""

DRY = {
    "create --dry-run": Row("create -n x --dry-run --json {spec}"),
    "create --dry-run without a name": Row("create --dry-run --json {spec}"),
    "install --dry-run": Row("install -n x --dry-run --json {spec}", "bare"),
    "env create --dry-run": Row("env create -n x -f {file} --dry-run --json"),
    "env create --dry-run, named in the file": Row("env create -f {named} --dry-run --json"),
}
"""Commands that only say what they would do."""
