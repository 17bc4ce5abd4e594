"""Whether what the network needs is installed, and what to do where it is not."""

from __future__ import annotations

from importlib.util import find_spec

from orderpoint.domain.errors import UsageError

REMEDY = "pip install 'orderpoint[neural]'"


def check() -> None:
    """Raises UsageError, which names the remedy, where PyTorch or safetensors is missing. Imports neither."""
    missing = [name for name in ("torch", "safetensors") if find_spec(name) is None]
    if missing:
        raise UsageError("extra_missing", model="neural", packages=", ".join(missing), remedy=REMEDY)
