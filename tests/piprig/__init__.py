"""The pip rig: real pips, real wheels, and a world of package indexes on the loopback. See CONTRIBUTING.md."""
