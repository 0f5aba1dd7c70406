"""Who owns a repository, by one source at a time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rungwise.model import Signal, SignalKind

TEAMS_FILE = "teams file"
CODEOWNERS = "CODEOWNERS"
GITHUB_TEAMS = "teams on GitHub"
PROPERTY = "custom property "
"""Followed by its name."""
TOPIC = "topic "
"""Followed by the topic."""

_CATCH_ALL = frozenset({"*", "**", "/**", "**/*", "/**/*"})
_MOST_TEXT = 3_000_000
"""GitHub ignores a longer CODEOWNERS; so do we. In characters."""


class Source(StrEnum):
    """Where an owner may be named, as a teams file calls it."""

    FILE = "file"
    PROPERTY = "property"
    CODEOWNERS = "codeowners"
    TEAMS = "teams"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Asking:
    """Which sources are asked, the one that wins first; the name of the custom property; and what topics that name a team begin with."""

    order: tuple[Source, ...] = (Source.FILE, Source.PROPERTY, Source.CODEOWNERS, Source.TEAMS, Source.TOPIC)
    property: str = "team"
    topic: str = "team-"


@dataclass(frozen=True, slots=True)
class Owner:
    """The one team that owns a repository, and which source says so.

    That is :data:`TEAMS_FILE`, :data:`CODEOWNERS`, :data:`GITHUB_TEAMS`, or begins with :data:`PROPERTY` or :data:`TOPIC`.
    """

    team: str
    source: str


def owner_from_property(signals: Iterable[Signal], name: str) -> Owner | None:
    """Whom a custom property names; ``None`` where it names several."""
    found = {signal.value for signal in _settings(signals, "property") if signal.detail("property").lower() == name.lower()}
    return Owner(found.pop(), f"{PROPERTY}{name}") if len(found) == 1 else None


def owner_from_topic(signals: Iterable[Signal], prefix: str) -> Owner | None:
    """The team in the one topic that begins like those that name one; ``None`` where there are several."""
    found = [signal.value for signal in _settings(signals, "topic") if signal.value.startswith(prefix) and signal.value != prefix]
    return Owner(found[0].removeprefix(prefix), f"{TOPIC}{found[0]}") if len(found) == 1 else None


def _settings(signals: Iterable[Signal], name: str) -> Iterable[Signal]:
    return (signal for signal in signals if signal.kind is SignalKind.SETTING and signal.name == name)


_STRONGEST_FIRST = ("admin", "maintain")


def owner_from_permissions(signals: Iterable[Signal]) -> Owner | None:
    """The one team that may administer a repository on GitHub, else the one that may maintain it; ``None`` where there are several."""
    found: dict[str, list[str]] = {}
    for signal in _settings(signals, "team"):
        found.setdefault(signal.detail("permission"), []).append(signal.detail("name") or signal.value)
    for permission in _STRONGEST_FIRST:
        if teams := found.get(permission):
            return Owner(teams[0], GITHUB_TEAMS) if len(teams) == 1 else None
    return None


CODEOWNERS_OWNER = "codeowners-owner"
"""The setting that remembers whom CODEOWNERS named, for as long as the file is not read again."""


def owner_remembered(signals: Iterable[Signal]) -> Owner | None:
    """Whom CODEOWNERS named when it was read last."""
    return next((Owner(signal.value, CODEOWNERS) for signal in _settings(signals, CODEOWNERS_OWNER)), None)


def remembering(signals: Sequence[Signal], codeowners: str | None) -> tuple[Signal, ...]:
    """The signals, with whom CODEOWNERS (its text, just read) names."""
    named = owner_from_codeowners(codeowners or "")
    kept = (signal for signal in signals if signal.name != CODEOWNERS_OWNER)
    return (*kept, *([Signal(SignalKind.SETTING, CODEOWNERS_OWNER, named)] if named else []))


def named_besides(signals: Sequence[Signal], team: str | None, source: str | None) -> tuple[Owner, ...]:
    """Whom CODEOWNERS and the teams on GitHub name, where another source won and it is somebody else."""
    found = filter(None, (owner_remembered(signals), owner_from_permissions(signals)))
    return tuple(owner for owner in found if owner.source != source and owner.team != team)


def owner_from_codeowners(text: str) -> str | None:
    """The owner of everything else: who the last catch-all rule names, else the team that most rules name.

    A team comes back as ``org/team``, a person as ``@login`` or an address; a team goes before people. A person who owns only a
    part of the files does not own the repository.
    """
    catch_all: Sequence[str] = ()
    mentions: Counter[str] = Counter()
    section_owners: Sequence[str] = ()
    for line in text[:_MOST_TEXT].lstrip("\ufeff").splitlines():
        words = _words(line)
        if not words:
            continue
        if words[0].startswith(("[", "^[")):
            section_owners = _owners(_words(line.rpartition("]")[2]))
            continue
        owners = _owners(words[1:]) or section_owners
        if words[0] in _CATCH_ALL:
            catch_all = owners
        else:
            mentions.update(filter(_is_team, owners))
    owner = next(filter(_is_team, catch_all), None) or next(iter(catch_all), None)
    if owner is None and mentions:
        owner = mentions.most_common(1)[0][0]
    return owner.removeprefix("@") if owner and _is_team(owner) else owner


def _words(line: str) -> list[str]:
    words = line.replace("\\ ", "\0").split()
    comment = next((index for index, word in enumerate(words) if word.startswith("#")), len(words))
    return words[:comment]


def _owners(words: Sequence[str]) -> list[str]:
    # GitLab writes a role as @@role, which is nobody in particular.
    return [word for word in words if "@" in word and len(word) > 1 and not word.startswith("@@")]


def _is_team(owner: str) -> bool:
    return owner.startswith("@") and "/" in owner
