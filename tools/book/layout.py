"""The folder that Sphinx reads: files are written only where they change, and go when nobody lays them out any more."""

from pathlib import Path

import nbformat


class Layout:
    """Sources of the site.

    Parameters
    ----------
    folder : Path
        Where they stand.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.laid = folder, set[Path]()

    def data(self, name: str, content: bytes) -> None:
        """A file of bytes."""
        path = self.folder / name
        self.laid.add(path)
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def text(self, name: str, content: str) -> None:
        """A page."""
        self.data(name, content.encode())

    def notebook(self, name: str, content: nbformat.NotebookNode) -> None:
        """A notebook."""
        self.text(name, nbformat.writes(content))

    def done(self) -> None:
        """Removes what was not laid out this time."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path not in self.laid:
                path.unlink()
