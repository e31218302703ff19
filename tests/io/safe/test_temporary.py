"""What goes away with an object, and stays when a process that was forked off ends."""

import os
import subprocess
import sys
import textwrap

from pyterra.io.safe.temporary import when_gone


class Owner:
    pass


def test_it_is_done_when_the_owner_is_gone():
    done, owner = [], Owner()
    when_gone(owner, done.append, 1)
    assert done == []
    del owner
    assert done == [1]


def test_it_is_done_when_python_ends_but_not_when_a_forked_process_does(tmp_path):
    code = f"""
    import os, sys
    from pathlib import Path
    import numpy as np
    import pyterra as pt
    from pyterra.io.safe.temporary import when_gone

    class Owner: pass
    kept, path = Owner(), Path({str(tmp_path / "file")!r})
    path.touch()
    when_gone(kept, path.unlink)
    pid = os.fork()
    if pid == 0:
        sys.exit(0)
    os.waitpid(pid, 0)
    print(path.exists())
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, env=environment
    )
    assert done.stdout == "True\n", done.stderr
    assert not (tmp_path / "file").exists()
