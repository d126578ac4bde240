"""Tests of `check --verify`."""
