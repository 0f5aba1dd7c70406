"""What was said of a repository before any rule could learn from its labels.

Rules are mended by what labels show, so a label measures them fairly once: at first sight. These answers are kept from then, a round for
each set of rules, and set beside the labels that ``data/labels`` holds now.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rungwise.model import Assessment, Status

COLUMNS = ("rules", "repository", "asked", "said")
KIND = "kind"
"""What is asked in the row that holds the kind; in all others it is a practice."""


class FirstAnswersError(Exception):
    """The file cannot be used; the message is one sentence that names the line and what to do."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said of one repository: its kind, and a status for each practice."""

    kind: str
    statuses: Mapping[str, Status]

    @classmethod
    def of(cls, assessment: Assessment) -> Answers:
        """What an assessment says."""
        return cls(assessment.kind.value, {finding.practice: finding.status for finding in assessment.findings})


Rounds = Mapping[str, Mapping[str, Answers]]
"""By the rules that answered, then by repository."""


def read_first_answers(path: Path) -> Rounds:
    """The rounds in the order of the file (CSV with :data:`COLUMNS`); none where there is no file. Raises :class:`FirstAnswersError`."""
    if not path.exists():
        return {}
    kinds: dict[tuple[str, str], str] = {}
    statuses: dict[tuple[str, str], dict[str, Status]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise FirstAnswersError(f"{path} has other columns than {', '.join(COLUMNS)}; write its first line anew.")
        for row in rows:
            of = (row["rules"], row["repository"])
            if row["asked"] == KIND:
                kinds[of] = row["said"]
            elif row["said"] in tuple(Status):
                statuses.setdefault(of, {})[row["asked"]] = Status(row["said"])
            else:
                raise FirstAnswersError(f"{path}, line {rows.line_num}: {row['said']!r} is no status; correct it.")
    found: dict[str, dict[str, Answers]] = {}
    for (rules, repository), kind in kinds.items():
        found.setdefault(rules, {})[repository] = Answers(kind, statuses.get((rules, repository), {}))
    return found


def keep(path: Path, rules: str, said: Mapping[str, Answers], known: Rounds) -> tuple[str, ...]:
    """Adds what is said of the repositories that no round holds yet, and returns their names."""
    new = sorted(said.keys() - {repository for answers in known.values() for repository in answers})
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        if fresh:
            rows.writerow(COLUMNS)
        for repository in new:
            rows.writerows(_rows(rules, repository, said[repository]))
    return tuple(new)


def _rows(rules: str, repository: str, answers: Answers) -> Iterable[tuple[str, str, str, str]]:
    yield rules, repository, KIND, answers.kind
    for practice, status in answers.statuses.items():
        yield rules, repository, practice, status.value
