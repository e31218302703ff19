"""Lines of R with what they print and draw, where R and terra are."""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from notebooks import r_lacks

SIZE = 660, 440
"""Width and height of a picture, in pixels, 96 of them to the inch."""

LOOP = r"""
suppressPackageStartupMessages(library(terra))
terraOptions(progress = 0)
options(width = 76, warn = 1)
a <- commandArgs(TRUE)
out <- a[1]
setwd(a[2])
escaped <- function(x) paste0('"', gsub("\n", "\\n", gsub("\t", "\\t", gsub('"', '\\"', gsub("\\", "\\\\", x, fixed = TRUE), fixed = TRUE), fixed = TRUE), fixed = TRUE), '"')
local({ for (file in sort(list.files(out, "[.]R$"))) {  # names of this loop are none of the code's
  expressions <- parse(file.path(out, file), keep.source = TRUE)
  told <- character()
  for (i in seq_along(expressions)) {
    lines <- as.character(attr(expressions, "srcref")[[i]])
    png(file.path(out, sub("[.]R$", sprintf("-%02d-%%d.png", i), file)), width = as.numeric(a[3]), height = as.numeric(a[4]), res = 96, type = "cairo")
    printed <- capture.output({
      answer <- withVisible(eval(expressions[[i]], globalenv()))
      if (answer$visible) print(answer$value)
    })
    dev.off()
    told <- c(told, sprintf('{"code": %s, "printed": %s}', escaped(paste(lines, collapse = "\n")), escaped(paste(printed, collapse = "\n"))))
  }
  writeLines(paste0("[", paste(told, collapse = ",\n"), "]"), file.path(out, sub("[.]R$", ".json", file)))
}})
cat(as.character(packageVersion("terra")))
"""


@dataclass
class Said:
    """An expression of R, and what came of it."""

    code: str
    printed: str = ""
    pictures: list[bytes] = field(default_factory=list)


def ask(
    blocks: list[str],
    folder: Path | None = None,
    packages: tuple[str, ...] = ("terra",),
    size: tuple[int, int] = SIZE,
) -> tuple[list[list[Said]], str | None]:
    """What R says to blocks of code, and the version of terra; code alone, and None, where a package is not there.

    Parameters
    ----------
    blocks : list of str
    folder : Path, optional
        Where R works.
    packages : tuple of str
        What the code uses.
    size : (int, int)
        Width and height of pictures, in pixels.

    Raises
    ------
    RuntimeError
        Where R ends with an error.
    """
    if not shutil.which("Rscript") or r_lacks(*packages):
        return [[Said(block)] if block else [] for block in blocks], None
    with tempfile.TemporaryDirectory(prefix="book-r-") as name:
        out = Path(name)
        work = folder or out / "work"
        work.mkdir(exist_ok=True)
        for i, block in enumerate(blocks):
            (out / f"{i:04d}.R").write_text(block + "\n", "utf-8")
        (out / "loop.txt").write_text(LOOP, "utf-8")
        done = subprocess.run(
            ["Rscript", "--vanilla", str(out / "loop.txt"), name, str(work), *map(str, size)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"R, for the site: {done.stderr}")
        said = []
        for i in range(len(blocks)):
            parts = json.loads((out / f"{i:04d}.json").read_text("utf-8"))
            said.append(
                [
                    Said(
                        part["code"],
                        tidy(part["printed"], work),
                        [path.read_bytes() for path in sorted(out.glob(f"{i:04d}-{number:02d}-*.png"))],
                    )
                    for number, part in enumerate(parts, 1)
                ]
            )
    return said, done.stdout.strip()


def tidy(text: str, work: Path) -> str:
    """What was printed, without the folder of this run."""
    return re.sub(r"/\S*?/book-r-\w+(/work)?/", "", text.replace(f"{work}/", ""))
