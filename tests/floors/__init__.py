"""Tests of the pure floors: values in, values out."""
