"""Putting a mutant into the running program: its function's code, or the values of its constants."""

from __future__ import annotations
import __future__

import ast
import builtins
import functools
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

from tests.core_modules import core_modules
from tests.mutation.mutants import FUNCTION, Mutant, Source

FLAGS = __future__.annotations.compiler_flag


class NotAProgram(Exception):
    """The mutant is refused by Python itself."""


class Fails(Exception):
    """The changed source fails as soon as it is run: nobody could import it."""


def put_in(mutant: Mutant, source: Source) -> None:
    """Change the running program into the mutant; for a process of its own, since nothing is put back.

    Raises ``Fails`` where the changed source cannot be run (a constant of the module, a default), and
    ``NotAProgram`` where it does not compile.
    """
    forget_results()
    mutant.swap(mutant.new)
    function = _function_node(source.tree, mutant.function)
    module = sys.modules[source.module]
    if function is None:
        _rebind(module, source)
        return
    live = live_function(module, mutant.function)
    made = _made(module, mutant.function, function)
    live.__code__ = made.__code__
    live.__defaults__, live.__kwdefaults__ = made.__defaults__, made.__kwdefaults__


def forget_results() -> None:
    """Empty the caches of the core's functions, that nothing of an unchanged run is used.

    Only those of the core: what the program's edges keep (connections, folders) belongs to whoever made it.
    """
    for name in core_modules():
        for one in vars(sys.modules[name]).values() if name in sys.modules else ():
            if isinstance(one, functools._lru_cache_wrapper):
                one.cache_clear()


def _node(tree: ast.Module | ast.ClassDef, name: str) -> ast.AST | None:
    return next((one for one in tree.body if getattr(one, "name", None) == name), None)


def _function_node(tree: ast.Module, qualified: str) -> ast.FunctionDef | None:
    node: Any = tree
    for name in qualified.split(".") if qualified else ():
        node = _node(node, name)
    return node if isinstance(node, FUNCTION) else None  # type: ignore[return-value]


def live_function(module: types.ModuleType, qualified: str) -> types.FunctionType:
    """Give the function object behind a name, whatever wraps it."""
    owner: Any = module
    *classes, name = qualified.split(".")
    for one in classes:
        owner = vars(owner)[one]
    found: Any = vars(owner)[name]
    for attribute in ("fget", "__func__", "func"):
        found = getattr(found, attribute, None) or found
    found = inspect.unwrap(found)
    if not isinstance(found, types.FunctionType):
        raise TypeError(f"{module.__name__}.{qualified} is no function")
    return found


def _made(module: types.ModuleType, qualified: str, function: ast.FunctionDef) -> types.FunctionType:
    """Make the changed function, without its decorators, in a class of its name where it is a method."""
    decorators, function.decorator_list = function.decorator_list, []
    body: list[ast.stmt] = [function]
    outermost, *inner = qualified.split(".")
    for name in reversed([outermost, *inner][:-1]):
        body = [ast.ClassDef(name, [], [], body, [])]
    alone = ast.fix_missing_locations(ast.Module(body, []))
    try:
        code = compile(alone, module.__file__ or "", "exec", FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError) as problem:
        raise NotAProgram(str(problem)) from problem
    finally:
        function.decorator_list = decorators
    names: dict[str, Any] = {**vars(builtins), **vars(module)}
    _run(code, names)
    made: Any = names[outermost]
    for name in inner:
        made = vars(made)[name]
    if not isinstance(made, types.FunctionType):
        raise NotAProgram(f"{qualified} is no function any more")
    return made


def _rebind(module: types.ModuleType, source: Source) -> None:
    """Run the changed module anew beside the old one, and take over its constants and its defaults."""
    tree = ast.fix_missing_locations(source.tree)
    code = compile(tree, module.__file__ or "", "exec", FLAGS, dont_inherit=True)
    fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    _run(code, fresh)
    for name, old in [*vars(module).items()]:
        if name not in fresh and not name.startswith("__") and not isinstance(old, types.ModuleType):
            raise Fails(f"{name} is no more")
        new = fresh.get(name, old)
        if isinstance(old, type) and isinstance(new, type):
            for live, made in _pairs(old, new):
                live.__defaults__, live.__kwdefaults__ = made.__defaults__, made.__kwdefaults__
        elif isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
            old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
        elif not name.startswith("__") and not isinstance(old, types.ModuleType) and not callable(old):
            _everywhere(name, old, new)


def _run(code: types.CodeType, names: dict[str, Any]) -> None:
    try:
        exec(code, names)  # noqa: S102 the project's own source
    except Exception as problem:
        raise Fails(repr(problem)) from problem


def _pairs(old: type, new: type) -> Iterator[tuple[types.FunctionType, types.FunctionType]]:
    for name, live in vars(old).items():
        made = vars(new).get(name)
        if isinstance(live, types.FunctionType) and isinstance(made, types.FunctionType):
            yield live, made


def _everywhere(name: str, old: object, new: object) -> None:
    """Give a constant its new value in every module that imported it."""
    for module in [one for key, one in sys.modules.items() if key.startswith("keyaccount")]:
        if vars(module).get(name) is old:
            setattr(module, name, new)
