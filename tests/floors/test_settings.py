"""Settings: every allowed value, and an error that names each wrong one with its key, its place and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.errors import SettingsError
from conda_cuda_pin.settings import LEVELS, MODES, OPTIONS, PRIORITIES, VARIANTS, Settings, find_problem
from conda_cuda_pin.versions import CudaVersion

ALLOWED: list[tuple[str, Any, Any]] = [
    *(("mode", mode, mode) for mode in MODES),
    *(("level", level, level) for level in LEVELS),
    *(("variant", variant, variant) for variant in VARIANTS),
    *(("channel_priority", priority, priority) for priority in PRIORITIES),
    ("target", "12.4", "12.4"),
    ("target", "hosts/cluster.json", "hosts/cluster.json"),
    ("max", "12.4", CudaVersion(12, 4)),
    ("max", 12.4, CudaVersion(12, 4)),
    ("max", "", None),
    ("channels", ["conda-forge", "nvidia"], ("conda-forge", "nvidia")),
    ("channels", ("conda-forge",), ("conda-forge",)),
    ("channels", [], ()),
    ("ignore", ["CUP101", "ptx-too-new"], frozenset({"CUP101", "ptx-too-new"})),
    ("ignore", (), frozenset()),
    ("mirrors", ["https://a.org/whl/=https://b.org/t"], (("https://a.org/whl", "https://b.org/t"),)),
    ("mirrors", ["http://a.org=file:///srv/whl?a=b"], (("http://a.org", "file:///srv/whl?a=b"),)),
    ("mirrors", [], ()),
]
WRONG: list[tuple[str, Any, str]] = [
    ("mode", "on", "enforce, warn, off"),
    ("mode", "Warn", "enforce, warn, off"),
    ("mode", False, "enforce, warn, off"),
    ("mode", ["warn"], "enforce, warn, off"),
    ("level", "patch", "auto, major, minor"),
    ("variant", "gpu", "auto, cuda, cpu"),
    ("channel_priority", "loose", "strict, flexible, disabled"),
    ("max", "13", "12.4"),
    ("max", 13, "12.4"),
    ("max", "cu124", "12.4"),
    ("max", True, "12.4"),
    ("channels", "conda-forge", "list"),
    ("channels", 5, "list"),
    ("ignore", "CUP101", "list"),
    ("ignore", 101, "list"),
    ("ignore", ["CUP1"], "CUP101"),
    ("ignore", ["CUP101", "everything"], "CUP101"),
    ("ignore", [101], "CUP101"),
    ("mirrors", "https://a.org=https://b.org", "list"),
    ("mirrors", ["https://a.org"], "FROM=TO"),
    ("mirrors", ["a.org=b.org"], "FROM=TO"),
]


def identify(value: Any) -> str:
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)


@pytest.mark.parametrize(("name", "value", "read"), ALLOWED, ids=identify)
def test_an_allowed_value_is_read(name: str, value: Any, read: Any) -> None:
    settings = Settings.from_mapping({f"cuda_pin_{name}": value})
    assert getattr(settings, name) == read


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG, ids=identify)
def test_a_wrong_value_is_named_with_its_key_its_file_and_what_is_allowed(name: str, value: Any, allowed: str) -> None:
    key = f"cuda_pin_{name}"
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({key: value}, {key: "etc/.condarc"})
    message = str(caught.value)
    assert key in message
    assert repr(value) in message
    assert "in etc/.condarc" in message
    assert allowed in message


def test_all_problems_are_told_at_once() -> None:
    values = {f"cuda_pin_{name}": value for name, value, _ in WRONG}
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping(values)
    assert [key for key in values if key not in str(caught.value)] == []


def test_the_defaults_are_in_force_where_nothing_is_said() -> None:
    assert Settings.from_mapping({}) == Settings()
    assert Settings.from_mapping({option.key: None for option in OPTIONS}) == Settings()
    assert (Settings().mode, Settings().level, Settings().variant, Settings().off) == ("enforce", "auto", "auto", False)


def test_the_settings_of_others_are_left_alone() -> None:
    assert Settings.from_mapping({"channels": "nonsense", "anaconda_telemetry": 3}) == Settings()
    assert find_problem("channels", 3) is None


def test_only_off_is_off() -> None:
    assert [Settings(mode=mode).off for mode in MODES] == [False, False, True]


def test_every_setting_has_an_option_that_says_what_it_is_about() -> None:
    assert [option.name for option in OPTIONS] == list(Settings.__dataclass_fields__)
    assert all(option.about and option.key == f"cuda_pin_{option.name}" for option in OPTIONS)


@given(
    st.sampled_from([option.key for option in OPTIONS]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    ),
)
def test_no_value_from_a_file_raises_anything_else(key: str, value: Any) -> None:
    try:
        settings = Settings.from_mapping({key: value})
    except SettingsError as error:
        assert key in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert isinstance(settings, Settings)
