"""``pip-cuda``: pip with the same knowledge of the machine."""
