"""Questions about vectors: attributes, geometry, overlay, relations, distances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_vectors import a_vector
from live.trial import Trial, lit

Rng = np.random.Generator
NAMED = "intersects touches crosses overlaps within contains covers coveredby disjoint".split()


def read(rng: Rng) -> Trial:
    return Trial("vect", {"v": a_vector(rng)}, "v", "v", gap=0)


def rows(rng: Rng) -> Trial:
    v = a_vector(rng)
    n = len(v.wkt)
    keep = [int(i) for i in rng.integers(0, n, int(rng.integers(1, n + 1)))]
    return Trial("[", {"v": v}, f"v[{keep}]", f"v[{lit([i + 1 for i in keep])}]", gap=0)


def columns(rng: Rng) -> Trial:
    names = [str(n) for n in rng.permutation(["id", "size", "group", "name"])[: rng.integers(1, 4)]]
    return Trial("[", {"v": a_vector(rng)}, f"v[{names}]", f"v[, {lit(names)}]", gap=0)


def rbind(rng: Rng) -> Trial:
    kind, place = pick(rng, ["points", "lines", "polygons"]), pick(rng, ["metres", "degrees"])
    v = a_vector(rng, kind, place=place)
    w = a_vector(rng, kind, place=place, prefix=pick(rng, ["", "other_"]))
    return Trial("rbind", {"v": v, "w": w}, "v.rbind(w)", "rbind(v, w)", gap=0)


def relate(rng: Rng) -> Trial:
    place = pick(rng, ["metres", "degrees"])
    v, w = a_vector(rng, place=place), a_vector(rng, place=place)
    how = pick(rng, [*NAMED, "T*F**F***", "FF*FF****", "F***1****", "T********"])
    return Trial(
        "relate",
        {"v": v, "w": w},
        f"v.relate(w, {how!r}).astype(float)",
        f"relate(v, w, {how!r}) + 0",
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [read, rows, columns, rbind, relate]
