"""The three kinds of version: what is read, what is refused, and how they are ordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.errors import CudaPinError, VersionError
from conda_cuda_pin.versions import ComputeCapability, CudaVersion, DriverRelease

versions = st.builds(CudaVersion, st.integers(5, 40), st.integers(0, 12))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("12.4", CudaVersion(12, 4)),
        ("12.4.127", CudaVersion(12, 4)),
        (" 9.2 \n", CudaVersion(9, 2)),
        ("12.10", CudaVersion(12, 10)),
        ("11.2.2.1", CudaVersion(11, 2)),
    ],
)
def test_a_cuda_version_is_read_to_its_minor(text: str, version: CudaVersion) -> None:
    assert CudaVersion.parse(text) == version


@pytest.mark.parametrize("text", ["", "12", "12.", ".4", "v12.4", "12.4a", "12,4", "cu124", "123.4", "-12.4", "12.4."])
def test_what_is_no_cuda_version_is_named_in_the_error(text: str) -> None:
    with pytest.raises(VersionError) as caught:
        CudaVersion.parse(text)
    assert repr(text) in str(caught.value)
    assert "12.4" in str(caught.value)  # what it should look like
    assert isinstance(caught.value, CudaPinError)


@given(versions)
def test_a_cuda_version_reads_back_what_it_writes(version: CudaVersion) -> None:
    assert CudaVersion.parse(str(version)) == version
    assert CudaVersion.from_api(version.major * 1000 + version.minor * 10) == version


@pytest.mark.parametrize(
    ("number", "text"), [(12040, "12.4"), (13000, "13.0"), (9010, "9.1"), (11080, "11.8"), (12049, "12.4")]
)
def test_the_number_of_the_driver_api_is_decoded(number: int, text: str) -> None:
    assert str(CudaVersion.from_api(number)) == text


@pytest.mark.parametrize("number", [0, -1, 124, 999])
def test_a_number_too_small_is_no_version(number: int) -> None:
    with pytest.raises(VersionError, match=str(number)):
        CudaVersion.from_api(number)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("cu118", "11.8"),
        ("cu92", "9.2"),
        ("cu75", "7.5"),
        ("cuda80", "8.0"),
        ("cuda102", "10.2"),
        ("cu130", "13.0"),
        ("cuda12", "12.0"),
        ("cuda_11", "11.0"),
        ("cuda9", "9.0"),
        ("cuda11.7", "11.7"),
        ("cu11.6.2", "11.6"),
        ("cu1210", "12.10"),
    ],
)
def test_a_tag_is_decoded(tag: str, text: str) -> None:
    assert str(CudaVersion.from_tag(tag)) == text


@pytest.mark.parametrize("text", ["", "cpu_py312h", "mkl_py39h5ea9445_0", "cuda_py_0", "rocm5.2_py39", "cudnn8", "cu"])
def test_what_has_no_tag_has_no_version(text: str) -> None:
    assert CudaVersion.from_tag(text) is None


def test_minors_are_numbers_not_text() -> None:
    assert CudaVersion(12, 4) < CudaVersion(12, 10) < CudaVersion(13, 0)


@given(versions)
def test_the_next_versions_are_the_first_beyond(version: CudaVersion) -> None:
    assert version < version.next_minor() <= CudaVersion(version.major, version.minor + 1)
    assert version.next_major() > CudaVersion(version.major, 99)
    assert version.next_major().minor == 0


@pytest.mark.parametrize(
    ("text", "capability"), [("8.9", (8, 9)), ("12.0", (12, 0)), (" 3.5", (3, 5)), ("10.3", (10, 3))]
)
def test_a_compute_capability_is_read(text: str, capability: tuple[int, int]) -> None:
    read = ComputeCapability.parse(text)
    assert (read.major, read.minor) == capability
    assert str(read) == text.strip()


@pytest.mark.parametrize("text", ["", "sm_89", "89", "8.90", "8", "9.0a", "N/A", "[Not Supported]"])
def test_what_is_no_compute_capability_is_named_in_the_error(text: str) -> None:
    with pytest.raises(VersionError) as caught:
        ComputeCapability.parse(text)
    assert repr(text) in str(caught.value)


def test_compute_capabilities_are_ordered_by_number() -> None:
    read = [ComputeCapability.parse(text) for text in ("12.0", "8.9", "10.0", "8.6")]
    assert [str(one) for one in sorted(read)] == ["8.6", "8.9", "10.0", "12.0"]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("550.9", "550.54.14"), ("535.183.01", "550.54.14"), ("470.82", "470.82.01"), ("99.1", "610.43.02")],
)
def test_releases_are_ordered_by_number(older: str, newer: str) -> None:
    assert DriverRelease.parse(older) < DriverRelease.parse(newer)
    assert max(DriverRelease.parse(newer), DriverRelease.parse(older)).text == newer


def test_equal_releases_are_one_whatever_their_zeros() -> None:
    one, other = DriverRelease.parse("470.82.01"), DriverRelease.parse("470.82.1")
    assert one == other
    assert len({one, other}) == 1
    assert str(one) == "470.82.01"  # as the driver writes it


def test_the_branch_is_the_first_part() -> None:
    assert DriverRelease.parse("550.54.14").branch == 550


@pytest.mark.parametrize("text", ["", "550", "550.", "v550.54", "550.54.14-1", "N/A", "550.54.14.1.2", "5.1"])
def test_what_is_no_release_is_named_in_the_error(text: str) -> None:
    with pytest.raises(VersionError) as caught:
        DriverRelease.parse(text)
    assert repr(text) in str(caught.value)
