"""Kernels that kernels alone call: intermediate code for their callers, never machine code of their own.

numba optimises what a kernel calls, makes machine code of it, and links its intermediate code into the caller, where
all is optimised again and made into the machine code that runs. Of what Python cannot call, only the link is needed.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class InnerLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code that is linked into that of callers, which is optimised as a whole."""

    def __init__(self, codegen: Any) -> None:
        super().__init__(codegen, "inner")

    def _optimize_final_module(self) -> None:
        """Nothing: the caller is optimised with all that it calls."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Zero, numba's word for none."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
        """What numba gives the environment of a function to, which is one of its machine code."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Nothing: callers set it, where their machine code asks for it."""


class InnerCompiler(Compiler):  # type: ignore[misc]
    """numba's compiler, with such a library."""

    def __init__(self, typing: Any, target: Any, library: Any, *rest: Any) -> None:
        super().__init__(typing, target, InnerLibrary(target.codegen()), *rest)


class ApartCompiler(InnerCompiler):
    """The same, for kernels whose arrays share no memory, which spares LLVM the question."""

    def __init__(
        self, typing: Any, target: Any, library: Any, args: Any, result: Any, flags: Any, *rest: Any
    ) -> None:
        flags.noalias = True
        super().__init__(typing, target, library, args, result, flags, *rest)
