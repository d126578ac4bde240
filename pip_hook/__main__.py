"""Runs ``python -m pip_hook``."""

from .cli import main

raise SystemExit(main())
