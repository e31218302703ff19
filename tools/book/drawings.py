"""The two drawings of the start page, as SVG that follows the colours of the page."""

STYLE = """<style>
.box{fill:var(--pst-color-surface,#f3f4f5);stroke:var(--pst-color-primary,#1b6b4a);stroke-width:1.6}
.faint{fill:none;stroke:var(--pst-color-border,#c9c9c9);stroke-width:1.2}
.cell{fill:var(--pst-color-primary,#1b6b4a);opacity:.16}
.hot{fill:var(--pst-color-secondary,#b3541e);opacity:.75}
.halo{fill:none;stroke:var(--pst-color-secondary,#b3541e);stroke-width:1.6;stroke-dasharray:5 3}
.line{stroke:var(--pst-color-text-base,#222);stroke-width:1.6;fill:none}
.head{fill:var(--pst-color-text-base,#222)}
text{fill:var(--pst-color-text-base,#222);font:14px system-ui,sans-serif}
.code{font:13px ui-monospace,monospace}.small{font-size:12px;fill:var(--pst-color-text-muted,#555)}.title{font-weight:600}
</style>
<defs><marker id="tip" markerWidth="9" markerHeight="9" refX="7" refY="4" orient="auto"><path class="head" d="M0,0 L8,4 L0,8 z"/></marker></defs>"""


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{words}</text>'


def _arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="line" d="M{x},{y} L{to_x},{to_y}" marker-end="url(#tip)"/>'


def _node(x: float, y: float, code: str, words: str, width: float = 150) -> str:
    box = f'<rect class="box" x="{x}" y="{y}" width="{width}" height="54" rx="8"/>'
    return box + _text(x + width / 2, y + 23, code, "code") + _text(x + width / 2, y + 42, words, "small")


def _svg(width: int, height: int, label: str, parts: list[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg class="drawing" role="img" aria-label="{label}" viewBox="0 0 {width} {height}" '
        f'style="width:100%;max-width:{width}px;height:auto" xmlns="http://www.w3.org/2000/svg">\n{STYLE}\n{body}\n</svg>'
    )


def expression() -> str:
    """What lines of code build, and who pulls at it."""
    parts = [
        _node(20, 20, "red.tif", "Read"),
        _node(20, 110, "nir.tif", "Read"),
        _node(235, 65, "(nir-red)/(nir+red)", "Cells: cell by cell", 170),
        _node(465, 65, 'focal(3, "mean")', "Halo: neighbours, too", 160),
        _node(690, 10, "plot()", "a picture", 130),
        _node(690, 120, "write_raster()", "a file", 130),
        _arrow(170, 47, 233, 82), _arrow(170, 137, 233, 102), _arrow(405, 92, 463, 92),
        _arrow(625, 84, 688, 44), _arrow(625, 100, 688, 142),
        f'<path class="faint" d="M10,200 H640"/>{_text(325, 222, "verbs describe: nothing is read, nothing is computed", "small")}',
        f'<path class="faint" d="M670,200 H830"/>{_text(750, 222, "values are wanted", "small")}',
    ]  # fmt: skip
    return _svg(840, 236, "An expression: files, verbs, and what asks for values", parts)


def blocks() -> str:
    """How a block of the result is computed."""
    parts = [
        _text(130, 22, "the result, cut into blocks", "title"),
        _text(420, 22, "one block and its halo", "title"),
        _text(700, 22, "memory", "title"),
    ]
    for i in range(4):
        for j in range(3):
            kind = "hot" if (i, j) == (2, 1) else "cell"
            parts.append(f'<rect class="{kind}" x="{20 + 56 * i}" y="{40 + 50 * j}" width="52" height="46"/>')
    parts += [
        _arrow(250, 113, 318, 113),
        '<rect class="halo" x="335" y="48" width="170" height="130"/>',
        '<rect class="hot" x="355" y="66" width="130" height="94"/>',
        _text(420, 118, "values"),
        _text(420, 196, "read: a margin of one cell for focal(3)", "small"),
        _arrow(512, 113, 580, 113),
        '<rect class="faint" x="600" y="40" width="200" height="146" rx="6"/>',
    ]
    for i, name in enumerate(("worker 1", "worker 2")):
        parts.append(f'<rect class="cell" x="614" y="{54 + 48 * i}" width="172" height="40" rx="4"/>')
        parts.append(_text(700, 79 + 48 * i, f"{name}: one block", "small"))
    parts += [_text(700, 172, "the rest of the budget is free", "small")]
    parts += [
        _text(
            410,
            226,
            "options(memory=...) is the budget: the size of blocks follows from it, and so does a refusal in time",
            "small",
        )
    ]
    return _svg(
        820,
        240,
        "The result is cut into blocks; each is read with its halo, and the blocks at work fit the budget",
        parts,
    )


def layers() -> str:
    """The folders of the package, each above what it may import."""
    rows = [
        ("cli, workflows", "the command; recipes", 1),
        ("tiles, rbridge", "jobs of many tiles; R", 1),
        ("construct, generics, verbs", "rast, vect, ext; every verb as a function", 1),
        ("handles", "SpatRaster, SpatVector: an index of verbs", 1),
        ("maps, between, series", "pictures; rasters with vectors; layers as time", 1),
        ("raster, vector", "verbs, a file for each family", 1),
        ("functions, models, statistics", "functions of users; predictions; means and the like", 1),
        ("run", "executors, progress, sweeps", 2),
        ("plan, io", "blocks and memory; files", 2),
        ("expr", "nodes: what, not how", 2),
        ("grid, kernels", "places of cells; loops over arrays", 3),
    ]
    parts = []
    for i, (name, words, depth) in enumerate(rows):
        y = 14 + 38 * i
        kind = ("box", "box", "box")[depth - 1]
        parts.append(f'<rect class="{kind}" x="150" y="{y}" width="600" height="32" rx="6"/>')
        parts.append(_text(166, y + 21, name, "code title", "start"))
        parts.append(_text(736, y + 21, words, "small", "end"))
    parts.append(_arrow(110, 24, 110, 420))
    parts.append(
        f'<g transform="translate(96,300) rotate(-90)">{_text(0, 0, "imports go down only", "small", "start")}</g>'
    )
    for top, bottom, words in (
        (0, 6, "the verbs"),
        (7, 9, "the engine"),
        (10, 10, "pure functions"),
    ):
        y0, y1 = 14 + 38 * top, 46 + 38 * bottom
        parts.append(f'<path class="faint" d="M764,{y0} h8 V{y1} h-8"/>')
        parts.append(_text(782, (y0 + y1) / 2 + 4, words, "small", "start"))
    return _svg(
        900, 440, "The folders of pyterra, from the command at the top to arrays at the bottom", parts
    )


def question() -> str:
    """What a node is asked, and what it asks of its inputs."""
    parts = [
        _node(20, 70, "write_raster()", "a sink", 140), _arrow(162, 97, 238, 97), _text(200, 84, "window?", "small"),
        _node(240, 70, "focal", "footprint: + 1 cell", 160), _arrow(402, 97, 478, 97), _text(440, 84, "wider", "small"),
        _node(480, 70, "+", "footprint: the same", 150), _arrow(632, 84, 698, 44), _arrow(632, 110, 698, 150),
        _node(700, 14, "a.tif", "Read", 110), _node(700, 126, "b.tif", "Read", 110),
        f'<path class="line" d="M700,196 H170" marker-end="url(#tip)"/>{_text(430, 218, "values of the block come back: arrays (layer, row, column), missing is NaN", "small")}',
    ]  # fmt: skip
    return _svg(830, 232, "A sink asks for a window, nodes ask their inputs, values come back", parts)


DRAWINGS = {"expression": expression, "blocks": blocks, "layers": layers, "question": question}
"""Drawings by name: a page has them as ``{drawing} name``."""
