"""The steps by which a process writes to a folder, intercepted; one of them may go wrong.

What this process calls is replaced while it is watched: the calls of ``os`` that write, and ``open``, whose
files write by ``os.write``. ``tests.crashing`` runs whole commands so, in a child.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, get_args

Kind = Literal["open", "lock", "write", "flush", "length", "look", "name", "remove", "folder"]
"""``look``: mode, owner, attributes, dates. ``name``: a new one, a rename. ``folder``: made or flushed."""
How = Literal[
    "killed before",
    "killed amid",
    "killed after",
    "disk full",
    "error",
    "errors from here on",
    "error though done",
    "no right",
    "interrupted before",
    "interrupted after",
    "terminated",
]
HOWS: tuple[How, ...] = get_args(How)
KILLED: frozenset[How] = frozenset({"killed before", "killed amid", "killed after", "terminated"})
_NEEDS_ROOM: frozenset[Kind] = frozenset({"open", "write", "name", "folder"})
_ONE_PATH = {
    "chmod": "look",
    "chown": "look",
    "lchown": "look",
    "utime": "look",
    "setxattr": "look",
    "removexattr": "look",
    "unlink": "remove",
    "remove": "remove",
    "rmdir": "remove",
    "mkdir": "folder",
    "truncate": "length",
}
_TWO_PATHS = ("link", "symlink", "rename", "replace")
_HANDLE = {
    "write": "write",
    "pwrite": "write",
    "fsync": "flush",
    "fdatasync": "flush",
    "ftruncate": "length",
    "fchmod": "look",
    "fchown": "look",
}
_CREATES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Step(NamedTuple):
    """A step on the disk: what is called, on which paths (within the folder), with what from where."""

    kind: Kind
    call: str
    path: str
    other: str = ""
    data: bytes = b""
    at: int = 0
    flags: int = 0


def hows(step: Step) -> Iterator[How]:
    """Give in what ways a step can go wrong."""
    for how in HOWS:
        if how == "killed amid" and (step.kind != "write" or len(step.data) < 2):
            continue
        if how == "disk full" and step.kind not in _NEEDS_ROOM and step.call != "fsync":
            continue
        if how == "error though done" and step.kind not in ("name", "remove", "folder"):
            continue
        yield how


class Disk:
    """The calls that write within a folder, intercepted while ``watched``; one of them may go wrong."""

    def __init__(self, folder: Path, at: int = -1, how: How = "killed before", *, keep: bool = False) -> None:
        """Watch a folder; step ``at`` goes wrong. ``keep``: remember the steps with their content."""
        self._folder, self._at, self._how, self._keep = os.path.realpath(folder), at, how, keep
        self.count = 0
        self.steps: list[Step] = []
        self._full = self._broken = False
        self._open, self._real = builtins.open, {name: getattr(os, name) for name in _names()}
        self._flock = fcntl.flock

    @contextmanager
    def watched(self) -> Iterator[Disk]:
        """Intercept the calls of this process."""
        for name, kind in _ONE_PATH.items():
            setattr(os, name, self._on_path(name, kind))
        for name in _TWO_PATHS:
            setattr(os, name, self._on_two(name))
        for name, kind in _HANDLE.items():
            setattr(os, name, self._on_handle(name, kind))
        os.open = self._opened
        fcntl.flock = self._locked
        builtins.open = io.open = self._file  # type: ignore[assignment]
        try:
            yield self
        finally:
            builtins.open = io.open = self._open
            fcntl.flock = self._flock
            for name, real in self._real.items():
                setattr(os, name, real)

    def _within(self, path: Any) -> str | None:  # noqa: ANN401 what the calls of os take
        """Give a path within the folder, None for one outside."""
        if isinstance(path, int):
            try:
                full = str(Path(f"/proc/self/fd/{path}").readlink()).removesuffix(" (deleted)")
            except OSError:
                return None
        else:
            given = Path(os.fsdecode(path))
            full = str(given.parent.resolve() / given.name)
        if full == self._folder:
            return "."
        return full[len(self._folder) + 1 :] if full.startswith(f"{self._folder}/") else None

    def _step(self, step: Step, do: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:  # noqa: ANN401
        """Take a step, or have it go wrong."""
        number, self.count = self.count, self.count + 1
        if self._keep:
            self.steps.append(step)
        if self._broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO), step.path)
        if self._full and step.kind in _NEEDS_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), step.path)
        if number != self._at:
            return do()
        return self._goes_wrong(step, do, half)

    def _goes_wrong(self, step: Step, do: Callable[[], Any], half: Callable[[], Any] | None) -> Any:  # noqa: ANN401
        how = self._how
        if how in KILLED or how.startswith("interrupted"):
            return self._stopped(do, half)
        if how == "disk full":
            self._full = True
            if half is not None:
                return half()
        if how == "error though done":
            do()
        self._broken = how == "errors from here on"
        number = {"disk full": errno.ENOSPC, "no right": errno.EACCES}.get(how, errno.EIO)
        raise OSError(number, os.strerror(number), step.path)

    def _stopped(self, do: Callable[[], Any], half: Callable[[], Any] | None) -> Any:  # noqa: ANN401
        """Have a signal come before, in the middle of or after a step."""
        number = {"terminated": signal.SIGTERM}.get(
            self._how, signal.SIGKILL if self._how in KILLED else signal.SIGINT
        )
        if self._how in ("killed after", "killed amid", "interrupted after"):
            try:
                return half() if half is not None and self._how == "killed amid" else do()
            finally:  # whether it could be done or not
                signal.raise_signal(number)
        signal.raise_signal(number)
        return do()

    def _on_path(self, name: str, kind: Any) -> Callable[..., Any]:  # noqa: ANN401
        real = self._real[name]

        def call(path: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
            inside = self._within(path)
            if inside is None:
                return real(path, *rest, **named)
            said = repr(rest).encode() if kind == "look" else b""
            length = rest[0] if kind == "length" else 0
            return self._step(
                Step(kind, name, inside, data=said, at=length), lambda: real(path, *rest, **named)
            )

        return call

    def _on_two(self, name: str) -> Callable[..., Any]:
        real = self._real[name]

        def call(one: Any, two: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
            inside = self._within(two)
            if inside is None:
                return real(one, two, *rest, **named)
            first = os.fsdecode(one) if name == "symlink" else self._within(one) or ""
            return self._step(Step("name", name, first, inside), lambda: real(one, two, *rest, **named))

        return call

    def _on_handle(self, name: str, kind: Any) -> Callable[..., Any]:  # noqa: ANN401
        real = self._real[name]

        def call(handle: int, *rest: Any) -> Any:  # noqa: ANN401
            inside = self._within(handle)
            if inside is None:
                return real(handle, *rest)
            folder = kind == "flush" and Path(self._folder, inside).is_dir()
            at = rest[-1] if name in ("pwrite", "ftruncate") else 0
            if name == "write":
                at = os.lseek(handle, 0, os.SEEK_CUR)
            data = bytes(rest[0]) if kind == "write" else repr(rest).encode() if kind == "look" else b""
            half = (lambda: real(handle, data[: len(data) // 2], *rest[1:])) if kind == "write" else None
            step = Step("folder" if folder else kind, name, inside, data=data, at=at)
            return self._step(step, lambda: real(handle, *rest), half)

        return call

    def _opened(self, path: Any, flags: int, *rest: Any, **named: Any) -> int:  # noqa: ANN401
        real, inside = self._real["open"], self._within(path)
        if inside is None or not flags & _CREATES:
            return real(path, flags, *rest, **named)  # type: ignore[no-any-return]
        mode = repr(rest[:1]).encode()
        return self._step(  # type: ignore[no-any-return]
            Step("open", "open", inside, data=mode, flags=flags), lambda: real(path, flags, *rest, **named)
        )

    def _locked(self, handle: Any, how: int) -> None:  # noqa: ANN401
        inside = self._within(handle if isinstance(handle, int) else handle.fileno())
        if inside is None:
            self._flock(handle, how)
            return
        self._step(Step("lock", "flock", inside, flags=how), lambda: self._flock(handle, how))

    def _file(self, file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> IO[Any]:  # noqa: ANN401
        """Open as ``open`` does; what is written within the folder is written by ``os.write``."""
        if not set(mode) & set("wxa+") or self._within(file) is None:
            return self._open(file, mode, buffering, *rest, **named)
        opener = named.pop("opener", None) or (lambda path, flags: os.open(path, flags, 0o666))
        handle = file if isinstance(file, int) else opener(file, _flags(mode))
        raw = _Raw(handle, mode)
        if buffering == 0:
            return raw  # type: ignore[return-value]
        size = max(os.fstat(handle).st_blksize, 1)
        made: Any = io.BufferedRandom(raw, size) if "+" in mode else io.BufferedWriter(raw, size)
        return made if "b" in mode else io.TextIOWrapper(made, *rest, **named)


class _Raw(io.RawIOBase):
    """A file whose writes go through ``os.write``, as those of io.FileIO do not."""

    def __init__(self, handle: int, mode: str) -> None:
        self._handle, self.mode = handle, mode
        self.name = handle

    def fileno(self) -> int:
        return self._handle

    def readable(self) -> bool:
        return "+" in self.mode

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:  # noqa: ANN401
        read = os.read(self._handle, len(into))
        into[: len(read)] = read
        return len(read)

    def write(self, data: Any) -> int:  # noqa: ANN401
        return os.write(self._handle, bytes(data))

    def seek(self, to: int, whence: int = 0) -> int:
        return os.lseek(self._handle, to, whence)

    def truncate(self, size: int | None = None) -> int:
        wanted = self.tell() if size is None else size
        os.ftruncate(self._handle, wanted)
        return wanted

    def close(self) -> None:
        if not self.closed:
            try:
                super().close()
            finally:
                os.close(self._handle)


def _names() -> tuple[str, ...]:
    return (*_ONE_PATH, *_TWO_PATHS, *_HANDLE, "open")


def _flags(mode: str) -> int:
    way = os.O_RDWR if "+" in mode else os.O_WRONLY
    more = {"w": os.O_CREAT | os.O_TRUNC, "x": os.O_CREAT | os.O_EXCL, "a": os.O_CREAT | os.O_APPEND, "r": 0}
    return way | os.O_CLOEXEC | more[next(each for each in mode if each in more)]
