"""Peak memory of the whole command on one page: `python -m benchmarks.peak_memory PICTURE` prints megabytes.

The kernel's high-water marks of a process of its own and of the largest of its workers (Linux), so that nothing else the
benchmark did is counted.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from omr.cli import main as command

STATUS = Path("/proc/self/status")


def peak_megabytes(picture: Path) -> float:
    """Converts `picture` by a fresh `omr convert`; raises subprocess.CalledProcessError when that fails."""
    call = [sys.executable, "-m", "benchmarks.peak_memory", str(picture)]
    done = subprocess.run(call, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return float(done.stdout.split()[-1])


def main() -> int:
    """Convert the picture named on the command line into a temporary folder and print the peak."""
    with tempfile.TemporaryDirectory() as folder:
        code = command(["convert", sys.argv[1], "-o", f"{folder}/page.musicxml"])
    match = re.search(r"VmHWM:\s*(\d+) kB", STATUS.read_text(encoding="ascii"))
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print((int(match[1]) + worker) / 1024 if match else float("nan"))
    return code


if __name__ == "__main__":
    sys.exit(main())
