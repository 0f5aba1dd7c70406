"""How often the answers are right: what we say beside what reviewers found in real repositories.

The measures and their names are those under which accuracy is published in ``docs/accuracy.md``. Only labels that their reviewer was
sure of count. A status that leaves a question open (not seen, unknown) is neither right nor wrong about presence; where a label says
absent it counts as agreement, since it claims nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from rungwise import audit
from rungwise.catalogue import Catalogue
from rungwise.first_answers import Answers, Rounds
from rungwise.model import Role, Status

_CREDIT = {Status.PRESENT: 1.0, Status.ATTESTED: 1.0, Status.PARTIAL: 0.5}
_FLAGS_AMONG_KINDS = frozenset({"TPL", "ARCH"})


class LabelError(Exception):
    """A label file cannot be used; the message is one sentence that names it and what to do."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a reviewer found of one practice, and whether they were sure."""

    status: Status
    sure: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """One repository at one commit, read by a person."""

    repository: str
    commit: str
    kinds: tuple[str, ...]
    """The kind, then those that would do as well."""
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Row:
    """Figures over some labels. Shares are ``None`` where nothing of the sort was said or labelled."""

    labels: int
    precision: float | None
    """Of what we call present: 1 where the label agrees, half where it says partial."""
    partial_precision: float | None
    """Of what we call partial: how much is at least partial."""
    recall: float | None
    """Of what is present: 1 where we say so, half where we say partial."""
    false_absent: float | None
    """Of what is there, at least in part: how much we call absent. The error that costs trust."""
    absent_recall: float | None
    """Of what is absent: how much we call absent."""
    applicable: float | None
    """How often we agree on whether it applies."""
    exact: float | None
    """How often we give the very same answer."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures in all, by practice and by repository, and how many kinds are right."""

    total: Row
    kinds_right: int
    repositories: int
    by_practice: Mapping[str, Row]
    by_repository: Mapping[str, Row]
    catalogue: str


@dataclass(frozen=True, slots=True)
class FirstSight:
    """The figures of the answers that some rules gave before they could learn from the labels."""

    rules: str
    repositories: int
    kinds_right: int
    total: Row


def read_labels(folder: Path) -> tuple[Labelled, ...]:
    """All label files of a folder. Raises :class:`LabelError`."""
    found = tuple(_read(path) for path in sorted(folder.glob("*.yaml")))
    if not found:
        raise LabelError(f"{folder} holds no labels. Give a folder of files such as data/labels/pallets+flask.yaml.")
    return found


def _read(path: Path) -> Labelled:
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        labels = {name: Label(Status(label["status"]), bool(label["sure"])) for name, label in data["practices"].items()}
        return Labelled(str(data["repository"]), str(data["commit"]), tuple(map(str, data["kinds"])), labels)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise LabelError(
            f"{path} is no label file ({type(error).__name__}: {error}). Compare it with data/labels/pallets+flask.yaml."
        ) from error


def measure(labelled: Sequence[Labelled], answers: Mapping[str, Answers], catalogue: Catalogue) -> Accuracy:
    """The figures for the labelled repositories that were judged (the keys of ``answers`` are their names)."""
    judged = [truth for truth in labelled if truth.repository in answers]
    pairs = list(_pairs(judged, answers))
    corners = _corners(catalogue)
    return Accuracy(
        total=_row(pairs, corners),
        kinds_right=_kinds_right(judged, answers),
        repositories=len(judged),
        by_practice={practice.id: _row([pair for pair in pairs if pair[0] == practice.id], corners) for practice in catalogue},
        by_repository={
            truth.repository: _row([pair for pair in pairs if pair[1] == truth.repository], corners) for truth in judged
        },
        catalogue=catalogue.hash,
    )


ALL_ROUNDS = "all"
"""What stands for the rules where rounds are taken together."""


def at_first_sight(labelled: Sequence[Labelled], rounds: Rounds, catalogue: Catalogue) -> tuple[FirstSight, ...]:
    """The figures of each round of first answers over the repositories that are labelled, and of all together at the end."""
    together = {ALL_ROUNDS: {name: said for answers in rounds.values() for name, said in answers.items()}}
    found = []
    for rules, answers in [*rounds.items(), *together.items()]:
        if judged := [truth for truth in labelled if truth.repository in answers]:
            row = _row(list(_pairs(judged, answers)), _corners(catalogue))
            found.append(FirstSight(rules, len(judged), _kinds_right(judged, answers), row))
    return tuple(found)


_Pair = tuple[str, str, Status, Status]
"""Practice, repository, what its label says, what we say."""


def _pairs(judged: Iterable[Labelled], answers: Mapping[str, Answers]) -> Iterator[_Pair]:
    for truth in judged:
        said = answers[truth.repository].statuses
        for practice, label in truth.labels.items():
            if label.sure:
                yield practice, truth.repository, label.status, said.get(practice, Status.NOT_SEEN)


def _kinds_right(judged: Iterable[Labelled], answers: Mapping[str, Answers]) -> int:
    return sum(
        bool(_FLAGS_AMONG_KINDS & set(truth.kinds[:1])) or answers[truth.repository].kind in truth.kinds for truth in judged
    )


def _corners(catalogue: Catalogue) -> set[str]:
    return {practice.id for practice in catalogue if practice.role is Role.CORNER}


def _row(pairs: Sequence[_Pair], corners: set[str]) -> Row:
    def share(of: Iterable[float]) -> float | None:
        values = list(of)
        return round(sum(values) / len(values), 3) if values else None

    there = (Status.PRESENT, Status.PARTIAL, Status.ATTESTED)
    return Row(
        labels=len(pairs),
        precision=share(_CREDIT.get(label, 0.0) for _, _, label, said in pairs if said in (Status.PRESENT, Status.ATTESTED)),
        partial_precision=share(label in there for _, _, label, said in pairs if said is Status.PARTIAL),
        recall=share(_CREDIT.get(said, 0.0) for _, _, label, said in pairs if label in (Status.PRESENT, Status.ATTESTED)),
        false_absent=share(said is Status.ABSENT for _, _, label, said in pairs if label in there),
        absent_recall=share(
            said is Status.ABSENT for practice, _, label, said in pairs if label is Status.ABSENT and practice not in corners
        ),
        applicable=share((label is Status.NOT_APPLICABLE) == (said is Status.NOT_APPLICABLE) for _, _, label, said in pairs),
        exact=share(_claim(label) is _claim(said) for _, _, label, said in pairs),
    )


def _claim(status: Status) -> Status:
    return {Status.NOT_SEEN: Status.ABSENT, Status.UNKNOWN: Status.ABSENT, Status.ATTESTED: Status.PRESENT}.get(status, status)


def to_json(accuracy: Accuracy, audited: Sequence[audit.Round] = (), first: Sequence[FirstSight] = ()) -> str:
    """The figures for the screen: in all and by practice, at first sight, and the newest round of the audit."""
    return json.dumps(
        {
            "catalogue": accuracy.catalogue,
            "repositories": accuracy.repositories,
            "kinds_right": accuracy.kinds_right,
            "total": _as_dict(accuracy.total),
            "first_sight": {"repositories": first[-1].repositories, **_as_dict(first[-1].total)} if first else None,
            "audit": audit.as_dict(audited[-1]) if audited else None,
            "practices": {practice: _as_dict(row) for practice, row in accuracy.by_practice.items()},
        },
        indent=1,
    )


def _as_dict(row: Row) -> dict[str, float | int | None]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


_HEADINGS = {
    "labels": "Labels",
    "precision": "Precision",
    "partial_precision": "Partial precision",
    "recall": "Recall",
    "false_absent": "False absent",
    "absent_recall": "Absent recall",
    "applicable": "Applicable",
    "exact": "Exact",
}


def to_markdown(
    accuracy: Accuracy, catalogue: Catalogue, audited: Sequence[audit.Round] = (), first: Sequence[FirstSight] = ()
) -> str:
    """``docs/accuracy.md``: what the figures mean, then the tables."""
    total = accuracy.total
    lines = [
        "# How often the answers are right",
        "",
        f"Reviewers read {accuracy.repositories} public repositories, each at one commit (`data/labels`), and said of the practices whether they are there. "
        f"Rungwise judged the same commits, with the rules {accuracy.catalogue}. Of {total.labels} labels that the reviewers were sure of:",
        "",
        f"- **Precision {_percent(total.precision)}**: what it calls present is present (a label of partial counts half).",
        f"- **Recall {_percent(total.recall)}**: what is present is called so (an answer of partial counts half).",
        f"- **False absent {_percent(total.false_absent)}**: what is there, at least in part, but is called absent. The error that costs trust.",
        f"- **Absent recall {_percent(total.absent_recall)}**: what is absent is called absent rather than left as a question.",
        f"- **Partial precision {_percent(total.partial_precision)}**: what it calls partial is at least partial.",
        f"- **Applicable {_percent(total.applicable)}**: it agrees on whether a practice applies at all.",
        f"- **Kind**: right for {accuracy.kinds_right} of {accuracy.repositories} repositories.",
        "",
        "The rules were written with these repositories at hand, so expect a little less on yours. This page is written by "
        "`uv run python -m rungwise accuracy CLONES`, where `CLONES` is a folder of clones of the labelled repositories.",
        "",
        *_first_sight(first),
        *audit.to_markdown(audited),
        "## By practice",
        "",
        *_table("Practice", {catalogue[practice].title: row for practice, row in accuracy.by_practice.items()}),
        "",
        "## By repository",
        "",
        *_table("Repository", accuracy.by_repository),
        "",
    ]
    return "\n".join(lines)


def _first_sight(rounds: Sequence[FirstSight]) -> list[str]:
    if not rounds:
        return []
    head = ["Rules", "Repositories", "Kinds right", *_HEADINGS.values()]
    body = [[one.rules, str(one.repositories), str(one.kinds_right), *_cells(one.total)] for one in rounds]
    return [
        "## At first sight",
        "",
        "What to expect on repositories that the rules have never met. Some of the repositories above were labelled by readers who had not seen "
        "what Rungwise says of them, and its first answers were kept (`data/first_answers.csv`) before any rule could learn from the labels. Each line "
        "but the last holds what one set of rules met, in a round or two; what that showed was mended afterwards, by general rules, and the next "
        "rounds have other repositories.",
        "",
        *_lines(head, body),
        "",
    ]


def _table(first: str, rows: Mapping[str, Row]) -> list[str]:
    head = [first, *_HEADINGS.values()]
    body = [[name, *_cells(row)] for name, row in rows.items()]
    return _lines(head, body)


def _lines(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---", *["---:"] * (len(head) - 1)], *body)]


def _cells(row: Row) -> list[str]:
    return [_cell(getattr(row, key)) for key in _HEADINGS]


def _cell(value: float | int | None) -> str:
    return "" if value is None else str(value) if isinstance(value, int) else f"{value:.2f}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"
