"""Tests of detection: parsers, faults with stub libraries, captured machines."""
