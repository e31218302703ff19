"""Builds the site: lays out pages, vignettes and the reference under .build/book/source, and lets Sphinx make HTML of it.

``python tools/book [FOLDER]``; FOLDER is .build/book unless it is given. What vignettes gave is kept in .build/book/kept.
"""

import json
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # this checkout, whatever is installed

import cheatsheet
import gallery
import interactive
import pictures
import reference
from chapter import Chapter, from_rmd, pairs_of, with_pairs
from drawings import DRAWINGS
from layout import Layout
from links import OF_R, rewritten
from nbformat import NotebookNode
from notebooks import ROOT, Runner, cells, lacking, notebook, source_of_pyterra
from sphinx.cmd.build import main as sphinx

CHAPTERS = ("terra_chapter",)
"""Vignettes in which R and Python stand in tabs."""
KEPT = ROOT / ".build" / "book" / "kept"
MISSING = """
:::{{note}}
This page needs `{package}`, which was not there when the site was built: its code is shown, its results are left out.
:::
"""
DOWNLOAD = "\n{{download}}`Download this page as a notebook </{path}>`.\n"


def pages() -> dict[str, str]:
    """Pages that are written by hand, by their names in the site."""
    found = {}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        name = str(path.relative_to(ROOT / "docs"))
        found[name] = rewritten(path.read_text("utf-8"), f"docs/{name}")
    if "speed.md" not in found:
        found["more.md"] = found["more.md"].replace("\nspeed\n", "\n")
    found["differences.md"] = reference.grouped_differences(found["differences.md"])
    others = {
        "CONTRIBUTING.md": "contributing.md",
        "CHANGELOG.md": "changelog.md",
        "r/README.md": "r/index.md",
    }
    for name, page in others.items():
        found[page] = rewritten((ROOT / name).read_text("utf-8"), name)
    return found


def lay_out(layout: Layout, run: Runner) -> None:
    """Pages and vignettes: all that is run is run first, two at a time."""
    texts = pages()
    scripts = {
        path.stem: cells(path.read_text("utf-8")) for path in sorted((ROOT / "vignettes").glob("*.py"))
    }
    plain = {name: notebook(parts) for name, parts in scripts.items()}
    chapters = {name: Chapter(scripts[name], name, KEPT) for name in CHAPTERS if not lacking(name)}
    to_run = {name: made for name, made in plain.items() if not lacking(name)}
    to_run |= {name: one.notebook() for name, one in chapters.items()}
    to_run |= {Path(name).stem: made for name, text in texts.items() if (made := pairs_of(text))}
    done = run.all(to_run, {name: one.files for name, one in chapters.items()})
    for path in (ROOT / "docs").rglob("*"):
        if path.is_file() and path.suffix != ".md" and "__pycache__" not in path.parts:
            layout.data(str(path.relative_to(ROOT / "docs")), path.read_bytes())
    for name, text in texts.items():
        layout.text(name, with_drawings(with_pairs(text, layout, run, Path(name).stem)))
    layout.text("vignettes/from_r.md", from_rmd((ROOT / OF_R).read_text("utf-8"), layout, run, "from_r"))
    gallery.lay_out(layout, done["gallery"])
    for name, made in plain.items():
        copy = f"_parts/notebooks/{name}.ipynb"
        layout.notebook(copy, made)
        if name in chapters:
            text = chapters[name].page(layout, run)
            title, _, rest = text.partition("\n")
            layout.text(
                f"vignettes/{name}.md",
                rewritten(title + DOWNLOAD.format(path=copy) + rest, f"vignettes/{name}.py"),
            )
        else:
            layout.notebook(f"vignettes/{name}.ipynb", vignette(name, done.get(name), made, copy))


def with_drawings(text: str) -> str:
    """A page with its drawings in it, so that they have the colours of the page."""
    return re.sub(
        r"(?m)^```\{drawing\} (\w+)\n```$",
        lambda found: f"```{{raw}} html\n{DRAWINGS[found[1]]()}\n```",
        text,
    )


def vignette(name: str, done: NotebookNode | None, made: NotebookNode, copy: str) -> NotebookNode:
    """A vignette as the site shows it: with the way to the notebook, and a word where it could not be run."""
    shown = done or made
    missing = "" if done else MISSING.format(package=lacking(name))
    title, _, rest = shown.cells[0].source.partition("\n")
    shown.cells[0].source = title + DOWNLOAD.format(path=copy) + missing + rest
    for cell in shown.cells:
        if cell.cell_type == "markdown":
            cell.source = rewritten(cell.source, f"vignettes/{name}.py")
    return shown


def build(folder: Path) -> int:
    """The site in the folder ``html``; 0 where nothing was to be said against it."""
    start = time.perf_counter()
    layout = Layout(folder / "source")
    base = source_of_pyterra()
    lay_out(layout, Runner(KEPT, base))
    cheatsheet.lay_out(layout, KEPT)
    for path in pictures.draw_all(KEPT, base).glob("*.png"):
        layout.data(f"_parts/pictures/{path.name}", path.read_bytes())
    for name, text in reference.pages(pictures.sections()).items():
        layout.text(name, text)
    layout.data(interactive.PLACE, interactive.page())
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
