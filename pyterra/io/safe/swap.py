"""Files that belong together and are replaced as one.

No file system renames several files at once. So the new ones lie complete in a folder of their own beside the
target, and one rename gives that folder the name under which it counts: until then the old files are whole and in
place, from then on the new ones are whole, and whoever looks next moves them into place. `complete` does that, and
every reader and writer of such files calls it first.

For others, who do not know of the folder, the main file (``.shp``) is missing while the rest is exchanged: they find
the old files, the new ones, or none, and never a mixture.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pyterra.errors import SinkError, SourceError
from pyterra.io.safe.parts import SIDE_FILES, Output, flush_folder, flush_to_disk, hidden, lock_of

_NOTE = "pyterra-swap.json"


def publish(output: Output, part: Path, endings: Sequence[str]) -> None:
    """Put a finished file of a folder of its own in place of a target, with others that lie there beside it.

    Parameters
    ----------
    output : Output
    part : Path
        Has the target's name.
    endings : sequence of str
        Of what may belong to an older file and must not stay: in place of the target's own ending, those that begin with
        a dot; else after its name.
    """
    made = {path.name for path in part.parent.iterdir()}
    removed = [path for path in beside(output.path, endings) if path.name not in made and path.exists()]
    if len(made) == 1 and not removed:
        output.publish(part)
        return
    output.check_still_free()
    sides = [Path(f"{output.path}{end}") for end in SIDE_FILES]
    removed += [path for path in sides if path.name not in made and os.path.exists(path)]
    commit(part.parent, output.path, removed)


def beside(path: Path, endings: Sequence[str]) -> list[Path]:
    """Files of some endings that belong to another one."""
    return [path.with_suffix(end) if end[0] == "." else Path(f"{path}{end}") for end in endings]


def commit(folder: Path, target: Path, removed: Sequence[Path]) -> None:
    """Put the files of a folder in place of a target and what belongs to it.

    Parameters
    ----------
    folder : Path
        Has a file of the target's name, and others of the set under their final names.
    target : Path
        The main file.
    removed : sequence of Path
        What belongs to the old one and must not stay.
    """
    note = folder / _NOTE
    note.write_text(json.dumps({"old": _state(target), "removed": [path.name for path in removed]}))
    for path in folder.iterdir():
        if (target.parent / path.name).exists():
            shutil.copymode(target.parent / path.name, path)
        flush_to_disk(path)
    flush_folder(folder)
    os.rename(folder, _committed(target))
    flush_folder(target.parent)
    _move_in(target)


def complete(target: Path) -> None:
    """End what a writer that was stopped had begun; nothing where there is nothing to do. The lock is held."""
    if os.path.isdir(_committed(target)):  # False also where the folder is closed to this user
        _move_in(target)


def look_after(target: Path, verb: str) -> None:
    """The same before the lock is held: waits for a writer that is at work.

    Raises
    ------
    SourceError
        Where it cannot be done.
    """
    if not os.path.isdir(_committed(target)):
        return
    lock = lock_of(target)
    try:
        lock.acquire(target)
        complete(target)
    except (SinkError, OSError) as error:
        raise SourceError(
            f"{verb}: {target} was being replaced by a writer that was stopped, and cannot be completed: {error}; "
            "open it where its folder can be written in"
        ) from None
    finally:
        lock.release()


def _committed(target: Path) -> Path:
    return hidden(target, "pyterra-swap")


def _state(path: Path) -> list[int] | None:
    """What tells a file from one that another program puts in its place."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _move_in(target: Path) -> None:
    folder = _committed(target)
    made, note = folder / target.name, folder / _NOTE
    if made.exists() and note.exists():
        told = json.loads(note.read_text())
        if _state(target) in (None, told["old"]):  # else another program wrote it since, which counts
            target.unlink(missing_ok=True)
            for name in told["removed"]:
                (target.parent / name).unlink(missing_ok=True)
            for path in sorted(folder.iterdir()):
                if path not in (made, note):
                    os.replace(path, target.parent / path.name)
            flush_folder(target.parent)
            os.replace(made, target)
            flush_folder(target.parent)
    shutil.rmtree(folder)
