"""The environment that the tests of the bridge run in."""

import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.r


def test_rpy2_of_this_environment_starts_r():
    if shutil.which("Rscript") is None:
        pytest.skip("needs R: tools/setup_r.sh tells what to install")
    code = "import rpy2.rinterface as r; r.initr(); print(r.evalr('6 * 7')[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=280)
    assert done.stdout.split()[-1:] == ["42.0"], done.stderr
