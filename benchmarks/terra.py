"""One long-lived R process with terra that runs and times pieces of R code."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType

from benchmarks.timing import Sample

_LOOP = r"""
suppressPackageStartupMessages(library(terra))
terraOptions(progress = 0)
.commands <- file("stdin", "r")
cat("ready", as.character(packageVersion("terra")), Sys.getpid(), "\n"); flush(stdout())
while (length(.path <- readLines(.commands, 1))) {
  .answer <- tryCatch({
    .code <- parse(.path)
    invisible(gc())
    .begin <- proc.time()
    suppressWarnings(eval(.code, globalenv()))
    .spent <- proc.time() - .begin
    sprintf("ok %.6f %.6f", .spent[["user.self"]] + .spent[["sys.self"]], .spent[["elapsed"]])
  }, error = function(e) paste("error", trimws(gsub("\n", " ", conditionMessage(e)))))
  cat(.answer, "\n"); flush(stdout())
}
"""


class TerraError(RuntimeError):
    """R stopped with an error."""


class Terra:
    """R with terra.

    Parameters
    ----------
    folder : Path
        Where pieces of code are handed over.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        loop = folder / "loop.R"
        loop.write_text(_LOOP)
        self._process = subprocess.Popen(
            ["Rscript", "--vanilla", str(loop)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        words = self._line().split()
        if len(words) != 3 or words[0] != "ready":
            self.close()
            raise TerraError("R could not load terra")
        self.version, self.pid = words[1], int(words[2])

    @staticmethod
    def available() -> bool:
        """Whether R and terra are installed."""
        if shutil.which("Rscript") is None:
            return False
        check = ["Rscript", "--vanilla", "-e", "stopifnot(requireNamespace('terra', quietly = TRUE))"]
        return subprocess.run(check, capture_output=True, check=False).returncode == 0

    def run(self, code: str) -> Sample:
        """Evaluate code; the time does not count parsing or the collection of garbage before."""
        path = self._folder / "code.R"
        path.write_text(code)
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        words = self._line().split(maxsplit=2)
        if not words or words[0] != "ok":
            raise TerraError(" ".join(words[1:]).strip() or "R ended")
        return Sample(float(words[1]), float(words[2]))

    def close(self) -> None:
        """End R."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(timeout=10)

    def _line(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(("ready ", "ok ", "error ")):
                return line
        return ""

    def __enter__(self) -> Terra:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
