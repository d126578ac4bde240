"""Spans: which CUDA versions a version spec admits, and never fewer than it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.span import ANY, Span
from conda_cuda_pin.versions import CudaVersion

SPECS = [
    (">=12.9,<13", "12.9", "13.0"),
    (">=12.9,<13.0a0", "12.9", "13.0"),
    (">=12.9,<12.10.0a0", "12.9", "12.10"),
    (">=12,<13.0a0", "12.0", "13.0"),
    (">=11.2,<12", "11.2", "12.0"),
    ("11.8.*", "11.8", "11.9"),
    ("=12.4", "12.4", "12.5"),
    ("==12.4", "12.4", "12.5"),
    ("12.4", "12.4", "12.5"),
    ("12", "12.0", "13.0"),
    ("12.*", "12.0", "13.0"),
    ("~=12.4", "12.4", "13.0"),
    ("11.3|11.3.*", "11.3", "11.4"),
    ("11.2.*|>=11.4,<12", "11.2", "12.0"),
    ("10.2.89", "10.2", "10.3"),
    (" >=12.1 , <12.4 ", "12.1", "12.4"),
    (">=12.1,<12.4,!=12.2", "12.1", "12.4"),
]


@pytest.mark.parametrize(("spec", "low", "high"), SPECS, ids=[spec for spec, *_ in SPECS])
def test_a_span_begins_and_ends_where_its_spec_does(spec: str, low: str, high: str) -> None:
    assert Span.parse(spec) == Span(CudaVersion.parse(low), CudaVersion.parse(high))


@pytest.mark.parametrize("spec", ["", "*", "!=12.4", "cuda12", ">=", "(>=12", "[version='>=12']", ">=x.y"])
def test_what_bounds_nothing_admits_everything(spec: str) -> None:
    assert Span.parse(spec) == ANY
    assert not Span.parse(spec).bounded_below


def test_an_upper_bound_alone_is_not_bounded_below() -> None:
    assert not Span.parse("<13.0a0").bounded_below
    assert CudaVersion(12, 9) in Span.parse("<13.0a0")
    assert CudaVersion(13, 0) not in Span.parse("<13.0a0")


def test_a_bound_within_a_minor_still_admits_that_minor() -> None:
    assert CudaVersion(12, 5) in Span.parse("<12.5.10")
    assert CudaVersion(12, 5) in Span.parse("<=12.5")
    assert CudaVersion(12, 5) not in Span.parse("<12.5.0a0")


def test_of_alternatives_the_open_one_counts() -> None:
    assert CudaVersion(9, 0) in Span.parse("<10|>=12")
    assert CudaVersion(12, 0) in Span.parse("<10|>=12")


@pytest.mark.parametrize(
    ("spec", "single"),
    [
        (">=12.9,<12.10.0a0", True),
        ("11.8.*", True),
        ("=12.4", True),
        (">=12.9,<13", False),
        (">=12.9", False),
        ("<12.1", False),
        ("12", False),
    ],
)
def test_only_a_toolkit_part_admits_a_single_minor(spec: str, single: bool) -> None:
    assert Span.parse(spec).single_minor is single


@given(st.integers(8, 20), st.integers(0, 12), st.integers(8, 20), st.integers(0, 12))
def test_a_version_lies_within_the_bounds_that_name_it(low: int, minor: int, high: int, other: int) -> None:
    version, bound = CudaVersion(low, minor), CudaVersion(high, other)
    span = Span.parse(f">={version},<{bound}a0")
    assert (version in span) == (version < bound)
    assert bound not in span


@given(st.text(max_size=30))
def test_no_text_is_too_odd_to_read(text: str) -> None:
    span = Span.parse(text)
    assert isinstance(span.low, CudaVersion)
