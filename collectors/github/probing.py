"""Looks at the first few repositories of an organisation to find out what a token may see, without collecting anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors.github import queries, settings
from collectors.github.client import Client
from collectors.github.errors import Refused
from collectors.github.listing import Listed, Organisation, ask_details, ask_rest, list_repositories, look_around
from collectors.github.workflows import Workflows, list_workflows, why_unlisted
from rungwise.model import Signal, SignalKind


@dataclass(frozen=True, slots=True)
class Unseen:
    """One setting that was not told, and why; ``repositories`` of those that were ``asked`` about, with the names of some."""

    setting: str
    reason: str
    repositories: int
    asked: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a token may not see of an organisation, by its first ``looked_at`` repositories."""

    looked_at: int
    unseen: tuple[Unseen, ...]
    unasked: frozenset[str]
    """Settings of which these repositories have nothing to be told, such as the runs of workflows where there are none."""


_TRIED = 5
"""Repositories that are asked for workflows until one has some."""


def probe(client: Client, organisation: Organisation) -> Probe:
    """Ask one page of everything. Raises :class:`~collectors.github.errors.GitHubError`."""
    around = look_around(client, organisation.login, sample=True)
    page = [one for one in next(iter(list_repositories(client, organisation.login)), []) if isinstance(one, Listed)]
    if around.security:
        # The two lists need not begin with the same repositories.
        page = [one for one in page if one.id in around.security] or page
    listed = {one.name: [*one.signals, *around.of(one.id)] for one in page}
    changed = [one for one in page if not one.empty and not one.disabled]
    some = changed[: queries.DETAILS]
    details = ask_details(client, some)
    detailed = {one.name: details[one.id].signals for one in some if one.id in details}
    single = {one.name: list(ask_rest(client, one)) for one in changed[:1]}
    running: dict[str, Sequence[Signal]] = {}
    for one in changed[:_TRIED]:
        running = {one.name: _workflows(client, one)}
        if any(running.values()):
            break
    unasked = set() if any(running.values()) else {settings.WORKFLOW, settings.FAILING}
    told = {
        signal.value if signal.kind is SignalKind.UNREADABLE else signal.name for found in listed.values() for signal in found
    }
    unasked |= set() if {settings.DEPLOYMENT, "environment"} & told else {settings.DEPLOYMENT}
    unseen = tuple(one for asked in (listed, detailed, single, running) for one in _unseen(asked))
    return Probe(len(page), unseen, frozenset(unasked))


def _workflows(client: Client, listed: Listed) -> Sequence[Signal]:
    try:
        found = list_workflows(client, listed.name)
    except Refused as refused:
        return [
            settings.unread(name, why_unlisted(refused)) for name in (settings.WORKFLOWS, settings.WORKFLOW, settings.FAILING)
        ]
    workflows = Workflows(client)
    workflows.ask(list(found))
    return workflows.signals(found, listed.branch, listed.runs)


def _unseen(signals: Mapping[str, Iterable[Signal]]) -> Iterable[Unseen]:
    names: dict[tuple[str, str], list[str]] = {}
    for name, told in signals.items():
        for signal in dict.fromkeys(told):
            if signal.kind is SignalKind.UNREADABLE:
                names.setdefault((signal.value, signal.name), []).append(name)
    for (setting, reason), of in sorted(names.items()):
        yield Unseen(setting, reason, len(of), len(signals), tuple(of))
