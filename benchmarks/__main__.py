"""``python -m benchmarks``: pyterra against live terra, side by side."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the workloads that were asked for and print a table; 1 where values differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", help="names of workloads, or parts of names, with commas between")
    parser.add_argument("--table", action="store_true", help="the workloads of docs/speed.md alone")
    parser.add_argument("--peers", action="store_true", help="time other packages of Python beside them")
    parser.add_argument("--samples", type=int, metavar="N", help="times each side is timed, at most")
    parser.add_argument("--quick", action="store_true", help="small data, three samples: two minutes")
    parser.add_argument("--tiny", action="store_true", help="very small data, one sample: does it run?")
    parser.add_argument(
        "--cold", action="store_true", help="compile all kernels anew: the first call shows it"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all samples in a file")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the page of --results")
    parser.add_argument(
        "--results", type=Path, nargs="+", metavar="FILE", help="what --json kept; later files count"
    )
    parser.add_argument(
        "--growth", type=Path, metavar="FILE", help="with --page: what was measured before, or is kept"
    )
    chosen = parser.parse_args(arguments)
    if chosen.page and not chosen.results:
        parser.error("--page needs --results, which --json has kept")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pyterra-bench-")))
        if chosen.cold:
            os.environ["NUMBA_CACHE_DIR"] = str(folder / "kernels")  # read when numba is imported
        return _run(chosen, folder, stack)


def _run(chosen: argparse.Namespace, folder: Path, stack: ExitStack) -> int:
    import benchmarks.jobs  # noqa: F401  (fills the table of workloads)
    import pyterra as pt
    from benchmarks import data, page, report
    from benchmarks.job import WORKLOADS
    from benchmarks.peers import PEERS
    from benchmarks.run import measure
    from benchmarks.terra import Terra

    if chosen.page:
        return _write_page(chosen, folder)
    names = _selected(chosen.rows, list(page.TITLES if chosen.table else WORKLOADS))
    sizes = data.TINY if chosen.tiny else data.QUICK if chosen.quick else data.FULL
    if chosen.samples:
        sizes = replace(sizes, samples=chosen.samples)
    inputs = data.Data(folder / "data", sizes)
    terra = stack.enter_context(Terra(folder)) if Terra.available() else None
    if terra is None:
        print("R with the package terra is not installed: pyterra is timed alone.", file=sys.stderr)
    print(report.machine(terra.version if terra else None), report.HEADER, sep="\n\n", flush=True)
    results = []
    with pt.options(progress=False):
        for name in names:
            try:
                peer = PEERS.get(name) if chosen.peers else None
                results.append(measure(WORKLOADS[name], inputs, terra, peer))
            except ImportError as error:
                print(f"{name}: left out, {error}", file=sys.stderr)
                continue
            print(report.row(results[-1]), flush=True)
            if chosen.json:
                report.write_json(results, chosen.json)
    return 0 if all(result.agrees for result in results) else 1


def _write_page(chosen: argparse.Namespace, folder: Path) -> int:
    import pyterra as pt
    from benchmarks import data, growth, page

    rows: dict[str, dict[str, Any]] = {}
    for path in chosen.results:
        rows |= {row["workload"]: row for row in json.loads(path.read_text())}
    sizes = data.TINY if chosen.tiny else data.QUICK if chosen.quick else data.FULL
    if chosen.growth and chosen.growth.exists():
        points = [growth.Point(**kept) for kept in json.loads(chosen.growth.read_text())]
    else:
        with pt.options(progress=False):
            points = growth.growth(data.Data(folder / "data", sizes))
    if chosen.growth:
        chosen.growth.write_text(json.dumps(growth.as_json(points), indent=1) + "\n")
    page.write_page(chosen.page, [rows[name] for name in page.TITLES if name in rows], points)
    return 0


def _selected(rows: str | None, names: list[str]) -> list[str]:
    if rows is None:
        return names
    wanted = [part.strip() for part in rows.split(",")]
    unknown = [part for part in wanted if not any(part in name for name in names)]
    if unknown:
        raise SystemExit(f"--rows: no workload is called {unknown[0]!r}; there are {', '.join(names)}")
    return [
        name for name in names if any(part == name or (part not in names and part in name) for part in wanted)
    ]


if __name__ == "__main__":
    raise SystemExit(main())
