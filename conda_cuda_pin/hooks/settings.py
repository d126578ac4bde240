"""Registers the settings with conda, and reads them for a prefix, active or not."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from ..settings import OPTIONS, Option, Settings, find_problem

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
        conda.CondaError: a value is not allowed; the message names file, key, value and what is allowed.
    """
    from conda.base.context import Context, context

    arguments = {**dict(context._argparse_args or {}), "prefix": str(prefix), "name": None}
    plugins = Context(argparse_args=Namespace(**arguments)).plugins
    values = {option.key: getattr(plugins, option.key) for option in OPTIONS}
    sources = {
        option.key: str(source)
        for source, found in plugins.raw_data.items()
        for option in OPTIONS
        if option.key in found
    }
    return Settings.from_mapping(values, sources)


def _validator(option: Option) -> Callable[[Any], bool | str]:
    def validate(value: Any) -> bool | str:
        return find_problem(option.key, value) or True

    return validate
