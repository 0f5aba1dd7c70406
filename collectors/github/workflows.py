"""Workflows: which there are, asked where their files have changed; and whether they run, asked for many repositories at once.

Which there are is told by REST alone, and only for one repository at a time; so their ids are remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import quote

from collectors.github import queries, settings
from collectors.github.asking import Parts, Told, ask
from collectors.github.client import Client
from collectors.github.errors import Refused, TooMuch
from rungwise.model import Signal

NEEDS_ACTIONS = "needs actions:read"
_FOLDER = ".github/workflows/"
_MOST_PAGES = 5
_GONE = ""


def workflow_files(paths: Iterable[str]) -> frozenset[str]:
    """Those of the paths that are workflows to GitHub."""
    return frozenset(
        path
        for path in paths
        if path.startswith(_FOLDER) and path.endswith((".yml", ".yaml")) and "/" not in path.removeprefix(_FOLDER)
    )


def list_workflows(client: Client, repository: str) -> dict[str, str]:
    """The paths of a repository's workflows, by GitHub's ids. Raises :class:`Refused`."""
    found: dict[str, str] = {}
    for page in range(1, _MOST_PAGES + 1):
        told = client.get(f"/repos/{quote(repository)}/actions/workflows", per_page=100, page=page)
        listed = told.get("workflows") if isinstance(told, dict) else None
        if not isinstance(listed, list):
            raise Refused(200, "it does not list its workflows")
        found |= {one["node_id"]: one["path"] for one in listed if one["path"].startswith(_FOLDER) and one["state"] != "deleted"}
        if len(listed) < 100:
            break
    return found


def listed_signals(workflows: Mapping[str, str]) -> list[Signal]:
    """Which workflows there are, as signals."""
    found = [settings.setting(settings.WORKFLOW_ID, id_, path=path) for id_, path in workflows.items()]
    return [settings.setting(settings.WORKFLOWS, len(workflows)), *found]


def why_unlisted(refused: Refused) -> str:
    """Why there is no list, as signals carry it."""
    return NEEDS_ACTIONS if refused.status in (403, 404) else settings.NO_ANSWER


class Workflows:
    """What GitHub says of workflows, each of which is asked about once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._parts = Parts(queries.WORKFLOW)
        self._told: dict[str, Told | str] = {}
        # A page of the listing is asked about while the one before it is worked on.
        self._lock = Lock()

    def asked(self, ids: Collection[str]) -> bool:
        """Whether all of them were asked about."""
        return self._told.keys() >= set(ids)

    def ask(self, ids: Collection[str]) -> None:
        """Ask about all of them that were not asked about before."""
        with self._lock:
            new = [one for one in dict.fromkeys(ids) if one not in self._told]
            for start in range(0, len(new), queries.WORKFLOWS):
                self._ask(new[start : start + queries.WORKFLOWS])

    def _ask(self, ids: Sequence[str]) -> None:
        try:
            batch = ask(self._client, queries.workflows, self._parts, {"ids": ids}, lambda data: data.get("nodes"))
        except TooMuch:
            if len(ids) > 1:
                middle = len(ids) // 2
                self._ask(ids[:middle])
                self._ask(ids[middle:])
        except Refused:
            pass
        else:
            self._told |= {one.node["id"]: one for one in batch.told or ()}
            for error in batch.answer.errors:
                path: Sequence[Any] = error.get("path") or ()
                if len(path) == 2 and path[1] in range(len(ids)):
                    self._told.setdefault(ids[path[1]], _why_untold(error))
        for one in ids:
            self._told.setdefault(one, settings.NO_ANSWER)

    def signals(
        self, workflows: Mapping[str, str], branch: str | None, at_head: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> list[Signal]:
        """The signals of one repository's workflows, whose paths are given by their ids. All were asked about; if one was not told, none is.

        ``at_head`` are the runs at the head of the default branch, by the same ids.
        """
        now = datetime.fromtimestamp(self._client.governor.clock.now(), UTC)
        told = {path: self._told[one] for one, path in workflows.items() if self._told[one] != _GONE}
        untold = [why if isinstance(why, str) else why.lacking.get("runs", "") for why in told.values()]
        if any(untold):
            return [settings.unread(name, max(untold)) for name in (settings.WORKFLOW, settings.FAILING)]
        there = {path: one for path, one in sorted(told.items()) if isinstance(one, Told) and one.node["state"] != "DELETED"}
        found = [settings.about_workflow(path, one.node, now) for path, one in there.items()]
        unseen = [one.lacking["results"] for one in there.values() if "results" in one.lacking]
        if unseen:
            return [*found, settings.unread(settings.FAILING, max(unseen))]
        return found + [
            failing
            for path, one in there.items()
            for failing in settings.about_failures(path, branch, one.node, at_head.get(one.node["id"], ()))
        ]


def _why_untold(error: Mapping[str, Any]) -> str:
    if error.get("type") == "NOT_FOUND":
        return _GONE
    return NEEDS_ACTIONS if error.get("type") in ("FORBIDDEN", "INSUFFICIENT_SCOPES") else settings.NO_ANSWER
