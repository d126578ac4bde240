"""Tests of the rules: for each a case that must fire and one that must stay silent."""
