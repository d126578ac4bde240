"""Facts about drivers, GPUs and packages: JSON tables with a source for every row, and what reads them."""
