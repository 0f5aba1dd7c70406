"""Finds the deployed parts of a repository, so that each can be judged by what is its own (catalogue, 1.5).

A component is a folder with a manifest of its own and something below it, claimed by no nearer manifest, that is deployed. All that
lies in no component, shared packages and the files of the whole repository among it, counts for each of them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

from rungwise.clues import JVM, PROGRAM, Clue, code, either, file, manifest
from rungwise.facts import SERVER
from rungwise.kinds import BUILT_FRONTEND, ENTRY, IMAGES
from rungwise.model import Component, Kind, Part, Place, Signal, SignalKind, Status
from rungwise.seen import Seen

ROOT = "."
"""The path of the component that is a whole repository, or what of it lies in no other."""

DEPLOYED: Clue = either(
    IMAGES,
    file("fly.toml", "render.yaml", "app.yaml", "vercel.json", "netlify.toml", "wrangler.toml", "wrangler.jsonc", "Procfile"),
    file("manage.py", "artisan", "config/application.rb", "config.ru", "next.config.*", "nuxt.config.*"),
    manifest("nuget:Sdk", r"^Microsoft\.NET\.Sdk\.Web"),
    code(r"@(SpringBootApplication|EnableAutoConfiguration)\b|\bQuarkus\.run\(|\bMicronaut\.(run|build)\(", JVM, example="@SpringBootApplication"),
)  # fmt: skip
"""What says of a folder that it goes to production by itself."""

_PROGRAMS = frozenset(language.value for language in PROGRAM)

_BESIDE_THE_PRODUCT = re.compile(
    r"(?i)(?:^|[-_./])(?:docs?|documentation|storybook|e2e|mocks?|stubs?|fakes?|dummy|tests?|fuzz|benchmarks?|examples?|samples?|demos?"
    r"|docker|devcontainer|dev|ci|build|tools?|scripts?|utils?|migrat\w*|seeders?)(?:$|[-_./])"
)
"""Folders whose images and servers help to make, show or test the product."""


def find(look: Seen, kind: Kind) -> tuple[Component, ...]:
    """The deployed components of a repository of that kind, by path; the root alone where there are not at least two."""
    whole = (Component(ROOT, kind),)
    if kind not in (Kind.APP, Kind.SELF):
        return whole
    folders = {
        posixpath.dirname(signal.path) or ROOT
        for signals in (look.of(SignalKind.DEPENDENCY), look.of(SignalKind.MANIFEST))
        for signal in signals
        if signal.place is Place.SOURCE and signal.path
    }
    # The root last: where nothing below it is deployed, there are no two.
    candidates = [path for path in sorted(folders - {ROOT}) if not _BESIDE_THE_PRODUCT.search(path)]
    found: list[Component] = []
    for path in (*candidates, ROOT):
        if (path != ROOT or found) and (its := _deployed(path, _Within(look, path, folders), kind)):
            found.append(Component(path, its))
    return tuple(sorted(found, key=lambda component: component.path)) if len(found) > 1 else whole


class _Within(Seen):
    """What a look shows of one of some folders, without what lies in another one of them."""

    def __init__(self, look: Seen, path: str, folders: set[str]) -> None:
        super().__init__(())
        self._look = look
        self._path = path
        self._folders = folders

    def named(self, kind: SignalKind, name: str) -> Sequence[Signal]:
        return self._own(self._look.named(kind, name))

    def of(self, kind: SignalKind) -> Sequence[Signal]:
        return self._own(self._look.of(kind))

    def _own(self, signals: Sequence[Signal]) -> list[Signal]:
        below = "" if self._path == ROOT else f"{self._path}/"
        return [
            signal
            for signal in signals
            if signal.path and signal.path.startswith(below) and _nearest(signal.path, self._folders) == self._path
        ]


def signals_of(component: Component, among: Iterable[Component], signals: Iterable[Signal]) -> list[Signal]:
    """The signals that count for one of several components: all but those that lie in another."""
    folders = {one.path for one in among} - {ROOT}
    elsewhere = folders - {component.path}
    return [signal for signal in signals if not (signal.path and _nearest(signal.path, folders) in elsewhere)]


def only_lacking(part: Part, others: Iterable[Part]) -> list[str]:
    """The practices that are missing from one component and there, at least in part, in another."""
    there = {finding.practice for other in others for finding in other.findings if finding.status in _THERE}
    return [finding.practice for finding in part.findings if finding.status is Status.ABSENT and finding.practice in there]


_THERE = (Status.PRESENT, Status.PARTIAL, Status.ATTESTED)


def _deployed(path: str, look: Seen, kind: Kind) -> Kind | None:
    """What kind of component a folder is by its own signals; ``None`` where it is none."""
    if path == ROOT:
        return kind if SERVER.find(look) and ENTRY.find(look) else None
    if not DEPLOYED.find(look):
        return None
    if SERVER.find(look):
        return kind
    if BUILT_FRONTEND.find(look):
        return Kind.SPA
    if not IMAGES.find(look):
        return None
    own = (signal for sort in SignalKind for signal in look.of(sort))
    return kind if any(signal.detail("language") in _PROGRAMS and signal.place is Place.SOURCE for signal in own) else None


def _nearest(path: str, folders: set[str]) -> str:
    """The innermost of some folders that a path lies in; the root where it lies in none."""
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in folders:
            return path
    return ROOT
