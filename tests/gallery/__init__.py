"""Real reports, and what is said to them today."""
