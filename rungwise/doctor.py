"""What works here and what does not: one line a check, and what to do where something is off."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from rungwise import own_practices, permissions
from rungwise.catalogue import Catalogue
from rungwise.permissions import Unread
from rungwise.settings import SettingsError
from rungwise.store import Reader, StoreError, open_reader

SHOWN = 3
"""How many of several flaws, repositories or practices are named."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``advice`` says what to do; it is empty where nothing is to be done."""

    name: str
    fine: bool
    found: str
    advice: str = ""


def versions(pyproject: Path) -> Iterator[Check]:
    """Python and the libraries, against what ``pyproject.toml`` asks for."""
    asked = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    least = tuple(int(part) for part in asked["requires-python"].removeprefix(">=").split("."))
    yield Check(
        "Python",
        sys.version_info[:2] >= least,
        ".".join(map(str, sys.version_info[:3])),
        f"Install Python {'.'.join(map(str, least))} or newer.",
    )
    for requirement in asked["dependencies"]:
        name, _, wanted = requirement.partition("==")
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = ""
        yield Check(name, installed == wanted, installed or "not installed", f"Version {wanted} is asked for: run `uv sync`.")


def database(path: Path) -> Iterator[Check]:
    """Whether the database opens, what it holds, and whether its tables agree with each other."""
    try:
        reader = open_reader(path)
    except StoreError as error:
        yield Check("Database", False, str(error), "Restore the directory from a copy, or move it away and collect again.")
        return
    if reader.demo:
        yield Check("Database", True, f"none in {path}; the demonstration data are shown", "")
        return
    weeks = reader.weeks()
    span = f"{weeks[-1].label} to {weeks[0].label}" if len(weeks) > 1 else weeks[0].label if weeks else "no week"
    yield Check("Database", True, f"{path}, generation {reader.generation}, {span}")
    yield from _sound(reader)


def _sound(reader: Reader) -> Iterator[Check]:
    advice = (
        "Restore the directory from a copy, go back to an earlier state (docs/database.md), or move it away and collect again."
    )
    try:
        flaws = reader.flaws()
    except StoreError as error:
        yield Check("Consistency", False, str(error), advice)
        return
    weeks = reader.weeks()
    stored = f"all tables of {len(weeks)} {'week' if len(weeks) == 1 else 'weeks'} fit together"
    yield Check("Consistency", not flaws, "; ".join(f"{flaw.rows} {flaw.what}" for flaw in flaws[:SHOWN]) or stored, advice)
    for week in weeks[:1]:
        run = reader.run(week.id) or {}
        missing = run.get("incomplete", [])
        when = f"{run['finished']:%Y-%m-%d %H:%M} UTC" if run else "unknown"
        yield Check("Last run", not missing, when, f"Not everything could be collected: {' '.join(missing[:3])}")


def unread(path: Path, catalogue: Catalogue) -> Iterator[Check]:
    """What the last collection from GitHub could not see, and the permission that it would take."""
    try:
        reader = open_reader(path)
    except StoreError:
        return
    if reader.demo or not reader.weeks():
        return
    week = reader.weeks()[0].id
    of = len(reader.repositories(week))
    rows: list[Any] = list(reader.unread_settings(week).itertuples(index=False))
    for one in permissions.unread(rows, catalogue):
        yield _lacking(one, of, catalogue)


def organisation(path: Path) -> str | None:
    """The organisation that was collected last; ``None`` where none was."""
    try:
        reader = open_reader(path)
    except StoreError:
        return None
    sources = ((reader.run(week.id) or {}).get("source", "") for week in reader.weeks()) if not reader.demo else ()
    return next((source.removeprefix("GitHub: ").split(",")[0] for source in sources if source.startswith("GitHub: ")), None)


def permission_map(rows: Sequence[Any], unasked: Collection[str], catalogue: Catalogue) -> Iterator[Check]:
    """What a token may see and what not, a setting each, but for those that were not asked for.

    ``rows`` have the attributes of :class:`collectors.github.probing.Unseen`.
    """
    asked = {(row.setting, row.reason): row.asked for row in rows}
    found = permissions.unread(rows, catalogue)
    lacking = {one.setting for one in found}
    for setting, permission in permissions.TAKES.items():
        if setting not in lacking and setting not in unasked:
            yield Check(permissions.TELLS[setting], True, f"nothing is withheld; takes {permission}")
    for one in found:
        yield _lacking(one, asked[one.setting, one.why], catalogue)


def _lacking(one: Unread, of: int, catalogue: Catalogue) -> Check:
    names = ", ".join(one.names[:SHOWN]) + (f" and {one.repositories - SHOWN} more" if one.repositories > SHOWN else "")
    titles = [catalogue[practice].title for practice in one.practices]
    more = f" and {len(titles) - SHOWN} more" if len(titles) > SHOWN else ""
    known = f"would tell about: {'; '.join(titles[:SHOWN])}{more}." if titles else "would add to what is known of a repository."
    advice = f"The token needs {one.permission} on these repositories. It {known}" if one.permission else ""
    return Check(one.tells, False, f"not seen on {one.repositories} of {of} repositories, {one.why}: {names}", advice)


def practices(folder: Path | None, path: Path) -> Iterator[Check]:
    """Whether people's own practices can be used, and whether the database's newest week was judged by those of now."""
    try:
        catalogue = own_practices.load(folder)
    except SettingsError as error:
        yield Check("Practices", False, str(error), "See docs/own-practices.md.")
        return
    yield Check("Practices", True, own_practices.summary(catalogue))
    try:
        reader = open_reader(path)
    except StoreError:
        return
    weeks = reader.weeks()[:1]
    if reader.demo or not weeks:
        return
    other = sum(week == weeks[0].id and judged != catalogue.hash for (week, _), (judged, _) in reader.judged_by().items())
    found = (
        f"{other} repositories in {weeks[0].label} were judged by others"
        if other
        else f"those by which {weeks[0].label} was judged"
    )
    yield Check(
        "Rules",
        not other,
        found,
        f"Name the same folder everywhere, best in {own_practices.VARIABLE}; if the rules changed, see what `rejudge --preview` says.",
    )


TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
"""Where a token for GitHub is looked for, the first one first."""
APP = "GITHUB_APP_ID"
"""Where an App is named, which goes before a token."""


def token(environment: Mapping[str, str]) -> Check:
    """Whether there is a token for GitHub. It is never printed."""
    if environment.get(APP):
        return Check("GitHub token", True, f"that of the App in {APP}")
    name = next((name for name in TOKENS if environment.get(name)), None)
    if name is None:
        return Check("GitHub token", True, "none; local clones need none")
    odd = re.search(r"\s", environment[name].strip())
    return Check("GitHub token", not odd, f"in {name}", "It holds white space in the middle; copy it again.")


def render(checks: list[Check]) -> str:
    """The checks as lines; advice stands under what is off."""
    width = max(len(check.name) for check in checks)
    lines = []
    for check in checks:
        lines.append(f"{'ok ' if check.fine else 'off'}  {check.name:{width}}  {check.found}")
        if not check.fine and check.advice:
            lines.append(f"     {'':{width}}  {check.advice}")
    off = sum(not check.fine for check in checks)
    lines += ["", "Everything works." if not off else f"{off} of {len(checks)} checks are off."]
    return "\n".join(lines)
