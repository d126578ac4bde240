"""Registers the settings with conda, and reads them for a prefix, active or not."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from ..settings import OPTIONS, PREFIX, Option, Settings, find_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def define_settings() -> Iterable[Any]:
    """Yield one CondaSetting for each option."""
    from conda.common.configuration import PrimitiveParameter, SequenceParameter
    from conda.plugins.types import CondaSetting

    for option in OPTIONS:
        validate = _validator(option)
        if option.many:
            parameter: Any = SequenceParameter(PrimitiveParameter("", element_type=str), string_delimiter=",")
        else:
            default = Settings.__dataclass_fields__[option.name].default or ""
            parameter = PrimitiveParameter(default, element_type=str, validation=validate)
        yield CondaSetting(name=option.key, description=option.about, parameter=parameter)


def read_settings(prefix: str) -> Settings:
    """Read the settings that hold for one prefix: its own .condarc counts, whether or not it is active.

    The global context is left alone; it may look at another environment, as in ``conda env update -f file.yml``.

    Raises:
        SettingsError: a value is not allowed; the message names file, key, value and what is allowed.
    """
    from conda.base.context import Context, context

    arguments = {**dict(context._argparse_args or {}), "prefix": str(prefix), "name": None}
    plugins = Context(argparse_args=Namespace(**arguments)).plugins
    values = {option.key: _read_value(plugins, option.key) for option in OPTIONS}
    said = [(key, str(source)) for source, found in plugins.raw_data.items() for key in found]
    sources = {key: _name_source(source, key) for key, source in said if key.startswith(PREFIX)}
    values.update({key: "" for key in sources if key not in values})  # a mistyped name is named too
    return Settings.from_mapping(values, sources)


def _read_value(plugins: Any, key: str) -> Any:
    """Return what is set, a wrong value too: conda's error on it does not name the file, and ours does."""
    from conda.common.configuration import CustomValidationError

    try:
        return getattr(plugins, key)
    except CustomValidationError as error:
        return error.parameter_value


def _name_source(source: str, key: str) -> str:
    return f"the environment variable CONDA_PLUGINS_{key.upper()}" if source == "envvars" else source


def _validator(option: Option) -> Callable[[Any], bool | str]:
    def validate(value: Any) -> bool | str:
        return find_problem(option.key, value) or True

    return validate
