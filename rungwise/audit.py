"""Answers about repositories that nobody had looked at when the rules were written, read against the source one by one.

Labels measure the rules on repositories that were at hand; this measures them on others. A round is one sample, drawn by chance from the
answers of one set of rules. What was found wrong was mended after it, so that a round can be used once.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rungwise.model import Status

Verdict = Literal["right", "arguable", "wrong"]
"""Arguable is what two good engineers could disagree on."""
COLUMNS = ("rules", "repository", "commit", "practice", "said", "right", "verdict", "why")


class AuditError(Exception):
    """The file cannot be used; the message is one sentence that names the line and what to do."""


@dataclass(frozen=True, slots=True)
class Read:
    """One answer that was read against the source: what was said, what is right, and where that can be seen."""

    rules: str
    repository: str
    commit: str
    practice: str
    said: Status
    right: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one sample."""

    rules: str
    repositories: int
    counts: dict[tuple[Status, Verdict], int]

    def of(self, said: Status) -> tuple[int, int, int]:
        """How many answers of that status were right, arguable and wrong."""
        right, arguable, wrong = (self.counts.get((said, verdict), 0) for verdict in ("right", "arguable", "wrong"))
        return right, arguable, wrong

    @property
    def total(self) -> int:
        """How many answers were read."""
        return sum(self.counts.values())


def read_audit(path: Path) -> tuple[Read, ...]:
    """The rows of an audit (CSV with :data:`COLUMNS`). Raises :class:`AuditError`."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise AuditError(f"{path} has other columns than {', '.join(COLUMNS)}; write its first line anew.")
            return tuple(_read(path, rows.line_num, row) for row in rows)
    except OSError as error:
        raise AuditError(f"{path} cannot be read ({error.strerror}).") from error


def _read(path: Path, line: int, row: dict[str, str]) -> Read:
    verdict = next((known for known in get_args(Verdict) if known == row["verdict"]), None)
    if verdict is None or row["said"] not in tuple(Status):
        raise AuditError(f"{path}, line {line}: {row['said']!r} or {row['verdict']!r} is no status or verdict; correct it.")
    return Read(
        row["rules"],
        row["repository"],
        row["commit"],
        row["practice"],
        Status(row["said"]),
        row["right"],
        verdict,
        row["why"],
    )


def rounds(read: Iterable[Read]) -> tuple[Round, ...]:
    """The rounds in the order of the file."""
    by_rules: dict[str, list[Read]] = {}
    for row in read:
        by_rules.setdefault(row.rules, []).append(row)
    return tuple(
        Round(rules, len({row.repository for row in rows}), dict(Counter((row.said, row.verdict) for row in rows)))
        for rules, rows in by_rules.items()
    )


SAID = (Status.PRESENT, Status.PARTIAL, Status.ABSENT)
"""The statuses that are read; the others are no answers."""


def as_dict(one: Round) -> dict[str, int | str | dict[str, tuple[int, int, int]]]:
    """A round for the screen: right, arguable and wrong by status."""
    return {"rules": one.rules, "repositories": one.repositories, "said": {said.value: one.of(said) for said in SAID}}


def to_markdown(found: Sequence[Round]) -> list[str]:
    """The chapter of ``docs/accuracy.md`` as lines; none where nothing was audited."""
    if not found:
        return []
    lines = [
        "## On repositories that nobody had looked at",
        "",
        "From the answers about repositories that no rule was tried on, some were drawn by chance (more of the rarer statuses) and read "
        "against the source, with the answer at hand. Each row is in `data/audit.csv`. Much of what a round found wrong was mended afterwards, by "
        "general rules, so a round measures the rules that it names, and the next one, on other repositories, what the mending was worth.",
        "",
        "| Round | Rules | Repositories | Answers | Right | Arguable | Wrong |",
        "| --- | --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for number, one in enumerate(found, 1):
        for status in SAID:
            right, arguable, wrong = one.of(status)
            of = right + arguable + wrong
            lines.append(
                f"| {number} | {one.rules} | {one.repositories} | {of} {status} | {_share(right, of)} | {arguable} | {wrong} |"
            )
    return [*lines, ""]


def _share(part: int, of: int) -> str:
    return f"{part} ({part / of:.0%})" if of else "0"
