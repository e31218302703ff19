"""Worker processes: how they start, and how arrays reach them."""

import subprocess
import sys

import numpy as np

import pyterra as pt


def test_scripts_need_no_main_guard_for_worker_processes(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import pyterra as pt\n"
        "offset = 10\n"
        "def slow(v):\n"
        "    return float(sorted(list(v))[0]) + offset + len({}.get('x', 'ab'))\n"
        "r = pt.rast(nrows=40, ncols=40, vals=range(1600))\n"
        "with pt.options(executor='processes', workers=2, progress=False):\n"
        "    print(int(r.app(slow).values().sum()))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=280, check=False)
    assert done.stderr == ""
    assert int(done.stdout) == sum(range(1600)) + 12 * 1600


def test_large_arrays_reach_workers_as_mapped_files(tmp_path):
    array = np.random.default_rng(2).random((1, 1200, 1200))
    r = pt.rast(array)
    with pt.options(executor="processes", workers=2, tempdir=tmp_path):
        assert (r + 1).to_numpy().tobytes() == (array + 1).tobytes()
        assert list(tmp_path.iterdir()) == []
