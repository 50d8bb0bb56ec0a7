"""Caches of functions do not grow for as long as a process lives."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import vaultsync

Cached = functools._lru_cache_wrapper


def own_modules() -> Iterator[object]:
    for module in pkgutil.walk_packages(vaultsync.__path__, "vaultsync."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def cached(owner: object) -> Iterator[Callable[..., object]]:
    """Yield the cached functions of a module or class, and of the classes in it."""
    name = getattr(owner, "__module__", None) or getattr(owner, "__name__", "")
    for value in vars(owner).values():
        bare = value.__func__ if isinstance(value, staticmethod | classmethod) else value
        if isinstance(bare, Cached):
            yield bare
        elif inspect.isclass(bare) and bare.__module__ == name:
            yield from cached(bare)


def grows(function: Callable[..., object]) -> bool:
    parameters = function.cache_parameters()  # type: ignore[attr-defined]
    return parameters["maxsize"] is None and bool(inspect.signature(function).parameters)


def test_a_cache_of_a_function_with_arguments_is_bounded() -> None:
    found = {function for module in own_modules() for function in cached(module)}
    assert found
    growing = [f"{one.__module__}.{one.__qualname__}" for one in found if grows(one)]
    assert growing == []
