"""The chapter in which R and Python stand in tabs, and other pages with such tabs."""

import hashlib
import json
import re
from pathlib import Path

import nbformat
from layout import Layout
from notebooks import Cell, Runner, notebook
from rsession import SIZE, Said, ask
from tabs import Block, cells_of, chapter_files, of_python, of_r, tab_set, written

NO_R = """
:::{note}
R and terra were not there when this page was built: the lines of R are shown without what they print.
:::
"""
NO_PACKAGE = """
:::{note}
R, the R package, or what this page uses beside them was not there when the page was built: its code is shown without results.
:::
"""
OF_THE_VIGNETTE = "terra", "pyterra", "reticulate", "ranger", "knitr"
CHUNK = re.compile(r"(?ms)^```\{r([^}]*)\}\n(.*?)^```$")
PAIR = re.compile(r"(?ms)^```\{python-and-r\}\n(.*?)\n---\n(.*?)\n```$")


def _note(version: str | None) -> str:
    return f"\nWhat R prints comes from terra {version}.\n" if version else NO_R


def _asked(
    kept: Path,
    base: str,
    name: str,
    blocks: list[str],
    folder: Path | None,
    packages: tuple[str, ...] = ("terra",),
    size: tuple[int, int] = SIZE,
) -> tuple[list[list[Said]], str | None]:
    """Answers of R, kept while the code stays."""
    told = hashlib.sha256(json.dumps([base, blocks, size]).encode()).hexdigest()[:20]
    path = kept / f"{name}-r-{told}.json"
    if path.exists():
        version, said = json.loads(path.read_text("utf-8"))
        return [
            [Said(a, b, [bytes.fromhex(one) for one in c]) for a, b, c in block] for block in said
        ], version
    answers, version = ask(blocks, folder, packages, size)
    if version:
        for old in kept.glob(f"{name}-r-*.json"):
            old.unlink()
        told_by_r = [
            [[one.code, one.printed, [p.hex() for p in one.pictures]] for one in block] for block in answers
        ]
        path.write_text(json.dumps([version, told_by_r]), "utf-8")
    return answers, version


class Chapter:
    """A chapter whose code and that of R stand in tabs.

    Parameters
    ----------
    parts : list of Cell
    name : str
    kept : Path
        Folder of what was run.
    """

    def __init__(self, parts: list[Cell], name: str, kept: Path) -> None:
        self.told, self.name, self.files = cells_of(parts), name, kept / f"{name}-files"
        self.steps = [step for _, found in self.told for step in found if step.run]

    def notebook(self) -> nbformat.NotebookNode:
        """A cell for each statement, so that each has its output."""
        return notebook(Cell(step.run, True) for step in self.steps)

    def page(self, layout: Layout, run: Runner) -> str:
        """The page."""
        done = run(self.notebook(), self.name, self.files)
        outputs = {id(step): cell.outputs for step, cell in zip(self.steps, done.cells, strict=True)}
        folder = chapter_files(self.files)
        blocks = ["\n".join(step.r for step in found if step.r) for _, found in self.told]
        answers, version = _asked(run.kept, run.base, self.name, blocks, folder)
        page = []
        for (cell, found), said in zip(self.told, answers, strict=True):
            if not cell.is_code:
                page.append(cell.text)
            elif "setup" in cell.tags:
                page.append(f":::{{dropdown}} The code behind this page\n```python\n{cell.text}\n```\n:::")
            else:
                python = [
                    of_python(step.shown, outputs[id(step)] if step.shown else [])
                    for step in found
                    if step.run
                ]
                shown = tab_set([_without(one, folder) for one in python], of_r(said), layout, self.name)
                if "hide-cell" in cell.tags:
                    shown = f"::::::{{dropdown}} Show the answer\n{shown}\n::::::"
                page.append(shown)
        title, _, rest = page[0].partition("\n")
        page[0] = f"{title}\n{_note(version)}\n{rest}"
        return "\n\n".join(page) + "\n"


def _without(block: Block, folder: Path | None) -> Block:
    return Block(
        block.code, block.printed.replace(f"{folder}/", "") if folder else block.printed, block.pictures
    )


def pairs_of(text: str) -> nbformat.NotebookNode | None:
    """The Python of a page with pairs, as a notebook."""
    pairs = PAIR.findall(text)
    return notebook(Cell(python, True) for python, _ in pairs) if pairs else None


def with_pairs(text: str, layout: Layout, run: Runner, name: str) -> str:
    """A page in which blocks of Python and R, parted by a line of dashes, become tabs with what they give."""
    made = pairs_of(text)
    if made is None:
        return text
    pairs = PAIR.findall(text)
    answers, _ = _asked(run.kept, run.base, name, [r for _, r in pairs], None)
    tabs = iter(
        tab_set([of_python(python, cell.outputs)], of_r(said), layout, name)
        for (python, _), cell, said in zip(pairs, run(made, name).cells, answers, strict=True)
    )
    return PAIR.sub(lambda _: next(tabs), text)


def from_rmd(text: str, layout: Layout, run: Runner, name: str) -> str:
    """An R Markdown page as Markdown: its code, with what comes of it where R has all that it uses."""
    head, body = text.split("---\n", 2)[1:]
    title = re.search(r'title: "(.*)"', head)
    body = re.sub(r"(?ms)^Seconds on the machine.*?\n\n", "", body)  # they are those of the knitted page
    chunks = CHUNK.findall(body)
    blocks = [re.sub(r"(?m)^knitr::opts_chunk.*\n?", "", code).strip() for _, code in chunks]
    inches = re.search(r"fig.width = ([\d.]+), fig.height = ([\d.]+)", body)
    size = (int(96 * float(inches[1])), int(96 * float(inches[2]))) if inches else SIZE
    answers, version = _asked(run.kept, run.base, name, blocks, None, OF_THE_VIGNETTE, size)
    shown = iter(
        "" if "include = FALSE" in options else written(of_r(said), "r", layout, name)
        for (options, _), said in zip(chunks, answers, strict=True)
    )
    body = CHUNK.sub(lambda _: next(shown), body)
    return f"# {title[1] if title else ''}\n{_note(version) if version else NO_PACKAGE}\n{body}"
