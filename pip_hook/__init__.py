"""``pip-cuda``: pip with the same knowledge of the machine. So far it only says what it knows."""
