"""The options of pip's command line: which take a value, and how they may be written.

https://pip.pypa.io/en/stable/cli/pip_install/ and the pages of download, wheel, lock and uninstall beside it.
"""

from __future__ import annotations

_VALUED = """
    --requirement --constraint --build-constraint --requirements-from-script --editable --target --platform
    --python-version --implementation --abi --root --prefix --src --upgrade-strategy --config-settings
    --progress-bar --root-user-action --report --group --all-releases --only-final --no-binary --only-binary
    --index-url --extra-index-url --refresh-package --find-links --uploaded-prior-to --python --log
    --keyring-provider --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert
    --cache-dir --use-feature --use-deprecated --resume-retries --dest --wheel-dir --output --build-option
    --global-option --install-option
"""
VALUED = frozenset(_VALUED.split())
_FLAGS = """
    --no-deps --only-deps --dry-run --user --upgrade --force-reinstall --ignore-installed
    --ignore-requires-python --no-build-isolation --check-build-dependencies --break-system-packages --compile
    --no-compile --no-warn-script-location --no-warn-conflicts --require-hashes --no-require-hashes --no-clean
    --pre --prefer-binary --no-index --help --debug --isolated --require-virtualenv --verbose --version --quiet
    --no-input --no-proxy-env --no-cache-dir --disable-pip-version-check --no-color --no-python-version-warning
    --no-verify --yes --use-pep517 --no-use-pep517
"""
FLAGS = frozenset(_FLAGS.split())
OWN_VALUED = frozenset({"--emit-constraints", "--suggest", "--file"})
OWN_FLAGS = frozenset({"--explain", "--json", "--merge-indexes", "--repair", "--sarif", "--verify"})
"""The options of pip-cuda itself; pip never sees them."""
SHORT = {
    "r": "--requirement",
    "c": "--constraint",
    "e": "--editable",
    "t": "--target",
    "U": "--upgrade",
    "I": "--ignore-installed",
    "C": "--config-settings",
    "i": "--index-url",
    "f": "--find-links",
    "h": "--help",
    "v": "--verbose",
    "V": "--version",
    "q": "--quiet",
    "d": "--dest",
    "w": "--wheel-dir",
    "o": "--output",
    "y": "--yes",
}
ALIASES = {
    "--pypi-url": "--index-url",
    "--config-setting": "--config-settings",
    "--build-dir": "--build",
    "--destination-dir": "--dest",
    "--destination-directory": "--dest",
    "--source": "--src",
    "--source-dir": "--src",
    "--source-directory": "--src",
    "--default-timeout": "--timeout",
    "--log-file": "--log",
    "--local-log": "--log",
    "--no-dependencies": "--no-deps",
}
"""Other spellings that pip takes."""


def find_option(written: str) -> str | None:
    """Return the full name of a long option: as it is, an alias, or an abbreviation that only one option has."""
    known = VALUED | FLAGS | OWN_VALUED | OWN_FLAGS
    if written in known:
        return written
    if written in ALIASES:
        return ALIASES[written]
    fitting = [name for name in known - OWN_VALUED - OWN_FLAGS if name.startswith(written)]
    return fitting[0] if len(fitting) == 1 else None


def takes_value(option: str) -> bool:
    """Whether an option, named in full, takes a value."""
    return option in VALUED or option in OWN_VALUED
