"""Two weeks of a small organisation in a real database: every status, several teams, and names that try to be more than names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from rungwise.catalogue import load
from rungwise.causes import Cause, Change
from rungwise.ladder import standing
from rungwise.model import Assessment, Component, Evidence, Fact, Finding, Flag, Kind, Role, Snapshot, Stage, Status
from rungwise.store import RunReceipt, record
from rungwise.teams import Owner, Ownership, Target

WEEKS = ("2026-W46", "2026-W47")
SALES = "Sales & [Growth](https://elsewhere.example/a) <b>"
"""A team whose name would be a link and bold, were it taken for Markdown or HTML."""
PLATFORM = "platform-and-developer-experience-with-a-long-name"
SHOP, BILLING, TOOLS, SAMPLE, LOST = "acme/shop", "acme/billing", "acme/tools", "acme/sample", "acme/lost-and-found"
HOSTILE = "app/![x](https://elsewhere.example/x.png)`$<img src=https://elsewhere.example/y.png>.py"
"""A path that would load a picture."""
GONE = "a-practice-of-old"
"""A practice that the catalogue no longer knows."""

_COMMIT = "c0ffee" + "0" * 34
_OWNERS = {SHOP: SALES, BILLING: SALES, TOOLS: PLATFORM, SAMPLE: PLATFORM}
_KINDS = {SHOP: Kind.APP, BILLING: Kind.APP, TOOLS: Kind.CLI, SAMPLE: Kind.APP, LOST: Kind.LIB}


def _statuses(repository: str, week: str) -> dict[str, Status]:
    """Statuses that go round all seven, a little different in each repository; a few practices move from week to week."""
    shift = list(_KINDS).index(repository)
    given = list(Status)
    statuses = {practice.id: given[(index * (shift + 1)) % len(given)] for index, practice in enumerate(load())}
    statuses["version-control"] = Status.PRESENT
    if repository == SHOP:
        statuses |= {"unit-tests": Status.PRESENT, "ci-tests": Status.PRESENT if week == WEEKS[-1] else Status.ABSENT}
        statuses |= {"required-review": Status.PRESENT if week == WEEKS[-1] else Status.UNKNOWN}
        statuses |= {"error-tracking": Status.ABSENT, "metrics": Status.NOT_SEEN, "alerting": Status.UNKNOWN}
    if repository == TOOLS:
        statuses |= {"unit-tests": Status.ABSENT if week == WEEKS[-1] else Status.PRESENT}
    return statuses


WENT = Change(
    "unit-tests", Status.PRESENT, Status.ABSENT, Cause.COMMIT, (), HOSTILE, "removed", "deadbeef" * 5, "A [person](https://elsewhere.example)",
    datetime(2026, 11, 14, tzinfo=UTC), "Clean up ![y](https://elsewhere.example/y.png) <b>",
)  # fmt: skip
CAME = Change(
    "ci-tests", Status.ABSENT, Status.PRESENT, Cause.COMMIT, (), ".github/workflows/ci.yml", "added", "facade01" * 5, "Ada",
    datetime(2026, 11, 13, tzinfo=UTC), "Run the tests",
)  # fmt: skip
SEEN = Change("required-review", Status.UNKNOWN, Status.PRESENT, Cause.SIGHT)
_MOVES = {SHOP: [CAME, SEEN], TOOLS: [WENT]}


def _finding(practice: str, stage: Stage, status: Status, repository: str) -> Finding:
    url = f"https://github.com/{repository}/blob/{_COMMIT}"
    seen = status in (Status.PRESENT, Status.PARTIAL)
    return Finding(
        practice=practice,
        stage=stage,
        status=status,
        component=".",
        reason=f"This is why it is {status}.",
        looked_for=f"signs of {practice}",
        evidence=(Evidence("src/app.py", 12, _COMMIT, f"{url}/src/app.py#L12"), Evidence(HOSTILE, None, _COMMIT)) if seen else (),
    )


def _look(repository: str, week: str) -> tuple[Assessment, Snapshot]:
    catalogue = load()
    statuses: Mapping[str, Status] = _statuses(repository, week)
    judged = [(catalogue[practice], status) for practice, status in statuses.items()]
    findings = tuple(_finding(practice.id, practice.stage, status, repository) for practice, status in judged)
    weighed = [(practice.stage, practice.role, practice.weight, status) for practice, status in judged]
    assessment = Assessment(
        repository=repository,
        commit=_COMMIT,
        week=week,
        kind=_KINDS[repository],
        kind_reason="it serves requests (rails)",
        flags=(Flag.TPL,) if repository == SAMPLE else (),
        components=(Component(".", _KINDS[repository]), Component("web", Kind.SPA)),
        findings=(*findings, Finding(GONE, Stage.TESTING, Status.ABSENT, ".", "It was looked for once.", "")),
        standing=standing(
            [*weighed, (Stage.TESTING, Role.CORE, 0, Status.ABSENT)], Stage.TESTING if repository == SHOP else None
        ),
        catalogue=catalogue.hash,
        facts={Fact.HTTP_API: True, Fact.USERS: None, Fact.PAYMENTS: False},
        url=f"https://github.com/{repository}",
    )
    when = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    return assessment, Snapshot(repository, _COMMIT, when, (), "github.com", ("Uncommitted changes were left out.",))


def make_database(database: Path) -> None:
    """Fill the directory ``database``."""
    targets = {SHOP: Target(Stage.TESTING, "It has customers.", "teams file", date(2027, 5, 3))}
    ownership = Ownership({repository: Owner(team, "teams file") for repository, team in _OWNERS.items()}, targets)
    for number, week in enumerate(WEEKS):
        looks = [_look(repository, week) for repository in _KINDS]
        moment = datetime(2026, 11, 10 + 7 * number, 6, tzinfo=UTC)
        run = RunReceipt(moment, moment, "local", incomplete=(f"{TOOLS}: one file could not be read.",))
        record(database, week, [look[0] for look in looks], [look[1] for look in looks], ownership, run, _MOVES if number else {})
