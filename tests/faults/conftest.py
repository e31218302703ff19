"""Faults to order: a small disk, and child processes that are stopped at any moment."""

import gc
import os
import resource
import signal
import subprocess
import traceback

import pytest
from failing import SPACES

SMALL = 6 * 2**20


@pytest.fixture(params=SPACES)
def little_space(request, tmp_path):
    """A folder in which no more than 6 MB can be written: a small disk (needs root), or a limit on a file."""
    if request.param == "small disk":
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", str(tmp_path)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("mounting a small disk needs root")
        try:
            yield tmp_path
        finally:
            subprocess.run(["umount", "-l", str(tmp_path)], check=True)
    else:
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, old[1]))
        try:
            yield tmp_path
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.fixture
def in_child():
    """Run a function in a forked child, where all is imported already; return its pid once it can be interrupted."""
    children = []

    def start(function, *arguments):
        ready, tell = os.pipe()
        pid = os.fork()
        if pid:
            children.append(pid)
            os.close(tell)
            os.read(ready, 1)
            os.close(ready)
            return pid
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.write(tell, b"1")
            code = function(*arguments) or 0
        except KeyboardInterrupt:
            code = 130
        except BaseException:
            traceback.print_exc()
        finally:
            gc.collect()
            os._exit(code)

    yield start
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
