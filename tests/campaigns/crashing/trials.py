"""A trial: a command whose step goes wrong, or whose power goes; the judge; the same command once more."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from tests.campaigns.crashing.acting import Recall, acting, warmed
from tests.campaigns.crashing.scenes import Scene
from tests.crashing import Ended, crashed, steps_of
from tests.disk_steps import KILLED, How, Step, hows
from tests.power import Found, Power, fates

FATES = 6
"""So many losses of power are tried after each step: four plain ones, the others at random."""
Files = Mapping[str, Found]
_STRAY = re.compile(r"(.*/)?\.(.+\.\w+-\d+(-backup)?\.keyaccount-new|(.+\.)?keyaccount-lock)")
_BACKUP = re.compile(r".+\.backup-\d+\.xls[xm]")
_CLEANS: tuple[str, ...] = ("disk full", "error", "no right", "interrupted before")
_IN_THE_WAY = ("open", "lock", "remove")
"""Steps whose failure may leave strays for the next run to sweep."""
_TOLD = (0, 5)
"""The exit codes that a command may end with when the disk fails."""


class Point(NamedTuple):
    """Where and how a scene's command is stopped: before step ``at``, or by a loss of power after so many."""

    scene: int
    at: int
    how: How | Literal["power lost"]
    fate: int = 0


@dataclass(frozen=True)
class Played:
    """A scene: what stands in its folder before and after its command, and the steps between."""

    scene: Scene
    before: Files
    after: Files
    steps: tuple[Step, ...]

    def points(self, number: int) -> Iterator[Point]:
        """Give each point at which it is stopped."""
        for at, step in enumerate(self.steps):
            for how in hows(step):
                yield Point(number, at, how)
        for at in range(1, len(self.steps) + 1):
            for fate in range(FATES):
                yield Point(number, at, "power lost", fate)


def files_in(folder: Path) -> dict[str, Found]:
    """Give the files of a folder, links by where they lead."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = Found(os.readlink(path).encode(), 0)  # noqa: PTH115 as it stands there
        elif path.is_file():
            found[name] = Found(path.read_bytes(), path.stat().st_mode & 0o777)
    return found


def set_up(folder: Path, files: Files) -> None:
    """Have these files in the folder, and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, (content, mode) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode:
            path.write_bytes(content)
            path.chmod(mode)
        else:
            path.symlink_to(content.decode())


def begun(scene: Scene) -> dict[str, Found]:
    """Give the files that a scene begins with."""
    made = {name: Found(content, scene.modes.get(name, 0o644)) for name, content in scene.files.items()}
    return made | {name: Found(to.encode(), 0) for name, to in scene.links.items()}


def played(scene: Scene, folder: Path, recall: Recall) -> Played:
    """Run a scene's command undisturbed: what it comes to, which running it again does not change."""
    before = begun(scene)
    set_up(folder, before)
    assert warmed(scene, folder, recall) == 0, scene.name
    assert warmed(scene, folder, recall) == scene.done, scene.name
    after = files_in(folder)
    set_up(folder, before)
    ended, steps = steps_of(acting(scene, folder, recall), folder)
    assert ended.code == 0, ended.said
    assert files_in(folder) == after != before, scene.name
    assert not [name for name in after if _STRAY.fullmatch(name)], scene.name
    return Played(scene, before, after, tuple(steps))


class Stage:
    """A folder in which scenes are played, crashed, judged and played again."""

    def __init__(self, folder: Path, recall: Recall, seed: str = "") -> None:
        """Keep the folder; what follows from the same state of it is tried once."""
        self._folder, self._recall, self._seed = folder, recall, seed
        self._known: dict[tuple[str, tuple[tuple[str, Found], ...]], str] = {}

    def tried(self, play: Played, point: Point) -> tuple[dict[str, int], str]:
        """Stop a command at a point, judge what it leaves, run it again: gives counts, and what is wrong."""
        act = acting(play.scene, self._folder, self._recall)
        if point.how == "power lost":
            found: Files = self._lost(play, point)
            wrong = lost_wrong(play, point, found)
            counted = {"power lost": 1}
        else:
            set_up(self._folder, play.before)
            ended = crashed(act, self._folder, point.at, point.how)
            found = files_in(self._folder)
            wrong = crash_wrong(play, point, ended, found)
            counted = {point.how: 1, f"ended: {_ending(ended)}": 1}
        counted |= {f"{play.scene.command[0]}": 1, f"left: {_whole(play, found)}": 1}
        if wrong:
            return counted, wrong
        return counted, self._again(play, found, act)

    def _lost(self, play: Played, point: Point) -> dict[str, Found]:
        solid = {name: each for name, each in play.before.items() if each.mode}
        power = Power(solid).after(play.steps[: point.at])
        links = {name: each for name, each in play.before.items() if not each.mode}
        return links | power.lost(fates(point.fate, f"{self._seed}-{play.scene.name}-{point.at}"))

    def _again(self, play: Played, found: Files, act: Callable[[], int]) -> str:
        """Run the command again on what was left; it must come to what it comes to undisturbed."""
        key = (play.scene.name, tuple(sorted(_anyone(found).items())))
        if key not in self._known:
            set_up(self._folder, found)
            ended = crashed(act, self._folder, -1, "error")
            self._known[key] = again_wrong(play, ended, files_in(self._folder))
        return self._known[key]


def _anyone(files: Files) -> dict[str, Found]:
    """Give the files as any process would leave them: no program reads what another left half written."""
    made = {}
    for name, found in files.items():
        left = re.sub(r"-\d+(-backup)?\.keyaccount-new$", r"-0\1.keyaccount-new", name)
        made[left] = found if left == name else Found(b"", found.mode)
    return made


def _ending(ended: Ended) -> str:
    return signal.Signals(ended.signal).name if ended.signal else f"exit {ended.code}"


def _whole(play: Played, found: Files) -> str:
    """Say what was left: all old, all new, or both side by side; and whether strays lie there."""
    own = without_strays(found)
    state = "old" if own == play.before else "new" if own == play.after else "old and new files"
    return state if own == found else f"{state}, with strays"


def without_strays(found: Files) -> dict[str, Found]:
    """Leave out what a run writes to first, and its lock."""
    return {name: each for name, each in found.items() if not _STRAY.fullmatch(name)}


def files_wrong(play: Played, found: Files) -> str:
    """Say which file is neither what it was nor what it comes to, or which backup is missing."""
    for name in {*found, *play.before, *play.after} - {n for n in found if _STRAY.fullmatch(n)}:
        if found.get(name) not in (play.before.get(name), play.after.get(name)):
            return f"{name} is neither what it was nor what it comes to"
    old = [n for n in play.before if not _BACKUP.fullmatch(n) and play.before[n] != play.after.get(n)]
    replaced = any(found.get(name) != play.before[name] for name in old)
    made = {name for name in play.after if _BACKUP.fullmatch(name) and name not in play.before}
    gone = {name for name in play.before if name not in found}
    if replaced and not made <= {*found}:
        return "the workbook was replaced, and its backup is not there"
    return f"{gone} went before the workbook was replaced" if gone and not replaced else ""


def crash_wrong(play: Played, point: Point, ended: Ended, found: Files) -> str:
    """Judge what a crashed command left: its files, and whether they are what its exit code says."""
    wrong = files_wrong(play, found)
    own = without_strays(found)
    own = without_strays(found)
    if point.how == "errors from here on":  # then a backup cannot be deleted again either
        made = {name for name in own if _BACKUP.fullmatch(name) and name not in play.before}
        rest = {name: each for name, each in own.items() if name not in made}
        own = rest if rest == play.before else own
    if point.how in KILLED:
        stopped = ended.signal in (signal.SIGKILL, signal.SIGTERM)
        wrong = wrong or ("" if stopped else "it was not stopped")
    elif ended.signal or ended.code not in _TOLD or "Traceback" in ended.said or "unforeseen" in ended.said:
        wrong = wrong or f"it ended with {_ending(ended)}"
    elif ended.code == 0 and not _done(play, own):
        wrong = wrong or "it says that it is done, and is not"
    elif ended.code != 0 and not play.scene.several and own != play.before:
        wrong = wrong or f"it ended with {ended.code}, and the files are not as they were"
    elif len(own) < len(found) and point.how in _CLEANS and not _may_lie(play.steps[point.at]):
        wrong = wrong or "what it wrote to first, or its lock, is left lying about"
    return f"{wrong}\n{_said(play, point, ended, found)}" if wrong else ""


def _may_lie(step: Step) -> bool:
    """Tell whether strays may stay when this step fails; a lock that is being taken may be another's."""
    return step.kind in _IN_THE_WAY or step.path.endswith("keyaccount-lock")


def _done(play: Played, own: Files) -> bool:
    """Tell whether all is done; an old backup that could not be deleted goes with the next run."""
    more = {name for name in own if _BACKUP.fullmatch(name) and name not in play.after}
    return {name: each for name, each in own.items() if name not in more} == play.after


def lost_wrong(play: Played, point: Point, found: Files) -> str:
    """Judge what a loss of power left; once the command had ended, all it did is there."""
    wrong = files_wrong(play, found)
    if not wrong and point.at == len(play.steps) and not _done(play, without_strays(found)):
        wrong = "it had ended, and what it did is lost"
    return f"{wrong}\n{_said(play, point, None, found)}" if wrong else ""


def again_wrong(play: Played, ended: Ended, after: Files) -> str:
    """Judge the same command run again: it comes to what it comes to undisturbed, with no strays."""
    codes = {0, play.scene.done}
    if ended.code not in codes or ended.signal:
        return f"{play.scene.name}: run again it ended with {_ending(ended)}\n{ended.said[-600:]}"
    if not _done(play, without_strays(after) if play.scene.done else after):
        return f"{play.scene.name}: run again it comes to something else: {_differing(play.after, after)}"
    kept = [name for name in after if _BACKUP.fullmatch(name)]
    most = sum(1 for name in play.after if _BACKUP.fullmatch(name)) + 1
    return f"{play.scene.name}: backups {kept} are kept" if len(kept) > most else ""


def _differing(expected: Files, found: Files) -> list[str]:
    return sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))


def _said(play: Played, point: Point, ended: Ended | None, found: Files) -> str:
    step = play.steps[min(point.at, len(play.steps) - 1)]
    place = f"{play.scene.name}: {point.how} (fate {point.fate}) at step {point.at} of {len(play.steps)}"
    what = f"{step.kind} {step.call} {step.path} {step.other}"
    left = {name: (len(each.content), oct(each.mode)) for name, each in found.items()}
    said = f"{_ending(ended)}: {ended.said[-500:]}" if ended else ""
    return f"{place}: {what}\n{left}\n{said}"
