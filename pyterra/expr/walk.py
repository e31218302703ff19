"""Walks over expressions: without recursion, each node once, however deep and however often it is used."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from pyterra.expr.node import Node

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

Held = Callable[[Node], bool]
"""Whether the values of a node are at hand already."""


def fold(
    root: Key, below: Callable[[Key], Sequence[Key]], make: Callable[[Key, tuple[Made, ...]], Made]
) -> Made:
    """What `make` makes of `root` and of what it made of the keys below it; each key is asked for once."""
    made: dict[Key, Made] = {}
    stack = [root]
    while stack:
        key = stack[-1]
        needed = () if key in made else below(key)
        missing = [other for other in needed if other not in made]
        if missing:
            stack += reversed(missing)
            continue
        stack.pop()
        if key not in made:
            made[key] = make(key, tuple(made[other] for other in needed))
    return made[root]


def rewritten(root: Node, held: Held, rule: Callable[[Node, Node], Node]) -> Node:
    """The expression with ``rule(node, node over rewritten inputs)`` in the place of every node that is not held."""

    def below(node: Node) -> tuple[Node, ...]:
        return () if held(node) else node.inputs

    def make(node: Node, inputs: tuple[Node, ...]) -> Node:
        return node if held(node) else rule(node, node.with_inputs(inputs))

    return fold(root, below, make)


def topological(root: Node, held: Held) -> list[Node]:
    """Nodes below `root`, each before its inputs; below a held node nothing is needed."""
    order: list[Node] = []
    state: dict[Node, bool] = {}
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            if not state[node]:
                state[node] = True
                order.append(node)
            continue
        if node in state:
            continue
        state[node] = False
        stack.append((node, True))
        if not held(node):
            stack.extend((child, False) for child in node.inputs if not state.get(child, False))
    order.reverse()
    return order
