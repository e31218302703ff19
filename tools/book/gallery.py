"""The page of thumbnails: every picture of the gallery, small, as the way to it and its lines."""

import base64
import io
from html import escape

from docutils.nodes import make_id
from layout import Layout
from nbformat import NotebookNode

WIDTH = 300
"""Of a thumbnail, in pixels."""
HEAD = """# All pictures

More than forty pictures on one page. Each leads to its few lines in the [gallery](vignettes/gallery).
"""


def pictures(done: NotebookNode) -> list[tuple[str, list[tuple[str, bytes]]]]:
    """Sections of the gallery, each with the titles and the PNG of its pictures."""
    found: list[tuple[str, list[tuple[str, bytes]]]] = []
    title = ""
    for cell in done.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("## "):
                    found.append((line[3:], []))
                elif line.startswith("### "):
                    title = line[4:]
        elif found and "hide-cell" not in cell.metadata.get("tags", []):
            shown = [one.data["image/png"] for one in cell.outputs if "image/png" in one.get("data", {})]
            found[-1][1].extend((title, base64.b64decode(one)) for one in shown[:1])
    return [(section, members) for section, members in found if members]


def small(png: bytes) -> bytes:
    """A picture as wide as a thumbnail."""
    from PIL import Image

    whole = Image.open(io.BytesIO(png)).convert("RGB")
    target = io.BytesIO()
    size = WIDTH, max(1, round(whole.height * WIDTH / whole.width))
    whole.resize(size, Image.Resampling.LANCZOS).quantize(128).save(target, "PNG", optimize=True)
    return target.getvalue()


def lay_out(layout: Layout, done: NotebookNode) -> None:
    """The page and its thumbnails."""
    page = [HEAD]
    for section, members in pictures(done):
        cards = []
        for title, png in members:
            name = make_id(title)
            layout.data(f"_static/gallery/{name}.png", small(png))
            cards.append(
                f'<a href="vignettes/gallery.html#{name}"><img src="_static/gallery/{name}.png" alt="" loading="lazy">'
                f"<span>{escape(title)}</span></a>"
            )
        page.append(
            f'## {section}\n\n```{{raw}} html\n<div class="thumbnails">\n'
            + "\n".join(cards)
            + "\n</div>\n```\n"
        )
    layout.text("pictures.md", "\n".join(page))
