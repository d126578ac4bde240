"""The only code that imports conda."""
