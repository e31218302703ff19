"""Compiled kernels on disk, one file for a kernel and the types of its arguments.

numba's own cache looks at the file of a kernel only, and goes on with old machine code where a kernel that it calls, in
another file, has changed; it reads no folder that it cannot write, and refuses to import a kernel where it finds none;
processes that keep two types of one kernel at once lose one of them. Here a file is named by a digest of all that went
into it, so there is no index, nothing is ever out of date, and any folder may be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core import config, sigutils
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps
from numba.misc.appdirs import user_cache_dir

from pyterra.kernels._code import digest

PART = ".part"
"""Ending of a file that is being written."""
OLD = 30 * 24 * 3600
"""Seconds after which a file of a kernel's former code is taken away."""
_TYPES: Any = numba.types
PLAIN = (_TYPES.Array, _TYPES.Number, _TYPES.Boolean, _TYPES.NoneType, _TYPES.Omitted, _TYPES.UnicodeType)
"""Types of arguments whose names tell all about them."""


def folders() -> list[Path]:
    """Where compiled kernels may lie: what ``NUMBA_CACHE_DIR`` names, else beside the package, or in the user's cache."""
    if config.CACHE_DIR:
        return [Path(config.CACHE_DIR) / "pyterra"]
    own = Path(user_cache_dir("pyterra", appauthor=False)) / "kernels"
    return [Path(__file__).parent / "__pycache__", *([own] if own.is_absolute() else [])]


def kept_in() -> Path | None:
    """The first of these folders that can be written, None where there is none."""
    for folder in folders():
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            return folder
    return None


class Kept:
    """What numba asks for the compiled forms of one kernel, and tells of new ones.

    Parameters
    ----------
    function : function
        The kernel before it is compiled.
    settings : mapping
        How it is compiled.
    beside : functions
        What has a part in its code although it does not name it.
    """

    def __init__(self, function: Callable[..., Any], settings: dict[str, Any], *beside: Any) -> None:
        self._function, self._settings, self._beside = function, settings, beside

    @property
    def cache_path(self) -> str:
        """The first folder that is looked at."""
        return str(folders()[0])

    def enable(self) -> None:
        """numba asks for it; there is nothing to do."""

    disable = flush = enable

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The compiled form for these types, None where none is kept.

        numba makes itself ready to compile before it reads its cache, which takes longer than all else that a process
        does for its first kernel; the code that is read here needs memory management alone.
        """
        name = self._file(signature, context)
        for folder in folders() if name else ():
            data = _read(folder / name)
            if data is not None:
                rtsys.initialize(context)
                return CompileResult._rebuild(context, *pickle.loads(data))
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep a compiled form in the first folder that takes it."""
        name = self._file(signature, compiled.target_context)
        if not name or compiled.lifted or compiled.library.has_dynamic_globals:
            return
        try:
            data = dumps(compiled._reduce())
        except RuntimeError:
            return  # LLVM was interrupted while it told of the machine code, which is there to run, not to keep
        for folder in folders():
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                _write(folder / name, data)
                self._forget_old(folder)
                return

    def _file(self, signature: Any, context: Any) -> str:
        """The name of a file; none for types that another process would name otherwise."""
        arguments = sigutils.normalize_signature(signature)[0]
        if not all(map(_is_plain, arguments)):
            return ""
        versions = numba.__version__, llvmlite.__version__, np.__version__
        settings = config.OPT, config.BOUNDSCHECK, config.USING_SVML
        made = *versions, *context.codegen().magic_tuple(), *settings
        return f"{self._stem}-{self._code}-{digest(*map(str, (*made, *arguments)))[:20]}.nbc"

    @cached_property
    def _stem(self) -> str:
        name = self._function.__qualname__.replace("<", "").replace(">", "")
        return f"{self._function.__module__.rpartition('.')[2]}.{name}.{sys.implementation.cache_tag}"

    @cached_property
    def _code(self) -> str:
        return digest(self._function, self._settings, *self._beside)[:20]

    def _forget_old(self, folder: Path) -> None:
        """Take away what was compiled from other code of this kernel long ago, and parts that nobody finished."""
        for file in folder.glob(f"{self._stem}-*"):
            if file.suffix == PART or not file.name.startswith(f"{self._stem}-{self._code}-"):
                with contextlib.suppress(OSError):
                    if time.time() - file.stat().st_mtime > OLD:
                        file.unlink()


def _is_plain(kind: Any) -> bool:
    if isinstance(kind, _TYPES.BaseTuple):
        return all(map(_is_plain, kind))
    return isinstance(kind, PLAIN)


def _read(path: Path) -> bytes | None:
    """The content of a file, None where there is none or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    told, content = data[:32], data[32:]
    return content if hashlib.sha256(content).digest() == told else None


def _write(path: Path, content: bytes) -> None:
    """Put a file in place at once, so that nobody sees a part of it; whoever reads the folder may read it."""
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}{PART}")
    try:
        part.write_bytes(hashlib.sha256(content).digest() + content)
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
