"""pip-cuda: its command lines, its router, and real pip behind both."""
