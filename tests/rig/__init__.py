"""The test rig: a real conda and small channels of real package facts, built once from PyPI alone.

``python -m tests.rig`` builds it under ``.rig``; the building modules use the standard library only.
"""
