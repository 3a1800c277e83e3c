"""A cluster's workers write the same bytes as this machine's, lose nothing with a worker, and read and write elsewhere."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from omr.addresses import address_of
from omr.batch.work_folder import WORK
from omr.errors import ExitCode
from tests.cli.conftest import Run
from tests.cli.test_reliability import FORMATS, ROOT, book, files, undisturbed

pytest.importorskip("distributed")
__all__ = ["book", "undisturbed"]
PATIENCE = 90.0  # seconds, on a busy machine


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("s3:/bucket/a.png", "s3://bucket/a.png"),
        ("s3://bucket/a.png", "s3://bucket/a.png"),
        ("C:/scans/a.png", None),
        ("/scans/s3:/a.png", None),
        ("a.png", None),
    ],
)
def test_addresses_outlive_being_paths(path: str, address: str | None) -> None:
    assert address_of(Path(path)) == address


def test_wrong_clusters(run: Run, small_page: Path) -> None:
    assert run("convert", small_page, "--cluster", "local:none").code == ExitCode.USAGE
    assert run("convert", small_page, "--cluster", "local:1", "--offline").code == ExitCode.USAGE


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the background, ended at the end."""
    started = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def wait_for(there: object, *, gone: subprocess.Popen[bytes] | None = None) -> None:
    """Until `there`() is true; fails when that takes too long or the process `gone` ends first."""
    end = time.monotonic() + PATIENCE
    while not there():  # type: ignore[operator]
        assert time.monotonic() < end, "it takes too long"
        assert gone is None or gone.poll() is None, "it ended too soon"
        time.sleep(0.05)


def test_a_lost_worker_loses_nothing(book: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    """A scheduler and two workers of their own, as on two machines; one is killed after the first page."""
    place = tmp_path / "scheduler.json"
    dask = (sys.executable, "-m", "dask")
    serve = ("--scheduler-file", str(place), "--no-dashboard")
    worker = (*dask, "worker", *serve, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path / "worker"))
    out = tmp_path / "out"
    with process(*dask, "scheduler", *serve, "--port", "0", "--host", "127.0.0.1"):
        wait_for(place.exists)
        address = json.loads(place.read_text(encoding="utf-8"))["address"]
        with process(*worker) as first, process(*worker):
            command = (sys.executable, "-m", "omr.cli", "convert", str(book), "-o", f"{out}/", "--format", FORMATS)
            with process(*command, "-q", "--cluster", address) as converting:
                wait_for(lambda: list(out.glob(f"{WORK}/*/page-*.npz")), gone=converting)
                first.kill()
                assert converting.wait(PATIENCE) == 0
    assert files(out) == undisturbed


def test_from_bucket_to_bucket(small_page: Path, tmp_path: Path) -> None:
    """A real S3 server of our own, workers started by the command."""
    port = 5000 + os.getpid() % 1000
    endpoint = f"http://127.0.0.1:{port}"
    setting = os.environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL": endpoint}
    setting["FSSPEC_S3_ENDPOINT_URL"] = endpoint
    script = (
        "import sys, s3fs; s3 = s3fs.S3FileSystem(endpoint_url=sys.argv[1])\n"
        "if len(sys.argv) > 2: s3.mkdir('box'); s3.put_file(sys.argv[2], 'box/in/deep/song.png')\n"
        "else: print('\\n'.join(sorted(s3.find('box/out'))))"
    )
    with process(sys.executable, "-m", "moto.server", "-p", str(port), "-H", "127.0.0.1") as server:
        wait_for(lambda: _answers(endpoint), gone=server)
        bucket = [sys.executable, "-c", script, endpoint]
        subprocess.run([*bucket, str(small_page)], check=True, env=setting, cwd=ROOT)
        command = [
            sys.executable,
            "-m",
            "omr.cli",
            "convert",
            "s3://box/in",
            "-o",
            "s3://box/out/",
            "-q",
            "--cluster",
            "local:1",
        ]
        done = subprocess.run(command, check=True, env=setting, cwd=ROOT, capture_output=True, text=True)
        assert done.stdout == "s3://box/out/deep/song.musicxml\n"
        found = subprocess.run(bucket, check=True, env=setting, cwd=ROOT, capture_output=True, text=True)
        assert found.stdout == "box/out/deep/song.musicxml\n"


def _answers(endpoint: str) -> bool:
    code = f"import urllib.request; urllib.request.urlopen({endpoint!r}, timeout=1)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
