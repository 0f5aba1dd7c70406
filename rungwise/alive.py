"""Alive, not just present: which CI steps stand in the files and do not work for anybody. Pure.

A step rests where GitHub says that its workflow is disabled, has not run for 90 days or has been failing on the default branch for a week, and where
its environment was not deployed to for 90 days. What GitHub did not tell makes nothing rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from rungwise.model import Signal, SignalKind

QUIET = timedelta(days=90)
"""After so long without a run or a deployment nobody knows any more whether it works."""
RED = timedelta(days=7)
"""A failure that is not mended for so long is nobody's alarm any more."""

_DISABLED = {
    "disabled-manually": "was disabled by hand",
    "disabled-inactivity": "was disabled by GitHub, since nothing had happened in the repository for 60 days",
    "disabled-fork": "is disabled, as all are in a new fork",
}
_SYSTEM = "github-actions"


def resting(signals: Sequence[Signal], as_of: datetime) -> Callable[[Signal], str] | None:
    """A function that says of a signal why it shows nothing that works on that day; the empty string where it does, or may.

    ``None`` where nothing rests.
    """
    told: dict[str, list[Signal]] = {"workflow": [], "workflow-failing": [], "last-deployment": []}
    events: dict[str, set[str]] = {}
    for signal in signals:
        if signal.kind is SignalKind.SETTING and signal.name in told:
            told[signal.name].append(signal)
        elif signal.kind is SignalKind.SETTING and signal.name == "archived":
            # Nothing runs there, and nothing is meant to.
            return None
        elif signal.kind is SignalKind.STEP and signal.detail("system") == _SYSTEM:
            events.setdefault(signal.detail("workflow"), set()).update(signal.detail("on").split())
    workflows = {one.value: why for one in told["workflow-failing"] if (why := _failing(one, as_of))}
    workflows |= {one.value: why for one in told["workflow"] if (why := _workflow(one, events.get(one.value, set()), as_of))}
    environments = {
        one.detail("environment").lower(): why for one in told["last-deployment"] if (why := _environment(one, as_of))
    }
    if not workflows and not environments:
        return None

    def rests(signal: Signal) -> str:
        if signal.kind is not SignalKind.STEP or signal.detail("system") != _SYSTEM:
            return ""
        return workflows.get(signal.detail("workflow"), "") or environments.get(signal.detail("environment").lower(), "")

    return rests


def because(found: Sequence[Signal], why: Callable[[Signal], str]) -> str:
    """Why the steps among some signals rest, in half a sentence; empty where none does."""
    reasons = list(dict.fromkeys(reason for signal in found if (reason := why(signal))))
    more = f", and {len(reasons) - 1} more like it" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}" if reasons else ""


def _workflow(signal: Signal, events: set[str], as_of: datetime) -> str:
    on = _day_of(signal, as_of)
    name, state = signal.value.rpartition("/")[2], signal.detail("state")
    if state in _DISABLED:
        return f"the workflow {name} {_DISABLED[state]}"
    last, since = signal.detail("last-run"), signal.detail("added")
    # One that others call has no runs of its own.
    if events != {"workflow_call"}:
        if (ran := _date(last)) and on - ran > QUIET:
            return f"the workflow {name} has not run since {last}"
        if last == "never" and (added := _date(since)) and on - added > QUIET:
            return f"the workflow {name} has not run once, though it is there since {since}"
    return ""


def _failing(signal: Signal, as_of: datetime) -> str:
    since = signal.detail("since")
    if (red := _date(since)) and _day_of(signal, as_of) - red >= RED:
        return f"the workflow {signal.value.rpartition('/')[2]} has been failing on the default branch since {since}"
    return ""


def _environment(signal: Signal, as_of: datetime) -> str:
    last, name = signal.value, signal.detail("environment")
    if last == "never":
        return f"nothing was ever deployed to the environment {name}"
    if (deployed := _date(last)) and _day_of(signal, as_of) - deployed > QUIET:
        return f"nothing was deployed to the environment {name} since {last}"
    return ""


def _day_of(signal: Signal, as_of: datetime) -> date:
    """The day of the judgement, or the last one of the week in which GitHub told it, if that was before."""
    day = as_of.astimezone(UTC).date()
    year, _, week = signal.detail("as-of").partition("-W")
    return min(day, date.fromisocalendar(int(year), int(week), 7)) if week else day


def _date(text: str) -> date | None:
    """A date, or nothing for the words that stand in its place."""
    return date.fromisoformat(text) if text[:1].isdigit() else None
