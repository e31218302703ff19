"""Vignettes as notebooks: read from percent scripts, run once, and kept until something that they use changes."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
STRICT = (
    "import warnings\n"
    "warnings.simplefilter('error', UserWarning)\n"
    "%config InlineBackend.print_figure_kwargs = {'bbox_inches': 'tight', 'dpi': 110}\n"
    "import pyterra as pt\n"
    "pt.options(progress=False)"
)
"""What is run before a vignette: a warning ends it, as an error does."""


NEEDS = {
    "r_in_python": ("rpy2.robjects",),
    "mapping": ("sklearn",),
    "terra_chapter": ("sklearn",),
    "time_series": ("statsmodels",),
}
"""Packages without which a vignette cannot be run."""


@dataclass
class Cell:
    """A cell of a percent script."""

    text: str
    is_code: bool
    tags: list[str] = field(default_factory=list)


def cells(script: str) -> list[Cell]:
    """The cells of a percent script, without its head."""
    _, *parts = re.split(r"(?m)^# %%(.*)\n", script)
    found = []
    for head, body in zip(parts[::2], parts[1::2], strict=True):
        tags = re.search(r"tags=(\[.*\])", head)
        code = "[markdown]" not in head
        text = body.strip("\n") if code else re.sub(r"(?m)^# ?", "", body.strip("\n"))
        if text:
            found.append(Cell(text, code, json.loads(tags[1]) if tags else []))
    return found


def notebook(parts: Iterable[Cell]) -> nbformat.NotebookNode:
    """A notebook that has not been run."""
    made = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for number, cell in enumerate(parts):
        new = new_code_cell(cell.text) if cell.is_code else new_markdown_cell(cell.text)
        new.id = f"cell-{number}"  # the same whenever it is made
        if cell.tags:
            new.metadata["tags"] = cell.tags
        if "hide-cell" in cell.tags:  # answers are folded in a notebook that somebody downloads, too
            new.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
        made.cells.append(new)
    return made


def source_of_pyterra() -> str:
    """A digest of the package and of what a result may depend on beside it."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((ROOT / "pyterra").rglob("*")):
        if path.suffix in (".py", ".tsv", ".R"):
            total.update(path.read_bytes())
    for name in ("numpy", "numba", "matplotlib", "rasterio", "pandas"):
        total.update(version(name).encode())
    return total.hexdigest()


def lacking(name: str) -> str | None:
    """What a vignette needs and this environment does not have."""
    for package in NEEDS.get(name, ()):
        try:
            if not find_spec(package):
                return package.partition(".")[0]
        except ModuleNotFoundError:
            return package.partition(".")[0]
    return r_lacks("terra", "ranger") if name == "r_in_python" else None


def r_lacks(*packages: str) -> str | None:
    """R, or the first of some packages, where it is not there."""
    if not shutil.which("Rscript"):
        return "R"
    # They are looked for, not loaded: loading terra takes R seconds.
    asked = f"cat(Filter(function(p) !nzchar(system.file(package = p)), c({str(packages)[1:-1]}))[1])"
    told = subprocess.run(["Rscript", "-e", asked], capture_output=True, text=True, check=False).stdout
    return None if told == "NA" else told


class Runner:
    """Runs notebooks, at most two at a time, and keeps what came out under a digest of all that went in."""

    def __init__(self, kept: Path, base: str) -> None:
        self.kept, self.base = kept, base
        kept.mkdir(parents=True, exist_ok=True)

    def __call__(
        self, made: nbformat.NotebookNode, name: str, files: Path | None = None
    ) -> nbformat.NotebookNode:
        """The notebook with its outputs; the files that it writes stay in a folder, if one is named.

        Raises
        ------
        RuntimeError
            Where a cell fails, or says something to the stream of errors.
        """
        path = self._path(made, name)
        if path.exists():
            return nbformat.read(path, 4)
        done = self._run(made, name, files)
        for old in self.kept.glob(f"{name}-*.ipynb"):
            old.unlink()
        nbformat.write(done, path)
        return done

    def _path(self, made: nbformat.NotebookNode, name: str) -> Path:
        told = hashlib.sha256((self.base + STRICT + nbformat.writes(made)).encode()).hexdigest()
        return self.kept / f"{name}-{told[:20]}.ipynb"

    def all(
        self, made: dict[str, nbformat.NotebookNode], files: dict[str, Path]
    ) -> dict[str, nbformat.NotebookNode]:
        """Several at once; those that are named in `files` leave what they write there."""
        new = {name: one for name, one in made.items() if not self._path(one, name).exists()}
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            list(pool.map(self, new.values(), new, map(files.get, new)))
        return {name: self(one, name) for name, one in made.items()}

    def _run(self, made: nbformat.NotebookNode, name: str, files: Path | None) -> nbformat.NotebookNode:
        whole = nbformat.from_dict({**made, "cells": [new_code_cell(STRICT), *made.cells]})
        if files:
            shutil.rmtree(files, ignore_errors=True)
            files.mkdir(parents=True)
        with tempfile.TemporaryDirectory(prefix="book-") as folder:
            paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
            environment = os.environ | {
                "PYTHONPATH": os.pathsep.join(paths),
                "IPYTHONDIR": folder,
                "TMPDIR": str(files or folder),
                "JUPYTER_PLATFORM_DIRS": "1",
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                "RPY2_CFFI_MODE": os.environ.get("RPY2_CFFI_MODE", "ABI"),  # the other says what it lacks
            }
            environment.pop("MPLBACKEND", None)
            client = NotebookClient(
                whole,
                timeout=600,
                kernel_name="python3",
                resources={"metadata": {"path": folder}},
                extra_arguments=["--log-level=ERROR"],
            )
            try:
                client.execute(env=environment)
            except CellExecutionError as error:
                raise RuntimeError(f"vignette {name}: {error}") from None
        done = nbformat.from_dict({**whole, "cells": whole.cells[1:]})
        for cell in done.cells:
            if cell.cell_type == "code":
                tidied = [tidy(one, name) for one in cell.outputs if not _is_axes(one)]
                cell.outputs = [one for one in tidied if one.get("name") != "stderr"]
                cell.metadata.pop("execution", None)
        return done


def _is_axes(output: Any) -> bool:
    """Whether an output only says that there are axes of a picture."""
    text = output.get("data", {}).get("text/plain", "")
    return bool(re.match(r"(<\S*Axes|array\(\[+<Axes|\(?\[<matplotlib|<matplotlib\.)", text)) and not any(
        kind.startswith("image/") for kind in output["data"]
    )


def tidy(output: Any, name: str) -> Any:
    """An output without what differs from run to run.

    Raises
    ------
    RuntimeError
        Where it came by the stream of errors.
    """
    if output.output_type == "stream" and output.name == "stderr":
        output.text = re.sub(r"TBB Warning.*\n*", "", output.text)  # of a library of R, on some machines
        if not output.text.strip():
            return output
        raise RuntimeError(f"vignette {name} says to the stream of errors: {output.text}")
    if output.output_type == "stream":
        output.text = re.sub(r"/\S*?/book-\w+/", "/tmp/", output.text)
    return output
