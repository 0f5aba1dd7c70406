"""Who owns a repository, and which stage people decided it needs.

A teams file says both. Where it says nothing about a repository's owner, the repository's own CODEOWNERS does; where that says
nothing either, the repository is unowned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rungwise.model import Signal, SignalKind, Stage
from rungwise.settings import SettingsError, as_table, known_keys, parse, said

if TYPE_CHECKING:
    from pathlib import Path

TEAMS_FILE = "teams file"
CODEOWNERS = "CODEOWNERS"

_TEAM_KEYS = ("repositories", "target", "reason", "review_on")
_REPOSITORY_KEYS = ("target", "reason", "review_on")
_CATCH_ALL = frozenset({"*", "**", "/**", "**/*", "/**/*"})
_MOST_TEXT = 3_000_000
"""GitHub ignores a longer CODEOWNERS; so do we. In characters."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The one team that owns a repository, and which of :data:`TEAMS_FILE` and :data:`CODEOWNERS` says so."""

    team: str
    source: str


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
    codeowners: Mapping[str, str | None], teams: Teams | None = None, otherwise: Mapping[str, Owner] | None = None
) -> Ownership:
    """Owners and targets of the repositories that are the keys of ``codeowners``; its values are their CODEOWNERS, if any.

    ``otherwise`` names the owners of repositories for which neither the teams file nor CODEOWNERS says anything.

    Raises :class:`SettingsError` where two teams claim the same repository.
    """
    owners: dict[str, Owner] = {}
    targets: dict[str, Target] = {}
    teams = teams or Teams(TEAMS_FILE)
    # GitHub does not tell @Org/team from @org/team, so the first spelling stands for all.
    spelling = {name.lower(): name for name in teams.names}
    for repository in sorted(codeowners):
        if team := teams.team_of(repository):
            owners[repository] = Owner(team, TEAMS_FILE)
        elif team := owner_from_codeowners(codeowners[repository] or ""):
            owners[repository] = Owner(spelling.setdefault(team.lower(), team), CODEOWNERS)
        elif otherwise and repository in otherwise:
            owners[repository] = otherwise[repository]
        owner = owners.get(repository)
        target = teams.repository_targets.get(repository.lower()) or (teams.team_targets.get(owner.team) if owner else None)
        if target:
            targets[repository] = target
    return Ownership(owners, targets)


GITHUB_TEAMS = "teams on GitHub"
_STRONGEST_FIRST = ("admin", "maintain")


def owner_from_permissions(signals: Iterable[Signal]) -> Owner | None:
    """The one team that may administer a repository on GitHub, else the one that may maintain it; ``None`` where there are several."""
    found: dict[str, list[str]] = {}
    for signal in signals:
        if signal.kind is SignalKind.SETTING and signal.name == "team":
            found.setdefault(signal.detail("permission"), []).append(signal.detail("name") or signal.value)
    for permission in _STRONGEST_FIRST:
        if teams := found.get(permission):
            return Owner(teams[0], GITHUB_TEAMS) if len(teams) == 1 else None
    return None


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
    known_keys(file, "the file", data, ("teams", "repositories"))
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
    )


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
