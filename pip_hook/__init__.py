"""``pip-cuda``: pip with the same knowledge of the machine. The page for users is docs/pip-cuda.md."""
