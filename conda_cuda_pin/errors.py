"""The family of errors that this project raises on purpose."""

from __future__ import annotations


class CudaPinError(Exception):
    """Base of every error of this project; its text names what was refused, the value, and the way out."""


class VersionError(CudaPinError, ValueError):
    """A text is not the version it should be."""


class HostError(CudaPinError, ValueError):
    """An override or a declared host holds a value that no machine can have."""


class SettingsError(CudaPinError, ValueError):
    """One or more settings have values that are not allowed; all of them are named."""


class PipError(CudaPinError):
    """pip, or what it needs, cannot do what was asked; the text says what stands in the way."""


class KnowledgeError(CudaPinError):
    """A data table of this project is missing or does not meet its schema."""


class DocumentError(CudaPinError, ValueError):
    """A file that should describe an environment cannot be read, or is of no known format."""


class UnsolvableError(CudaPinError):
    """A solver found no solution under the pins that it was given."""

    missing = False
    """Whether it failed because a package is in no channel: then no pin of ours is to blame."""
