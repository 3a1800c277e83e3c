"""What this machine can do: arithmetic, memory, threads."""

from __future__ import annotations

import ctypes
import platform
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final, Literal

import torch

Precision = Literal["float32", "bfloat16"]
BF16_FLAGS: Final = frozenset(("avx512_bf16", "amx_bf16"))
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4  # glibc's malloc.h


def best_precision(device: torch.device) -> Precision:
    """bfloat16 where the hardware computes in it; a CPU without it is ten times slower in bfloat16 than in float32."""
    if device.type == "cuda":
        return "bfloat16"
    return "bfloat16" if BF16_FLAGS & cpu_flags() else "float32"


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[object]:
    return nullcontext() if precision == "float32" else torch.autocast(device.type, torch.bfloat16)


def cpu_flags(path: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Instruction sets as Linux names them; empty where it does not say."""
    if not path.exists():
        return frozenset()
    lines = (line.partition(":") for line in path.read_text().splitlines())
    return next((frozenset(flags.split()) for name, _, flags in lines if name.strip() == "flags"), frozenset())


def keep_memory() -> bool:
    """Make glibc keep freed memory: returning and re-faulting each activation costs a sixth of a training step on a CPU."""
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    settings = ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, 2**31 - 1), (M_TOP_PAD, 2**28))
    results = [libc.mallopt(name, value) for name, value in settings]
    return all(result == 1 for result in results)


def pick_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
