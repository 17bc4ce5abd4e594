"""Networks on disk: safetensors with a JSON header, never pickle, so that a file from elsewhere can run no code."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from orderpoint.domain.errors import UsageError
from orderpoint.forecast.neural import network
from orderpoint.forecast.neural.header import Header
from orderpoint.forecast.neural.network import Weights

KEY = "orderpoint.neural"


def save(path: Path, header: Header, members: tuple[Weights, ...]) -> None:
    """Write a network; the file is whole or not there."""
    tensors = {
        f"{k}/{name}": tensor.contiguous() for k, member in enumerate(members) for name, tensor in member.items()
    }
    aside = path.with_name(path.name + ".part")
    save_file(tensors, aside, metadata={KEY: header.text()})
    aside.replace(path)


def load(path: Path) -> tuple[Header, tuple[Weights, ...]]:
    """Read a network. Raises UsageError where the file is none, is damaged, or is of a version that is not known."""
    if not path.is_file():
        raise UsageError("input_not_found", path=str(path))
    try:
        with safe_open(path, framework="pt") as file:
            header = Header.parse((file.metadata() or {})[KEY])
            members = tuple(
                {name: _checked(file.get_tensor(f"{k}/{name}"), shape) for name, shape in network.sizes(header).items()}
                for k in range(header.members)
            )
    except (SafetensorError, ValueError, KeyError, TypeError, json.JSONDecodeError) as cause:
        raise UsageError("weights_unreadable", path=str(path), cause=str(cause)) from cause
    return header, members


def _checked(tensor: Tensor, shape: tuple[int, ...]) -> Tensor:
    if tuple(tensor.shape) != shape or str(tensor.dtype) != "torch.float32" or not tensor.isfinite().all():
        raise ValueError(f"a tensor of shape {tuple(tensor.shape)} and type {tensor.dtype}; expected float32 {shape}")
    return tensor
