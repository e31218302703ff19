"""What a source looked like when a raster was defined on it, to notice that it was replaced since."""

from __future__ import annotations

import os
import stat
from hashlib import blake2b

from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster.members import Member, members_of
from pyterra.io.safe.places import local_file

DIGEST_BYTES = 8
"""Bytes that stand for the state of a member: a mosaic of 10,000 files travels with 80 KB."""
_ABSENT = bytes(DIGEST_BYTES)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the file system knows of a file and changes with its content; one `os.stat`, so it is asked at every read."""

    size: int
    """Bytes; 0 for folders."""
    mtime_ns: int
    """Time of the last change of the content, in nanoseconds."""
    ctime_ns: int
    """Time of the last change of anything: content that was put back to an old time shows here."""
    inode: int
    """Number of the file: a file that was put in the place of another has another one."""
    members: bytes = b""
    """Digests of the other files whose values it shows, in the order in which it names them."""

    @classmethod
    def of(cls, found: os.stat_result) -> Fingerprint:
        """That of a file by what the system says of it, its members left out."""
        size = 0 if stat.S_ISDIR(found.st_mode) else found.st_size
        return cls(size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def same_file(self, other: Fingerprint | None) -> bool:
        """Whether the file itself is the same; of members nothing is said."""
        return (
            other is not None
            and (self.size, self.mtime_ns, self.ctime_ns, self.inode)
            == (other.size, other.mtime_ns, other.ctime_ns, other.inode)
        )  # fmt: skip


def fingerprint(path: str | os.PathLike[str]) -> Fingerprint | None:
    """Return the fingerprint of a local file or folder; None for what is not on a local file system.

    Parameters
    ----------
    path : str or path-like
        A path as GDAL takes it. For ``/vsizip/`` and its kin, the archive is looked at; for ``GTIFF_DIR:`` and the
        like, the file that is named. The members of a virtual raster belong to it.

    Notes
    -----
    Remote sources give None: asking a server costs a request for each source and each look, and objects in
    stores are rarely replaced in place.

    Examples
    --------
    >>> fingerprint("/vsicurl/https://example.org/a.tif") is None
    True
    """
    return _fingerprint(path, ())


def _fingerprint(path: str | os.PathLike[str], above: tuple[str, ...]) -> Fingerprint | None:
    """The same, of a member of those `above`; what shows itself is taken for a file alone."""
    own = _own(path)
    name = os.path.realpath(path)
    if own is None or name in above:
        return own
    members = b"".join(_digest(member.path, (*above, name)) for member in _members(path, own))
    return Fingerprint(own.size, own.mtime_ns, own.ctime_ns, own.inode, members)


def change(path: str, then: Fingerprint, window: Window | None = None) -> str | None:
    """What happened to a path since it had a fingerprint: "a.tif has changed", "a.tif is gone"; None for nothing.

    Parameters
    ----------
    path : str
    then : Fingerprint
    window : Window, optional
        Only members that have a part in these cells of the file are looked at; by default all.
    """
    now = _own(path)
    if not then.same_file(now):
        return f"{path} {'is gone' if now is None else 'has changed'}"
    for i, member in enumerate(_members(path, then)):
        if window is not None and not member.meets(window):
            continue
        seen = _digest(member.path, (os.path.realpath(path),))
        if seen == _ABSENT:
            return f"{path}: its member {member.path} is gone"
        if seen != then.members[i * DIGEST_BYTES : (i + 1) * DIGEST_BYTES]:
            return f"{path}: its member {member.path} has changed"
    return None


def _own(path: str | os.PathLike[str]) -> Fingerprint | None:
    local = local_file(os.fspath(path))
    if local is None:
        return None
    try:
        return Fingerprint.of(os.stat(local))
    except OSError:
        return None


def _members(path: str | os.PathLike[str], own: Fingerprint) -> tuple[Member, ...]:
    return members_of(os.fspath(path), (own.size, own.mtime_ns, own.ctime_ns, own.inode))


def _digest(path: str, above: tuple[str, ...]) -> bytes:
    """The state of a member, and of its own members; all zero where it is missing."""
    if local_file(path) is None:
        return b"\1" * DIGEST_BYTES  # not of this machine: nothing is known of it
    found = _fingerprint(path, above)
    if found is None:
        return _ABSENT
    return blake2b(repr(found).encode(), digest_size=DIGEST_BYTES).digest()
