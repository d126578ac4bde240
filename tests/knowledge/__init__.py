"""Tests of the tables and of what reads them."""
