"""Fixtures for the tests of detection."""

from __future__ import annotations

import shutil

import pytest

from .stub_machine import StubFactory


@pytest.fixture(scope="session")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> StubFactory:
    """What makes machines with stub libraries."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is missing: the stub driver libraries cannot be built")
    return StubFactory(tmp_path_factory.mktemp("stubs"))
