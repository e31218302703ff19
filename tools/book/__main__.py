"""Builds the site: lays out pages, vignettes and the reference under .build/book/source, and lets Sphinx make HTML of it.

``python tools/book [FOLDER]``; FOLDER is .build/book unless it is given. What vignettes gave is kept in .build/book/kept.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # this checkout, whatever is installed

import pictures
import reference
from layout import Layout
from links import rewritten
from notebooks import ROOT, Runner, cells, lacking, notebook, source_of_pyterra
from sphinx.cmd.build import main as sphinx

KEPT = ROOT / ".build" / "book" / "kept"
MISSING = """
:::{{note}}
This page needs `{package}`, which was not there when the site was built: its code is shown, its results are left out.
:::
"""
DOWNLOAD = "\n{{download}}`Download this page as a notebook </{path}>`.\n"


def lay_out_pages(layout: Layout) -> None:
    """Pages that are written by hand."""
    for path in sorted((ROOT / "docs").rglob("*")):
        name = str(path.relative_to(ROOT / "docs"))
        if path.suffix == ".md":
            layout.text(name, rewritten(path.read_text("utf-8"), f"docs/{name}"))
        elif path.is_file() and "__pycache__" not in path.parts:
            layout.data(name, path.read_bytes())
    for name, page in (("CONTRIBUTING.md", "contributing.md"), ("CHANGELOG.md", "changelog.md")):
        layout.text(page, rewritten((ROOT / name).read_text("utf-8"), name))


def lay_out_vignettes(layout: Layout, run: Runner) -> None:
    """Vignettes, with what their cells gave, and the notebooks to download."""
    scripts = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "vignettes").glob("*.py"))}
    plain = {name: notebook(cells(script)) for name, script in scripts.items()}
    done = run.all({name: made for name, made in plain.items() if not lacking(name)})
    for name, made in plain.items():
        copy = f"_parts/notebooks/{name}.ipynb"
        layout.notebook(copy, made)
        shown = done.get(name, made)
        missing = "" if name in done else MISSING.format(package=lacking(name))
        title, _, rest = shown.cells[0].source.partition("\n")
        shown.cells[0].source = title + DOWNLOAD.format(path=copy) + missing + rest
        for cell in shown.cells:
            if cell.cell_type == "markdown":
                cell.source = rewritten(cell.source, f"vignettes/{name}.py")
        layout.notebook(f"vignettes/{name}.ipynb", shown)


def build(folder: Path) -> int:
    """The site in the folder ``html``; 0 where nothing was to be said against it."""
    start = time.perf_counter()
    layout = Layout(folder / "source")
    lay_out_pages(layout)
    base = source_of_pyterra()
    lay_out_vignettes(layout, Runner(KEPT, base))
    for path in pictures.draw_all(KEPT, base).glob("*.png"):
        layout.data(f"_parts/pictures/{path.name}", path.read_bytes())
    for name, text in reference.pages(pictures.sections()).items():
        layout.text(name, text)
    layout.text("_parts/groups.json", json.dumps(reference.siblings()))
    layout.done()
    print(f"book: laid out in {time.perf_counter() - start:.0f} s", flush=True)
    result = sphinx(
        [
            "-q",
            "-W",
            "--keep-going",
            "-j",
            "2",
            "-d",
            str(folder / "doctrees"),
            str(layout.folder),
            str(folder / "html"),
        ]
    )
    print(f"book: {folder / 'html' / 'index.html'} after {time.perf_counter() - start:.0f} s")
    return result


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / ".build" / "book"))
