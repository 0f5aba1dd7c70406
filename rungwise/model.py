"""The words that every part of Rungwise shares.

Nothing here looks at a repository or judges one: these are the shapes that collectors fill, that the assessment reads and
that the store keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class Stage(IntEnum):
    """The six areas of Ian Macartney's article "Operational maturity for production", in its order."""

    PROTOTYPING = 1
    OBSERVING = 2
    TESTING = 3
    PROTECTING = 4
    HARDENING = 5
    SCALING = 6

    @property
    def title(self) -> str:
        """The stage's name as a person reads it, for instance ``Protecting the app from yourself``."""
        return _STAGE_TITLES[self]

    @property
    def short(self) -> str:
        """One word for charts and table heads."""
        return self.name.capitalize()


_STAGE_TITLES = {
    Stage.PROTOTYPING: "Prototyping",
    Stage.OBSERVING: "Observing",
    Stage.TESTING: "Testing",
    Stage.PROTECTING: "Protecting the app from yourself",
    Stage.HARDENING: "Hardening",
    Stage.SCALING: "Scaling",
}


class Status(StrEnum):
    """How a practice stands in a repository. Only the first four are known; the rest are never counted as absent."""

    PRESENT = "present"
    PARTIAL = "partial"
    ATTESTED = "attested"
    ABSENT = "absent"
    NOT_SEEN = "not_seen"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def known(self) -> bool:
        return self.value_or_none is not None

    @property
    def open(self) -> bool:
        """A question rather than an answer: nothing was found where nothing has to be, or we could not look."""
        return self in (Status.NOT_SEEN, Status.UNKNOWN)

    @property
    def value_or_none(self) -> float | None:
        """What the status counts as, from 0 to 1; ``None`` where it does not count."""
        return _STATUS_VALUES.get(self)


_STATUS_VALUES = {Status.PRESENT: 1.0, Status.ATTESTED: 1.0, Status.PARTIAL: 0.5, Status.ABSENT: 0.0}


class State(StrEnum):
    """How sure it is that a repository holds a stage."""

    SURE = "sure"
    HELD = "held"
    OPEN = "open"
    NOT_HELD = "not_held"
    NOT_APPLICABLE = "not_applicable"


class Kind(StrEnum):
    """What a repository is for; decides which practices are expected of it."""

    EMPTY = "EMPTY"
    DOCS = "DOCS"
    INFRA = "INFRA"
    DATA = "DATA"
    MOB = "MOB"
    LIB = "LIB"
    CLI = "CLI"
    SPA = "SPA"
    SELF = "SELF"
    APP = "APP"


class Flag(StrEnum):
    """Said beside the kind. A flagged repository gets no target and no gaps."""

    FORK = "FORK"
    TPL = "TPL"
    ARCH = "ARCH"


class Role(StrEnum):
    """What a practice weighs within its stage."""

    ANCHOR = "anchor"
    CORE = "core"
    SUPPORTING = "supporting"
    CORNER = "corner"


class Effort(StrEnum):
    """Small is under half a day, medium up to a week, large is more."""

    SMALL = "S"
    MEDIUM = "M"
    LARGE = "L"


class Observable(StrEnum):
    """Whether a repository has to show the practice when it has it. Only YES allows the answer "absent"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Place(StrEnum):
    """What a path is, judged by its name alone. Most clues count in SOURCE only."""

    SOURCE = "source"
    TESTS = "tests"
    SAMPLES = "samples"
    DOCS = "docs"
    FIXTURES = "fixtures"
    GENERATED = "generated"
    BUILT = "built"
    VENDORED = "vendored"


class Fact(StrEnum):
    """Something about the product that decides whether a practice can be expected of it at all."""

    DATASTORE = "has_datastore"
    MIGRATIONS = "has_migrations"
    HTTP_API = "has_http_api"
    FRONTEND = "has_frontend"
    USERS = "has_users"
    PAYMENTS = "has_payments"
    EXTERNAL_CALLS = "has_external_calls"
    ASYNC_WORK = "has_async_work"
    EXPENSIVE_CALLS = "has_expensive_calls"
    MACHINE_ENDPOINTS = "has_machine_endpoints"
    ANONYMOUS_WRITES = "anonymous_writes"
    TESTS = "has_tests"
    READS_ENV = "reads_env"
    OWN_COMPUTE = "own_compute"
    INFRA = "infra"
    TEAM_OPERATES = "team_operates"
    TEAM = "team_size"
    CONVEX = "convex"


class SignalKind(StrEnum):
    """What sort of thing a signal reports; ``name`` and ``value`` of :class:`Signal` depend on it.

    ============  ==============================================  =====================================================
    kind          name                                            value
    ============  ==============================================  =====================================================
    FILE          the wanted glob that the path matched           ``new`` or ``old``: was it there a year before; or ""
    DEPENDENCY    ``ecosystem:package``, e.g. ``npm:next``        scope: ``runtime``, ``development`` or ``indirect``
    MANIFEST      ``ecosystem:field``, e.g. ``npm:private``       the field's value
    STEP          ``run`` or ``uses``                             one command, or the action without its ``@ref``
    CODE          the wanted pattern                              in how many places of the file it occurs
    SETTING       a GitHub setting                                its value
    ACTIVITY      e.g. ``commits``, ``authors-90-days``           a number or a date
    TREE          e.g. ``files:python:source``                    how many files there are
    UNREADABLE    why the file could not be read                  what language it is in (``about``: its ecosystems, its CI kind,
                                                                  the names of the CODE signals that it might hold)
    ============  ==============================================  =====================================================
    """

    FILE = "file"
    DEPENDENCY = "dependency"
    MANIFEST = "manifest"
    STEP = "step"
    CODE = "code"
    SETTING = "setting"
    ACTIVITY = "activity"
    TREE = "tree"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Signal:
    """One fact seen in a repository at a commit. It says what is there, never whether that is good.

    ``line`` counts from 1. ``about`` holds what else is known: a workflow step's triggers, a match's language.
    """

    kind: SignalKind
    name: str
    value: str = ""
    path: str | None = None
    line: int | None = None
    place: Place = Place.SOURCE
    about: tuple[tuple[str, str], ...] = ()

    def detail(self, key: str) -> str:
        """What ``about`` says under ``key``; the empty string where it says nothing."""
        for name, value in self.about:
            if name == key:
                return value
        return ""

    @property
    def places(self) -> int:
        """In how many places of its file a pattern was seen: at the least in one, where they were not counted."""
        return int(self.value) if self.value.isdigit() else 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a person can see it. All but the commit may be unknown: a setting has no path, a whole file no line."""

    path: str | None
    line: int | None
    commit: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One practice judged for one component."""

    practice: str
    stage: Stage
    status: Status
    component: str
    reason: str
    looked_for: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class StageStanding:
    """How a repository stands in one stage; ``coverage`` and ``confidence`` are shares from 0 to 1, or ``None`` if nothing counts."""

    stage: Stage
    state: State
    coverage: float | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many stages are held, between which bounds, and which rung comes next."""

    holds: int
    of: int
    at_least: int
    could_be: int
    next: Stage | None
    stages: tuple[StageStanding, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """A deployable or publishable part of a repository; ``path`` is ``.`` where there is only one."""

    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a repository, judged by itself."""

    component: Component
    findings: tuple[Finding, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a collector saw of one repository at one commit, before anybody judges it."""

    repository: str
    commit: str
    committed_at: datetime
    signals: tuple[Signal, ...]
    host: str | None = None
    notes: tuple[str, ...] = ()
    """What a person should know about this look, e.g. that uncommitted changes were left out."""
    incomplete: tuple[str, ...] = ()
    """What could not be collected, a sentence each; not empty means exit status 1."""
    codeowners: str | None = None
    """The text of the CODEOWNERS file that GitHub would go by."""

    @property
    def url(self) -> str | None:
        """The repository's address where it has one."""
        return f"https://{self.host}/{self.repository}" if self.host else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that the rules say about one repository at one commit."""

    repository: str
    commit: str
    week: str
    kind: Kind
    kind_reason: str
    flags: tuple[Flag, ...]
    components: tuple[Component, ...]
    findings: tuple[Finding, ...]
    standing: Standing
    catalogue: str
    facts: Mapping[Fact, bool | None] = field(default_factory=dict)
    url: str | None = None
    parts: tuple[Part, ...] = ()
    """Its components judged one by one, the weakest first, where that was asked for and there are several."""
