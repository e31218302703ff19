"""Links of the repository's pages, as the site has them."""

import re
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
OF_R = "r/vignettes/pyterra.Rmd"
"""The vignette of the R package."""
PAGES = {
    "CONTRIBUTING.md": "contributing",
    "CHANGELOG.md": "changelog",
    "README.md": "index",
    "r": "r/index",
    "r/README.md": "r/index",
    OF_R: "vignettes/from_r",
}
"""Files and folders of the repository that the site has under another name."""


def page_of(path: str) -> str | None:
    """The page of the site that shows a file of the repository, if one does."""
    where = PurePosixPath(path)
    if path in PAGES:
        return PAGES[path]
    if where.parts[0] == "docs" and where.suffix in (".md", ".rst"):
        return str(where.relative_to("docs").with_suffix(""))
    if where.parts[0] == "vignettes" and where.suffix == ".py":
        return str(where.with_suffix(""))
    return None


def rewritten(text: str, file: str) -> str:
    """A page of the repository with links to pages of the site; what is no page is named, not linked.

    Parameters
    ----------
    text : str
        Markdown.
    file : str
        Where it stands in the repository.
    """
    folder = (ROOT / file).parent

    def link(found: re.Match[str]) -> str:
        words, target = found.groups()
        target, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target) or target.startswith("/") or not target:
            return found[0]
        path = (folder / target).resolve()
        if not path.is_relative_to(ROOT):
            return found[0]
        page = page_of(str(path.relative_to(ROOT)))
        if page is None:
            return words if words.startswith("`") else f"`{words}`" if path.exists() else found[0]
        ending = "ipynb" if path.suffix == ".py" and path.stem != "terra_chapter" else "md"
        return f"[{words}](/{page}.{ending}{'#' + anchor if anchor else ''})"

    return LINK.sub(link, text)
