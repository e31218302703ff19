"""Values computed once and kept while they fit: bounded, least recently used first out."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from typing import Any

from pyterra.expr import Array, Node, Read
from pyterra.forks import renewed
from pyterra.plan import memory_budget

SHARE_KEPT = 0.25
"""Share of the memory budget that kept values may fill."""


class HeldValues:
    """Whole results of nodes, and answers of reductions, for as long as somebody holds the node."""

    def __init__(self) -> None:
        self._arrays: OrderedDict[int, Array] = OrderedDict()
        self._owners: dict[int, weakref.ref[Node]] = {}
        self._answers: weakref.WeakKeyDictionary[Node, dict[Any, Any]] = weakref.WeakKeyDictionary()
        self._lock = renewed(threading.RLock())

    def __contains__(self, node: object) -> bool:
        return id(node) in self._arrays

    def get(self, node: Node) -> Array | None:
        """The values of a node, or None."""
        with self._lock:
            array = self._arrays.get(id(node))
            if array is not None:
                self._arrays.move_to_end(id(node))
            return array

    def keep(self, node: Node, array: Array) -> bool:
        """Keep the values of a node if they fit; older ones make room. Returns whether they are kept."""
        room = int(memory_budget() * SHARE_KEPT)
        if array.nbytes > room:
            return False
        with self._lock:
            key = id(node)
            self._owners[key] = weakref.ref(node, lambda _, key=key: self._drop(key))  # type: ignore[misc]
            self._arrays[key] = array
            self._arrays.move_to_end(key)
            while self.nbytes > room and len(self._arrays) > 1:
                self._drop(next(iter(self._arrays)))
        return True

    @property
    def nbytes(self) -> int:
        """Bytes kept."""
        return sum(array.nbytes for array in self._arrays.values())

    def answer(self, node: Node, key: Any) -> Any:
        """The answer of a reduction that was computed before, or None."""
        with self._lock:
            return self._answers.get(node, {}).get(key)

    def keep_answer(self, node: Node, key: Any, value: Any) -> None:
        """Keep the answer of a reduction."""
        with self._lock:
            self._answers.setdefault(node, {})[key] = value

    def drop_stale(self, root: Node) -> None:
        """Forget what was computed of an expression whose sources are not what they were."""
        seen: dict[Node, None] = {}
        stack = [root]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen[node] = None
                stack.extend(node.inputs)
        if any(isinstance(node, Read) and not node.source.is_unchanged() for node in seen):
            for node in seen:
                self._drop(id(node))
                with self._lock:
                    self._answers.pop(node, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._arrays.clear()
            self._owners.clear()
            self._answers.clear()

    def _drop(self, key: int) -> None:
        with self._lock:
            self._arrays.pop(key, None)
            self._owners.pop(key, None)


held = HeldValues()
"""The values this process keeps."""
