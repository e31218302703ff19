"""Cloud-optimised GeoTIFFs: how one is written, by pyterra or by GDAL, and a strict check of its layout."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.frozen import dataclass
from pyterra.io.raster import tiff
from pyterra.io.raster.cog_join import Piece, joined, levels_to_copy
from pyterra.io.raster.cog_layout import Big, Chunk, Level, lay_out
from pyterra.io.raster.deflated import CAN, DeflatedTiles
from pyterra.io.raster.gdal import gdal_threads
from pyterra.io.raster.overviews import Blank, Making, Passed, make_overviews, overview_count
from pyterra.options import VerifyMode

_TILED_ABOVE = 512
_FIRST_DIRECTORY_BEFORE = 300
_LEVELS = {"DEFLATE": "zlevel", "ZSTD": "zstd_level", "LZMA": "lzma_preset", "LZW": "", "NONE": ""}
"""Codecs whose tiles are laid out as they are, and what GDAL calls their level."""
_KNOWN = {
    "COMPRESS",
    "LEVEL",
    "PREDICTOR",
    "BLOCKSIZE",
    "BIGTIFF",
    "NUM_THREADS",
    "SPARSE_OK",
    "INTERLEAVE",
    "OVERVIEWS",
    "OVERVIEW_COUNT",
    "OVERVIEW_RESAMPLING",
    "GEOTIFF_VERSION",
}
"""Creation options of GDAL's COG driver that are followed here."""
OVERVIEWS = {"average", "mode", "nearest"}
_PALETTE, _MASK = 3, 4
NO_OVERVIEWS = "there are no overviews"
"""A problem of a COG, unless that was asked for."""
TOGETHER_BYTES = 4 * 2**20
"""Bytes of a tile of all bands at most: of more the bands lie apart, as one tile is in memory several times."""
DEFLATE_LEVEL = 6
"""GDAL's level of DEFLATE where none is asked for: up to it pyterra compresses bytes, beyond it GDAL does."""
_LOOKED_AT = 200
"""Tiles of each level, at most."""


@dataclass(frozen=True)
class Layout:
    """How a COG is written by pyterra: the full resolution with its codec, then overviews, then all in order."""

    creation: Mapping[str, Any]
    """Creation options of GDAL's driver GTiff for the files from which tiles are copied."""
    big: Big
    """Whether it is a BigTIFF."""
    most: int | None
    """The number of overviews; None for as many as it takes."""
    deflates: bool
    """Whether tiles are compressed here, see `DeflatedTiles`."""

    def making(
        self, how: str, code: float | int | None, new_file: Callable[[], Path], verify: VerifyMode
    ) -> Making:
        """How overviews are made, "average", "mode" or "nearest", with a code for missing and names for new files."""
        return Making(how, code, self.creation, new_file, verify, self.deflates)

    def write(
        self,
        part: Path,
        result: Path,
        making: Making,
        nodata: str | None,
        blank: Blank | None = None,
        pieces: Sequence[Piece] = (),
        deflated: DeflatedTiles | None = None,
        passed: Passed | None = None,
    ) -> list[Chunk]:
        """Write a COG from a finished file of the full resolution; checksums of all its bytes.

        Parameters
        ----------
        part, result : Path
            The file, and the one to create.
        making : Making
            How overviews are made.
        nodata : str or None
            The code for missing in words, where the file does not have it yet.
        blank : Blank, optional
            Tiles that hold one number in each band and were not written: they are compressed once.
        pieces : sequence of Piece
            Files whose tiles are copied; `part` only says what the raster is.
        deflated : DeflatedTiles, optional
            The tiles, where `part` only says what the raster is.
        passed : Passed, optional
            The first overview.
        """
        full = Level.of(part)
        if pieces:
            return self._write_joined(full, pieces, result, making)
        if deflated is not None:
            full = deflated.level(full.directory)
        levels = [full, *make_overviews(full, making, self.most, blank, passed)]
        if blank is not None and blank.where.any():
            tile = self._one_tile(part, blank, making.new_file())
            for i, level in enumerate(levels):
                levels[i], blank = level.filled(tile, blank.where), blank.halved()
        return lay_out(levels, result, big=self.big, nodata=nodata)

    def _write_joined(
        self, template: Level, pieces: Sequence[Piece], result: Path, making: Making
    ) -> list[Chunk]:
        """As `write`, of tiles of other files, with as many of their overviews as do."""
        directory = template.directory
        count = levels_to_copy(pieces, directory.shape, self.creation)
        most = overview_count(directory.shape, directory.tile, self.most)
        levels = [joined(directory, pieces, level) for level in range(min(count, most + 1))]
        if len(levels) <= most:
            beginning = making.new_file()
            lay_out(levels[-1:], beginning)
            levels += make_overviews(Level.of(beginning), making, most - len(levels) + 1)
        return lay_out(levels, result, big=self.big)

    def _one_tile(self, part: Path, blank: Blank, path: Path) -> Level:
        """A file of one tile that holds the numbers of blank ones."""
        import rasterio

        height, width = (self.creation[f"block{side}size"] for side in "yx")
        place = rasterio.Affine(1, 0, 1, 0, -1, 0)  # any: without one rasterio warns
        with rasterio.open(part, driver="GTiff", sharing=False) as source:
            profile = {
                "driver": "GTiff",
                "count": source.count,
                "dtype": source.dtypes[0],
                "nodata": source.nodata,
            }
        values = np.broadcast_to(blank.values[:, None, None], (len(blank.values), height, width))
        size = {"height": height, "width": width, "transform": place}
        with rasterio.open(path, "w", **profile, **size, **self.creation) as target:
            target.write(values.astype(profile["dtype"]))
        return Level.of(path)


def own_layout(options: Mapping[str, Any], dtype: str, bands: int = 1) -> Layout | None:
    """How pyterra writes a COG with some creation options of GDAL's driver; None for those that only GDAL follows.

    Parameters
    ----------
    options : mapping
        ``compress``, ``level``, ``blocksize``, ``predictor`` ...
    dtype : str
        Type of the stored numbers.
    bands : int
        How many. Those of a deep stack lie apart, unless ``interleave`` says otherwise.
    """
    given = {key.upper(): str(value).upper() for key, value in options.items()}
    codec, side = given.get("COMPRESS", "LZW"), given.get("BLOCKSIZE", "512")
    big = {"YES": "yes", "NO": "no", "IF_NEEDED": "if needed", "IF_SAFER": "if needed"}.get(
        given.get("BIGTIFF", "IF_NEEDED")
    )
    predictor = _predictor(given.get("PREDICTOR", "NO"), np.dtype(dtype))
    overviews = given.get("OVERVIEWS", "AUTO")
    count = "0" if overviews == "NONE" else given.get("OVERVIEW_COUNT", "")
    followed = (
        set(given) <= _KNOWN
        and codec in _LEVELS
        and side.isdigit()
        and int(side) >= 16
        and int(side) % 16 == 0
        and big is not None
        and predictor is not None
        and overviews in ("AUTO", "NONE", "IGNORE_EXISTING")
        and (count == "" or count.isdigit())
        and given.get("LEVEL", "1").isdigit()
        and given.get("INTERLEAVE", "PIXEL") in ("PIXEL", "BAND")
        and given.get("OVERVIEW_RESAMPLING", "AVERAGE").lower() in OVERVIEWS
        and np.dtype(dtype).kind in "iuf"
    )
    if not followed:
        return None
    deep = bands * np.dtype(dtype).itemsize * int(side) ** 2 > TOGETHER_BYTES
    creation: dict[str, Any] = {
        "tiled": True,
        "blockxsize": int(side),
        "blockysize": int(side),
        "compress": codec,
        "interleave": given.get("INTERLEAVE", "BAND" if deep else "PIXEL").lower(),
        "sparse_ok": given.get("SPARSE_OK", "YES") in ("YES", "TRUE", "ON", "1"),
        "bigtiff": "IF_SAFER",
    }
    if codec in ("DEFLATE", "ZSTD", "LZW"):
        creation["predictor"] = predictor
    if _LEVELS[codec] and "LEVEL" in given:
        creation[_LEVELS[codec]] = int(given["LEVEL"])
    if "NUM_THREADS" in given:
        creation["num_threads"] = gdal_threads(given["NUM_THREADS"])
    if "GEOTIFF_VERSION" in given:
        creation["geotiff_version"] = given["GEOTIFF_VERSION"]
    deflates = (
        CAN
        and (codec, predictor, np.dtype(dtype).name) == ("DEFLATE", 1, "uint8")
        and int(given.get("LEVEL", DEFLATE_LEVEL)) <= DEFLATE_LEVEL
        and (bands == 1 or creation["interleave"] == "band")
        and creation["sparse_ok"]
    )
    return Layout(creation, big, int(count) if count else None, deflates)  # type: ignore[arg-type]


def _predictor(asked: str, dtype: np.dtype[Any]) -> int | None:
    """TIFF's number of a predictor that was asked for in the words of GDAL's COG driver."""
    yes = 3 if dtype.kind == "f" else 2
    named = {"NO": 1, "FALSE": 1, "YES": yes, "TRUE": yes, "STANDARD": 2, "FLOATING_POINT": 3}
    found = named.get(asked)
    return None if found == 3 and dtype.kind != "f" else found


def needs_gdal(part: Path, how: str) -> bool:
    """Whether overviews of a file are left to GDAL: other ways of resampling, averages of colours or by an alpha band."""
    if how not in OVERVIEWS:
        return True
    directory = tiff.first_directory(part)
    palette = directory.number(tiff.PHOTOMETRIC) == _PALETTE
    return (palette and how == "average") or bool(
        how != "nearest" and np.isin(directory.numbers(tiff.EXTRA_SAMPLES), (1, 2)).any()
    )


def copy_to_cog(
    source: str | Path, target: Path, options: Mapping[str, Any], overview_resampling: str
) -> None:
    """Copy a raster to a new COG.

    Parameters
    ----------
    source : str or Path
        The raster; overviews it has are taken over.
    target : Path
        The file to create.
    options : mapping
        Creation options of GDAL's COG driver (``compress``, ``blocksize``, ``predictor`` ...).
    overview_resampling : str
        How overviews are computed: "average" for measured values, "mode" or "nearest" for classes.
    """
    import rasterio.shutil

    settings = {key.upper(): str(value) for key, value in options.items()}
    settings.setdefault("BIGTIFF", "IF_SAFER")
    settings["NUM_THREADS"] = str(gdal_threads(settings.get("NUM_THREADS", 1)))
    settings["OVERVIEW_RESAMPLING"] = overview_resampling.upper()
    rasterio.shutil.copy(str(source), str(target), driver="COG", **settings)


def cog_problems(path: str | Path) -> list[str]:
    """Return what keeps a file from being a well laid out COG; empty when nothing does.

    Checked: tiles and overviews above 512 cells, all directories before the data and in order of falling
    size, data of the overviews before that of the full resolution, GDAL's own note of the layout, and the sizes that
    it says stand before and behind the tiles, for some tiles of each level.
    """
    levels = [
        directory if directory.strips else Level(directory, (Path(path),), *directory.places())
        for directory in tiff.read_directories(path)
        if not directory.number(tiff.SUBFILE) & _MASK
    ]
    directories = [level.directory if isinstance(level, Level) else level for level in levels]
    problems = [*_problems_of_note(path), *_problems_of_directories(path, directories)]
    data = [level for level in levels if isinstance(level, Level)]
    for i, level in enumerate(levels):
        if not isinstance(level, Level) and max(level.shape) > _TILED_ABOVE:
            problems.append(f"level {i} is not tiled")
    first = [int(level.offsets[level.offsets > 0].min()) for level in data if (level.offsets > 0).any()]
    if first and first[-1] < directories[-1].offset:
        problems.append("data begin before the last directory")
    if first != sorted(first, reverse=True):
        problems.append("data of the overviews do not come before those of the full resolution")
    if not problems:
        problems += [f"tile {tile} is not framed by its size" for tile in _unframed(path, data)]
    return problems


def _problems_of_note(path: str | Path) -> list[str]:
    with open(path, "rb") as file:
        note = file.read(_FIRST_DIRECTORY_BEFORE)
    problems = []
    if b"LAYOUT=IFDS_BEFORE_DATA" not in note:
        problems.append("the header does not declare the layout of a COG")
    if b"KNOWN_INCOMPATIBLE_EDITION=YES" in note:
        problems.append("the file was changed after it was laid out")
    return problems


def _problems_of_directories(path: str | Path, directories: list[tiff.Directory]) -> list[str]:
    problems = []
    if any(Path(f"{path}{ending}").exists() for ending in (".ovr", ".msk")):
        problems.append("overviews or masks lie in a file of their own")
    shapes = [directory.shape for directory in directories]
    if max(shapes[0]) > _TILED_ABOVE and len(shapes) == 1:
        problems.append(NO_OVERVIEWS)
    if any(one[0] < other[0] or one[1] < other[1] or one == other for one, other in pairwise(shapes)):
        problems.append(f"the sizes of the levels, {shapes}, are not falling")
    offsets = [directory.offset for directory in directories]
    if offsets[0] > _FIRST_DIRECTORY_BEFORE:
        problems.append(f"the first directory begins at byte {offsets[0]}")
    if offsets != sorted(offsets):
        problems.append("the directories of the overviews are not in order of falling size")
    return problems


def _unframed(path: str | Path, levels: Sequence[Level]) -> Iterator[int]:
    """Tiles, of some that are looked at, before which their size does not stand, or behind which their end does not."""
    with open(path, "rb") as file:
        for level in levels:
            stored = np.flatnonzero(level.counts)
            chosen = stored[np.linspace(0, len(stored) - 1, min(len(stored), _LOOKED_AT)).astype(int)]
            for tile in chosen.tolist():
                offset, size = int(level.offsets[tile]), int(level.counts[tile])
                file.seek(offset - 4)
                leader = file.read(4)
                file.seek(offset + size - min(size, 4))
                end = file.read(min(size, 4) + 4)
                if leader != struct.pack("<L", size) or end[: len(end) - 4] != end[-4:][-min(size, 4) :]:
                    yield tile
