"""Who owns a repository, and which stage people decided it needs.

A teams file says both, and which other source of owners goes before which. Where none of them names anybody, the repository is unowned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING

from rungwise.model import Signal, Stage
from rungwise.owners import (
    CODEOWNERS,
    TEAMS_FILE,
    Asking,
    Owner,
    Source,
    owner_from_codeowners,
    owner_from_permissions,
    owner_from_property,
    owner_from_topic,
)
from rungwise.settings import SettingsError, as_table, known_keys, parse, said

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CODEOWNERS", "TEAMS_FILE", "Owner", "Ownership", "Target", "Teams", "ownership", "read_teams"]

_TEAM_KEYS = ("repositories", "target", "reason", "review_on")
_REPOSITORY_KEYS = ("target", "reason", "review_on")
_OWNERSHIP_KEYS = ("order", "property", "topic")


@dataclass(frozen=True, slots=True)
class Target:
    """The stage that people decided a repository needs."""

    stage: Stage
    reason: str
    source: str
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """Owners and targets by repository name. A repository that is missing is unowned, or has no target decided."""

    owners: Mapping[str, Owner] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Teams:
    """What a teams file says. Names of repositories are lower case here, as GitHub does not tell ``Org/App`` from ``org/app``."""

    file: str
    names: tuple[str, ...] = ()
    """The teams as the file spells them."""
    exact: Mapping[str, str] = field(default_factory=dict)
    """Repository to team."""
    patterns: tuple[tuple[str, str], ...] = ()
    """Pairs of a pattern and its team."""
    team_targets: Mapping[str, Target] = field(default_factory=dict)
    repository_targets: Mapping[str, Target] = field(default_factory=dict)
    asking: Asking = field(default_factory=Asking)

    def team_of(self, repository: str) -> str | None:
        """The owner by the file; an exact name wins over patterns.

        Raises :class:`SettingsError` where patterns of two teams claim it.
        """
        name = repository.lower()
        if name in self.exact:
            return self.exact[name]
        claims = {team: pattern for pattern, team in self.patterns if _matches(name, pattern)}
        if len(claims) > 1:
            (first, one), (second, other), *_ = claims.items()
            raise SettingsError(
                f"{self.file}: {repository} is owned twice, by {first} ({one!r}) and by {second} ({other!r}); "
                "name it in full under the team that owns it."
            )
        return next(iter(claims), None)


def ownership(
    codeowners: Mapping[str, str | None],
    teams: Teams | None = None,
    otherwise: Mapping[str, Owner] | None = None,
    signals: Mapping[str, Sequence[Signal]] = MappingProxyType({}),
) -> Ownership:
    """Owners and targets of the repositories that are the keys of ``codeowners``; its values are their CODEOWNERS, if any.

    ``otherwise`` holds who owned a repository by a CODEOWNERS file that was not read again, ``signals`` what GitHub tells. The first of the sources
    that names somebody decides, in the order that the teams file gives them, or else the usual one.

    Raises :class:`SettingsError` where two teams claim the same repository.
    """
    owners: dict[str, Owner] = {}
    targets: dict[str, Target] = {}
    teams = teams or Teams(TEAMS_FILE)
    # GitHub does not tell @Org/team from @org/team, so the first spelling stands for all.
    spelling = {name.lower(): name for name in teams.names}

    def by(source: Source, repository: str) -> Owner | None:
        match source:
            case Source.FILE:
                team = teams.team_of(repository)
                return Owner(team, TEAMS_FILE) if team else None
            case Source.CODEOWNERS:
                named = owner_from_codeowners(codeowners[repository] or "")
                return Owner(named, CODEOWNERS) if named else (otherwise or {}).get(repository)
            case Source.PROPERTY:
                return owner_from_property(signals.get(repository, ()), teams.asking.property)
            case Source.TEAMS:
                return owner_from_permissions(signals.get(repository, ()))
            case Source.TOPIC:
                return owner_from_topic(signals.get(repository, ()), teams.asking.topic)

    for repository in sorted(codeowners):
        found = next((owner for source in teams.asking.order if (owner := by(source, repository))), None)
        if found:
            owners[repository] = replace(found, team=spelling.setdefault(found.team.lower(), found.team))
        owner = owners.get(repository)
        target = teams.repository_targets.get(repository.lower()) or (teams.team_targets.get(owner.team) if owner else None)
        if target:
            targets[repository] = target
    return Ownership(owners, targets)


def _matches(name: str, pattern: str) -> bool:
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def read_teams(path: Path) -> Teams:
    """Reads a teams file.

    Raises :class:`SettingsError` where it cannot be read, is no TOML, has an unknown key or a value of the wrong type, gives one
    repository to two teams, or sets a target without a reason.
    """
    file = path.name
    data = parse(path, TEAMS_FILE, 'A table looks like [teams."Payments"].')
    known_keys(file, "the file", data, ("teams", "repositories", "ownership"))
    teams, repositories = (as_table(file, key, data.get(key, {})) for key in ("teams", "repositories"))
    team_of: dict[str, str] = {}
    team_targets: dict[str, Target] = {}
    for team, value in teams.items():
        where = f'[teams."{team}"]'
        if not team.strip():
            raise SettingsError(f'{file}: a team in [teams] has an empty name; write [teams."Payments"].')
        table = as_table(file, where, value)
        known_keys(file, where, table, _TEAM_KEYS)
        for repository in _repositories(file, where, table):
            other = team_of.setdefault(repository, team)
            if other != team:
                raise SettingsError(f"{file}: {repository} is owned twice, by {other} and by {team}; leave it under one of them.")
        if target := _target(file, where, table, f"{TEAMS_FILE}, team {team}"):
            team_targets[team] = target
    return Teams(
        file=file,
        names=tuple(teams),
        exact={name: team for name, team in team_of.items() if not _is_pattern(name)},
        patterns=tuple((name, team) for name, team in team_of.items() if _is_pattern(name)),
        team_targets=team_targets,
        repository_targets=_repository_targets(file, repositories),
        asking=_asking(file, as_table(file, "ownership", data.get("ownership", {}))),
    )


def _asking(file: str, table: Mapping[str, object]) -> Asking:
    where, usual = "[ownership]", Asking()
    known_keys(file, where, table, _OWNERSHIP_KEYS)
    order = table.get("order", [source.value for source in usual.order])
    known = ", ".join(repr(source.value) for source in Source)
    if not isinstance(order, list) or not order:
        raise SettingsError(f"{file}: order in {where} has to be a list of sources, the one that wins first; it takes {known}.")
    for source in order:
        if source not in [one.value for one in Source]:
            raise SettingsError(f"{file}: order in {where} names {said(source)}, which is no source; it takes {known}.")
        if order.count(source) > 1:
            raise SettingsError(f"{file}: order in {where} names {source!r} twice; leave it where it should win.")
    names = {key: table.get(key, getattr(usual, key)) for key in ("property", "topic")}
    for key, name in names.items():
        if not isinstance(name, str) or not name.strip():
            raise SettingsError(
                f'{file}: {key} in {where} is {said(name)} but has to be a text, such as {key} = "{getattr(usual, key)}".'
            )
    return Asking(tuple(map(Source, order)), str(names["property"]).strip(), str(names["topic"]).strip())


def _repository_targets(file: str, repositories: Mapping[str, object]) -> dict[str, Target]:
    targets: dict[str, Target] = {}
    for repository, value in repositories.items():
        where = f'[repositories."{repository}"]'
        table = as_table(file, where, value)
        known_keys(file, where, table, _REPOSITORY_KEYS)
        if _is_pattern(repository):
            raise SettingsError(f"{file}: {where} is a pattern, but a target is decided for one repository; write its full name.")
        if repository.lower() in targets:
            raise SettingsError(f"{file}: {where} is there twice, in different spellings; keep one of them.")
        if target := _target(file, where, table, TEAMS_FILE):
            targets[repository.lower()] = target
    return targets


def _is_pattern(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def _repositories(file: str, where: str, table: Mapping[str, object]) -> list[str]:
    value = table.get("repositories", [])
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise SettingsError(f'{file}: repositories in {where} has to be a list of names, such as ["org/app", "org/svc-*"].')
    return [name.strip().lower() for name in value]


def _target(file: str, where: str, table: Mapping[str, object], source: str) -> Target | None:
    stage, reason, review_on = (table.get(key) for key in _REPOSITORY_KEYS)
    if stage is None:
        for key in ("reason", "review_on"):
            if key in table:
                raise SettingsError(f"{file}: {where} has a {key} but no target; add target = 1 to 6, or take {key} out.")
        return None
    if type(stage) is not int or not 1 <= stage <= len(Stage):
        raise SettingsError(
            f"{file}: target in {where} is {said(stage)} but has to be a stage, a whole number from 1 to {len(Stage)}."
        )
    if not isinstance(reason, str) or not reason.strip():
        was = "no reason" if reason is None else "an empty reason" if isinstance(reason, str) else f"{said(reason)} as its reason"
        raise SettingsError(
            f'{file}: the target in {where} has {was}; say why in a few words, such as reason = "takes payments".'
        )
    if review_on is not None and (not isinstance(review_on, date) or isinstance(review_on, datetime)):
        raise SettingsError(
            f"{file}: review_on in {where} is {said(review_on)} but has to be a date without quotes, such as 2027-01-31."
        )
    return Target(Stage(stage), reason.strip(), source, review_on)
