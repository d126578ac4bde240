"""Tests of the plan for wheels, on a catalogue in memory."""
