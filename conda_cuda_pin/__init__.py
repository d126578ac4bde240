"""Make conda and pip choose CUDA builds that this machine can run, and stop changes that would break them."""
