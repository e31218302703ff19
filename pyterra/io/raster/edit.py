"""Files that are changed: a copy is, and then takes their place."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import SinkError, SourceChangedError, WriteError
from pyterra.frozen import dataclass
from pyterra.io.formats import RASTER
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.gdal import is_plain_file, open_dataset
from pyterra.io.raster.raster_file import hidden_by
from pyterra.io.raster.side_file import forget_stale
from pyterra.io.safe import swap
from pyterra.io.safe.aside import giving_up
from pyterra.io.safe.parts import SIDE_FILES, Output, check_free_space
from pyterra.io.safe.pieces import Parts, Piece, read_back, reader_of
from pyterra.io.safe.safe_write import is_lossy
from pyterra.io.safe.verify import Digests
from pyterra.io.safe.watch import Watch
from pyterra.options import current

_AT_ONCE = 64 * 2**20
"""Bytes that are copied before Ctrl-C is looked for."""
_NOT_HERE = (None, errno.ENOSYS, errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP)
"""What a system says that cannot copy within itself, or not between these files."""
_NEAR = 1e-9
"""Share of a cell by which a place may be off: where a file gives the middle of a cell, half of one is added."""


@dataclass(frozen=True)
class CellChange:
    """New numbers of some cells."""

    rows: NDArray[np.int64]
    """Row in the file, of each cell."""
    cols: NDArray[np.int64]
    """Column."""
    bands: tuple[int, ...]
    """Bands of the file, from 0."""
    numbers: NDArray[Any]
    """Stored numbers of shape (band, cell)."""


@dataclass(frozen=True)
class Edit:
    """What is to be changed in a file."""

    names: Mapping[int, str]
    """Names by band, from 0."""
    crs: str | None
    """WKT, "" for none; None where it stays."""
    transform: tuple[float, ...] | None
    """Six numbers as affine has them; None where it stays."""
    cells: CellChange | None
    """None where all cells stay."""


def edit_file(path: str, edit: Edit, unchanged: Callable[[], bool]) -> None:
    """Change a file, with those that belong to it. Until the changed copy takes its place, and after any failure, it is
    what it was.

    Parameters
    ----------
    path : str
    edit : Edit
    unchanged : callable
        Whether the file is still the one that was looked at; asked while nobody else can write it.

    Raises
    ------
    SinkError
        Where its format is none that is changed, or it cannot be changed without harm.
    SourceChangedError
        Where it is another one by now.
    WriteError
        Where the disk lost something, or the format cannot hold what was asked for.
    """
    kind = _check(path, edit)
    with Output(path, overwrite=True) as output, output.completing():
        swap.complete(output.path)
        if not unchanged():
            raise SourceChangedError(
                f"write: {path} has changed since the raster was defined; make the raster again with rast()"
            )
        part = output.folder() / output.path.name if kind.beside else output.part(".tif")
        watch = Watch(output.path)
        copy = _Copy(part, kind, watch)
        files = _set_of(output.path) if kind.beside else [output.path]
        check_free_space(output.path, sum(file.stat().st_size for file in files))
        for file in files:
            _copy_file(file, part if file == output.path else part.with_name(file.name))
        digests, inside = Digests[Piece](current().verify), True
        if edit.cells is not None:
            inside = _put(output.path, copy, edit.cells, digests)
        for ending in SIDE_FILES:
            if os.path.exists(side := f"{output.path}{ending}"):
                _copy_file(Path(side), Path(f"{part}{ending}"))
        forget_stale(
            Path(f"{part}.aux.xml"),
            crs=edit.crs is not None,
            transform=edit.transform is not None,
            named=edit.names,
            changed=() if edit.cells is None else edit.cells.bands,
        )
        _describe(copy, edit)
        if edit.cells is not None:
            _renew(copy, _overviews(copy), inside=inside)
            _count_again(copy, edit.cells.bands)
        _compare(copy, edit, digests)
        if kind.beside:
            swap.publish(output, part, kind.beside)
        else:
            output.publish(part)


class _Copy(NamedTuple):
    """A file that is changed."""

    path: Path
    kind: RasterFormat
    watch: Watch

    def open(self, mode: str = "r", **options: Any) -> Any:
        """The dataset, by no other driver than its own."""
        import rasterio

        return rasterio.open(self.path, mode, driver=self.kind.name, sharing=False, **options)


def _check(path: str, edit: Edit) -> RasterFormat:
    """The format of a file; raise where it cannot be changed."""
    if not is_plain_file(path) or not os.path.isfile(path):
        raise SinkError(
            f"write: {path} is no file of this machine; write the raster to one with write_raster()"
        )
    with open_dataset(path, checked=True) as dataset:
        stored = dataset.tags(ns="IMAGE_STRUCTURE")
        kind = next((record for record in RASTER if record.name == dataset.driver and record.forget), None)
        if kind is None:
            names = sorted({record.name for record in RASTER if record.forget})
            problem = f"is {dataset.driver}, and only {', '.join(names)} are changed"
        elif stored.get("LAYOUT") == "COG":
            problem = "is a COG, whose layout a change would break"
        elif edit.cells is not None and hidden_by(dataset):
            problem = f"has cells hidden by its {hidden_by(dataset)}, which a change would not show"
        elif edit.cells is not None and is_lossy({"compress": stored.get("COMPRESSION", "")}):
            problem = (
                f"is compressed with loss ({stored['COMPRESSION']}): cells beside those would change, too"
            )
        elif edit.cells is not None and _short(dataset, edit.cells):
            problem = f"keeps {_short(dataset, edit.cells)} bits of a number, which do not hold these"
        else:
            problem = "" if os.access(path, os.W_OK) else "may not be written in"
    if problem or kind is None:
        raise SinkError(f"write: {path} {problem}; write the raster with write_raster()")
    return kind


def _short(dataset: Any, cells: CellChange) -> int:
    """How many bits a file has for a whole number, where they do not hold the new ones; else 0."""
    bits = int(dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", 0))
    whole = np.issubdtype(cells.numbers.dtype, np.integer)
    return bits if whole and bits and int(cells.numbers.max(initial=0)) >> bits else 0


def _set_of(path: Path) -> list[Path]:
    """A file and those beside it that its format has besides; not the side files that every format may have."""
    with open_dataset(str(path), checked=True) as dataset:
        found = {Path(name) for name in dataset.files if Path(name).parent == path.parent}
    return sorted(found - {Path(f"{path}{ending}") for ending in SIDE_FILES} | {path})


def _copy_file(given: Path, made: Path) -> None:
    """Copy a file; where the system can, the copy shares what is on the disk until it changes."""
    with open(given, "rb") as reader, open(made, "wb") as writer:
        _copy_bytes(reader, writer)


def _copy_bytes(reader: Any, writer: Any) -> None:
    source, target = reader.fileno(), writer.fileno()
    try:
        while os.copy_file_range(source, target, _AT_ONCE):
            pass
    except (AttributeError, OSError) as error:
        if getattr(error, "errno", None) not in _NOT_HERE:
            raise
    if os.fstat(target).st_size != os.fstat(source).st_size:
        reader.seek(0)
        writer.seek(0)
        shutil.copyfileobj(reader, writer, _AT_ONCE)


def _put(source: Path, copy: _Copy, cells: CellChange, digests: Digests[Piece]) -> bool:
    """Write cells of a copy, and take out what it tells of the values of before; whether it has overviews inside.

    No side file lies beside it yet.
    """
    import rasterio

    with (
        copy.watch.gdal("cells"),
        rasterio.open(source, driver=copy.kind.name, sharing=False) as given,
        copy.open("r+") as dataset,
    ):
        for piece, numbers in _changed(given, reader_of(source, given), cells):
            dataset.write(numbers, **piece.place)
            digests.add(piece, numbers)
        if _tells_statistics(dataset, range(dataset.count)):
            dataset.clear_stats()
        inside = bool(dataset.overviews(1))
    Path(f"{copy.path}.aux.xml").unlink(missing_ok=True)  # names alone, which the file tells itself
    if copy.kind.forget is not None:
        copy.kind.forget(copy.path)
    return inside


def _changed(dataset: Any, read: Callable[[Piece], NDArray[Any]], cells: CellChange) -> Parts:
    """Tiles with their new numbers; the last of several numbers for one cell counts."""
    tall, wide = dataset.block_shapes[0]
    down, across = cells.rows // tall, cells.cols // wide
    order = np.lexsort((across, down))
    starts = np.flatnonzero(np.diff(down[order], prepend=-1) | np.diff(across[order], prepend=-1))
    for own in np.split(order, starts[1:]):
        top, left = int(down[own[0]]) * tall, int(across[own[0]]) * wide
        size = min(tall, dataset.height - top), min(wide, dataset.width - left)
        piece = Piece(top, left, *size, cells.bands)
        numbers = read(piece)
        numbers[:, cells.rows[own] - top, cells.cols[own] - left] = cells.numbers[:, own]
        yield piece, numbers


def _describe(copy: _Copy, edit: Edit) -> None:
    """Say what is new of the layers and of their place."""
    import rasterio

    with copy.watch.gdal("what is said of it"), copy.open("r+") as dataset:
        for band, name in edit.names.items():
            dataset.set_band_description(band + 1, name)
        if edit.crs is not None:
            dataset.crs = edit.crs or rasterio.crs.CRS()
        if edit.transform is not None:
            dataset.transform = rasterio.Affine(*edit.transform)


def _overviews(copy: _Copy) -> dict[int, str]:
    """How each overview was made, as far as the file says so; of cells that are there, otherwise."""
    from rasterio.enums import Resampling

    found = {}
    with copy.watch.gdal("overviews"):
        with copy.open() as dataset:
            factors = dataset.overviews(1)
        for level, factor in enumerate(factors):
            with copy.open(overview_level=level) as overview:
                how = overview.tags(1).get("RESAMPLING", "").lower()
            found[factor] = how if how in Resampling.__members__ else "nearest"
    return found


def _renew(copy: _Copy, overviews: Mapping[int, str], *, inside: bool) -> None:
    """Make overviews anew, each as it was made, in the file or beside it."""
    import rasterio
    from rasterio.enums import Resampling

    def build() -> None:
        with (
            copy.watch.gdal("overviews"),
            rasterio.Env(TIFF_USE_OVR=not inside),
            copy.open("r+") as dataset,
        ):
            for how in dict.fromkeys(overviews.values()):
                factors = [factor for factor, one in overviews.items() if one == how]
                dataset.build_overviews(factors, Resampling[how])

    if overviews:
        giving_up(build, lambda: [copy.path])


def _tells_statistics(dataset: Any, bands: Iterable[int]) -> bool:
    told = chain.from_iterable(dataset.tags(band + 1) for band in bands)
    return any(key.startswith("STATISTICS_") for key in told)


def _count_again(copy: _Copy, bands: Sequence[int]) -> None:
    """Make statistics anew where a format does not forget the old ones."""

    def count() -> None:
        with copy.watch.gdal("statistics"), copy.open("r+") as dataset:
            dataset.clear_stats()  # as long as it is open
            numbers = [band + 1 for band in bands]
            found = dataset.stats(indexes=numbers, approx=False)
            dataset.update_stats(stats=found, indexes=numbers)

    with copy.watch.gdal("statistics"), copy.open() as dataset:
        stale = _tells_statistics(dataset, bands)
    if stale:
        giving_up(count, lambda: [copy.path])


def _compare(copy: _Copy, edit: Edit, digests: Digests[Piece]) -> None:
    """Raise unless a changed copy says what it should."""
    watch = copy.watch
    read_back(copy.path, digests, watch, lossy=False, driver=copy.kind.name)
    with watch.gdal("reading back"), copy.open() as dataset:
        lost = [name for band, name in edit.names.items() if dataset.descriptions[band] != name]
        if lost:
            raise WriteError(f"write: {watch.path}: the name {lost[0]!r} is not kept; choose another one")
        if edit.crs is not None and bool(edit.crs) != bool(dataset.crs):
            raise WriteError(f"write: {watch.path}: the CRS is not kept; set another one")
        if edit.transform is not None and not _is_kept(dataset.transform, edit.transform):
            raise WriteError(f"write: {watch.path}: the extent is not kept; set another one")


def _is_kept(found: Any, asked: tuple[float, ...]) -> bool:
    """Whether a geotransform is what was asked for; the identity stands for none."""
    near = all(abs(one - other) <= _NEAR * abs(asked[0]) for one, other in zip(found[:6], asked, strict=True))
    return near and not found.is_identity
