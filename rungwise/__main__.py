"""The command line: ``python -m rungwise``. The only place that knows both the collectors and the judgement."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from collectors.git import GitError, Repository, is_repository, repositories_in
from collectors.github import (
    Client,
    Collected,
    GitHubError,
    Outcome,
    brought_up_to_date,
    collect,
    find_organisation,
    gone,
    plan,
    worth_asking_again,
)
from collectors.local import Collector
from collectors.past import Past
from rungwise import doctor, export, report
from rungwise.accuracy import LabelError, measure, read_labels, to_json, to_markdown
from rungwise.assess import assess, everything_wanted, names_wanted, on_another_day, parts, week_of
from rungwise.catalogue import Catalogue, load
from rungwise.causes import Cause, Change, Judged, changes
from rungwise.model import Assessment, Signal, Snapshot, Status
from rungwise.recommend import recommend
from rungwise.rejudge import Flip, outdated, preview, rejudge, said
from rungwise.store import (
    Looks,
    Reader,
    RunReceipt,
    StoreError,
    Week,
    database_exists,
    export_demo,
    open_reader,
    record,
    record_weeks,
    superfluous,
    thin,
)
from rungwise.teams import CODEOWNERS, Owner, TeamsError, owner_from_permissions, ownership, read_teams

DONE, INCOMPLETE, BAD_INPUT = 0, 1, 2

ROOT = Path(__file__).parent.parent
DATABASE = ROOT / "data" / "rungwise"
"""Where the dashboard looks too, unless ``RUNGWISE_DATABASE`` names another directory."""
BATCH = 100
"""How many repositories are judged before they are stored: what a killed collection loses at most."""
BATCH_SECONDS = 60.0
"""How long what was collected from GitHub waits to be stored."""

MOST_WEEKS = 520
"""How far back history is judged: ten years."""


class BadInput(Exception):
    """Something that the person who called can put right; the message is one clear sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """One repository to look at, with the name it goes by."""

    repository: Repository
    name: str
    host: str | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 done but something could not be collected, 2 bad input."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (BadInput, GitError, GitHubError, LabelError, StoreError, TeamsError, export.ExportError) as error:
        print(f"rungwise: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("rungwise: stopped; what was finished is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; the descriptor is replaced so that Python's own flush at exit does not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rungwise", description="Where repositories stand in operational maturity, and what is worth doing next."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="judge one repository or several; nothing is stored")
    check.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a work tree, a .git folder, a bare repository, or a folder of them"
    )
    check.add_argument("--json", action="store_true", help="print one JSON object a repository, one a line")
    check.add_argument("--at", metavar="COMMIT", help="the commit, branch or tag to judge instead of HEAD")
    check.add_argument(
        "--as-of", type=_date, metavar="DATE", help="judge as of this day (2026-11-22) instead of the commit's own"
    )
    check.add_argument("--name", metavar="OWNER/NAME", help="the repository's name, where neither a remote nor the folder tells")
    check.set_defaults(run=_check)

    collect = commands.add_parser("collect", help="judge repositories and remember the answers in the database")
    sources = collect.add_subparsers(required=True, metavar="SOURCE")
    local = sources.add_parser("local", help="clones on this machine")
    local.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a work tree, a .git folder, a bare repository, or a folder of them"
    )
    local.add_argument(
        "--teams", type=Path, metavar="FILE", help="who owns what, and which stage it needs (TOML); otherwise CODEOWNERS decides"
    )
    local.add_argument(
        "--history",
        type=_history,
        default=1,
        metavar="N",
        help="judge the last N weeks as the default branch stood at the end of each (default: this week only)",
    )
    local.add_argument(
        "--as-of", type=_date, metavar="DATE", help="judge as of the end of this day (2026-11-22), as if it were the last one"
    )
    _add_database(local)
    local.set_defaults(run=_collect_local)

    again = commands.add_parser("rejudge", help="judge the stored past again after the rules changed; nothing is collected")
    again.add_argument("--preview", action="store_true", help="say whose statuses would change, and store nothing")
    _add_database(again)
    again.set_defaults(run=_rejudge)

    thinned = commands.add_parser("thin", help="let go of old weeks: all but the last of each month")
    thinned.add_argument(
        "--keep", type=_history, default=104, metavar="N", help="leave the newest N weeks as they are (default: 104)"
    )
    thinned.add_argument("--preview", action="store_true", help="say which weeks would go, and remove nothing")
    _add_database(thinned)
    thinned.set_defaults(run=_thin)

    exported = commands.add_parser("export", help="write a week as tables and as a page to read")
    exported.add_argument("--week", metavar="2026-W47", help="the week (default: the newest)")
    exported.add_argument("--to", type=Path, default=Path("exports"), metavar="DIR", help="where to (default: exports)")
    _add_database(exported)
    exported.set_defaults(run=_export)

    github = sources.add_parser("github", help="an organisation on GitHub; the token is taken from GITHUB_TOKEN or GH_TOKEN")
    github.add_argument("organisation", metavar="ORG", help="the organisation's name")
    github.add_argument("--plan", action="store_true", help="say what it would cost, and collect nothing")
    github.add_argument(
        "--teams",
        type=Path,
        metavar="FILE",
        help="who owns what, and which stage it needs (TOML); otherwise CODEOWNERS, then GitHub's teams",
    )
    _add_database(github)
    github.set_defaults(run=_collect_github)

    doctor_ = commands.add_parser("doctor", help="say what works here and what does not")
    _add_database(doctor_)
    doctor_.set_defaults(run=_doctor)

    measured = commands.add_parser(
        "accuracy", help="measure how often the answers are right, on repositories that people have read"
    )
    measured.add_argument(
        "paths", nargs="+", type=Path, metavar="CLONES", help="clones of the labelled repositories, or a folder of them"
    )
    measured.add_argument(
        "--labels", type=Path, default=ROOT / "data" / "labels", metavar="DIR", help="the labels (default: data/labels)"
    )
    measured.add_argument("--write", action="store_true", help="bring docs/accuracy.md and data/accuracy.json up to date")
    measured.set_defaults(run=_accuracy)

    demo = commands.add_parser("demo", help="write the demonstration data from a database (for people who work on Rungwise)")
    demo.add_argument("--to", type=Path, default=Path("data/demo"), metavar="DIR", help="where to (default: data/demo)")
    demo.add_argument(
        "--source", required=True, help="whose repositories these are and who says so, in a sentence for the screen"
    )
    demo.add_argument("--note", default="", help="what else a person has to know about them")
    _add_database(demo)
    demo.set_defaults(run=_demo)
    return parser


def _add_database(parser: argparse.ArgumentParser) -> None:
    default = Path(os.environ.get("RUNGWISE_DATABASE") or DATABASE)
    parser.add_argument(
        "--database", type=Path, default=default, metavar="PATH", help=f"the directory of the database (default: {default})"
    )


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-22") from None


def _history(text: str) -> int:
    """A number of weeks, for argparse."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of weeks; give one from 1 to {MOST_WEEKS}, such as 52 for a year"
        )
    return int(text)


def targets(paths: Sequence[Path], name: str | None = None) -> list[Target]:
    """The repositories behind some paths. Raises :class:`BadInput` or :class:`GitError` with a sentence."""
    found = [_target(path, name) for given in paths for path in _repositories(given)]
    if name and len(found) > 1:
        raise BadInput(f"--name goes with one repository, and {len(found)} were given. Leave it out, or give one path.")
    by_name: dict[str, Target] = {}
    for target in found:
        if other := by_name.get(target.name.lower()):
            raise BadInput(
                f"{other.repository.path} and {target.repository.path} are both called {target.name}. "
                "Give each a remote of its own, or judge them one at a time with --name."
            )
        by_name[target.name.lower()] = target
    return found


def _repositories(path: Path) -> Iterator[Path]:
    if is_repository(path) or not path.is_dir():
        yield path
        return
    inside = list(repositories_in(path))
    if not inside:
        raise BadInput(
            f"{path} is no git repository and holds none. Give a work tree, a .git folder, a bare clone, or a folder of those."
        )
    yield from inside


def _target(path: Path, name: str | None) -> Target:
    repository = Repository(path)
    remote = repository.remote()
    host = remote[0] if remote else None
    return Target(repository, name or (remote[1] if remote else _folder_name(path)), host)


def _folder_name(path: Path) -> str:
    """A repository's name by its folder; ``OWNER+NAME`` reads as ``OWNER/NAME``."""
    folder = path.resolve()
    if folder.name in (".git", "repo") and folder.parent.name:
        folder = folder.parent
    return folder.name.removesuffix(".git").replace("+", "/", 1)


def _check(options: argparse.Namespace) -> int:
    catalogue = load()
    collector = Collector(everything_wanted(catalogue))
    several = len(found := targets(options.paths, options.name)) > 1
    looks: list[tuple[Assessment, Snapshot]] = []
    incomplete = False
    for target in found:
        snapshot = _look(collector, target, options.at)
        assessment = assess(snapshot, catalogue, as_of=options.as_of)
        assessment = replace(assessment, parts=parts(snapshot, assessment, catalogue, as_of=options.as_of))
        incomplete = incomplete or bool(snapshot.incomplete)
        if options.json:
            print(report.to_json(assessment, snapshot), flush=True)
        elif several:
            _progress(f"{target.name}: {assessment.standing.holds} of {assessment.standing.of}")
        if options.json or several:
            # A single report says it itself.
            for sentence in snapshot.incomplete:
                print(f"rungwise: {target.name}: {sentence}", file=sys.stderr)
        looks.append((assessment, snapshot))
    if not options.json:
        _print_report(looks, catalogue)
    return INCOMPLETE if incomplete else DONE


def _collect_local(options: argparse.Namespace) -> int:
    teams = read_teams(options.teams) if options.teams else None
    found = targets(options.paths)
    catalogue = load()
    asked = names_wanted(catalogue)
    _after_new_rules(options.database, catalogue)
    collector = Collector(everything_wanted(catalogue))
    started, problems, changed, stored = datetime.now(UTC), list[str](), 0, 0
    until = _end_of(options.as_of, started) if options.as_of else started
    weeks = weeks_until(until, options.history)
    size = BATCH if len(weeks) == 1 else BATCH // 10
    for done in range(0, len(found), size):
        batch: dict[str, list[_Judged]] = {label: [] for label, _ in weeks}
        for number, target in enumerate(found[done : done + size], done + 1):
            _progress(f"{number} of {len(found)}: {target.name}")
            try:
                for judged in looks_over_time(collector, target, weeks, catalogue, problems, at_head=until == started):
                    batch[judged.assessment.week].append(judged)
            except GitError as error:
                if len(found) == 1:
                    raise
                problems.append(f"{target.name} was left out: {error}")
        _name_causes(batch, weeks[0][0], options.database)
        looks = [_looks(label, judged, started, problems if label == weeks[-1][0] else ()) for label, judged in batch.items()]
        latest = {judged.snapshot.repository: judged.snapshot.codeowners for week in batch.values() for judged in week}
        outcomes = record_weeks(options.database, looks, ownership(latest, teams), asked)
        for target in found[done : done + size]:
            target.repository.forget()
        changed += len(outcomes[-1].recorded)
        stored += sum(len(judged) for judged in batch.values())
    _progress("")
    same = len(found) - changed
    past = f" With {len(weeks) - 1} weeks before, {stored} looks in all." if len(weeks) > 1 else ""
    print(
        f"{week_of(until)}: {len(found)} repositories looked at, {changed} new or changed, {same} as they were.{past} Stored in {options.database}."
    )
    for sentence in problems:
        print(f"rungwise: {sentence}", file=sys.stderr)
    return INCOMPLETE if problems else DONE


@dataclass
class _Judged:
    """One repository in one week, with why it moved since its week before."""

    assessment: Assessment
    snapshot: Snapshot
    past: Past | None = None
    at: Callable[[str], Assessment] | None = None
    """Judges another commit of the same repository."""
    changes: tuple[Change, ...] = ()


def _end_of(day: datetime, now: datetime) -> datetime:
    """The last moment of a day that is over, or now on the current one."""
    if day > now:
        raise BadInput(f"{day:%Y-%m-%d} is not here yet; give --as-of a day that has begun.")
    return min(day + timedelta(days=1, seconds=-1), now)


def weeks_until(now: datetime, count: int) -> list[tuple[str, datetime]]:
    """The last so many ISO weeks, oldest first, each with its last moment; that of the current one is now."""
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(), UTC)
    ends = [monday - timedelta(weeks=back, seconds=1) for back in range(count - 2, -1, -1)]
    return [(week_of(end), end) for end in [*ends, now]]


def looks_over_time(
    collector: Collector,
    target: Target,
    weeks: Sequence[tuple[str, datetime]],
    catalogue: Catalogue,
    problems: list[str],
    *,
    at_head: bool = True,
) -> Iterator[_Judged]:
    """A repository as it stood at the end of each week, oldest first; none for the weeks before there was anything, or anything is known.

    The last week is judged ``at_head``, or else as the branch stood at its end too.
    """
    head = None if at_head or target.repository.empty else _at(target, weeks[-1][1])
    if head is None and not at_head:
        return
    now = _look(collector, target, head)
    problems += (f"{target.name}: {sentence}" for sentence in now.incomplete)
    if not now.commit:
        yield _Judged(assess(now, catalogue, as_of=weeks[-1][1]), now)
        return
    past = Past(target.repository, now.commit, weeks[-1][1])
    if len(weeks) > 1 and not past.complete and past.since and past.since > weeks[0][1]:
        problems.append(
            f"{target.name} is a shallow clone: its history begins in {week_of(past.since)}, and earlier weeks were left out. "
            "Fetch the rest with git fetch --unshallow."
        )
    seen: dict[Signal, Signal] = {}
    judged: _Judged | None = None

    @cache
    def at(commit: str) -> Assessment:
        return assess(_look(collector, target, commit), catalogue)

    for _, end in weeks:
        commit = now.commit if end == weeks[-1][1] else past.at(end)
        if commit is None:
            continue
        if judged and judged.snapshot.commit == commit:
            again = on_another_day(judged.assessment, judged.snapshot, catalogue, end)
            judged = _Judged(again, judged.snapshot, past, at)
        else:
            snapshot = now if commit == now.commit else _look(collector, target, commit)
            # Most of what is seen is seen in every week: kept once, a hundred weeks take little more memory than one.
            snapshot = replace(snapshot, signals=tuple(seen.setdefault(signal, signal) for signal in snapshot.signals))
            judged = _Judged(assess(snapshot, catalogue, as_of=end), snapshot, past, at)
        yield judged


def _at(target: Target, moment: datetime) -> str | None:
    return Past(target.repository, target.repository.commit(), datetime.now(UTC)).at(moment)


def _name_causes(batch: Mapping[str, list[_Judged]], first: str, database: Path) -> None:
    """Says of each look why it differs from the one before, which for the first week may be in the database."""
    names = {judged.snapshot.repository for week in batch.values() for judged in week}
    before = _judged_before(database, first, sorted(names))
    for week in batch.values():
        for judged in week:
            after = Judged.of(judged.assessment)
            earlier = before.get(judged.snapshot.repository)
            if earlier:
                judged.changes = tuple(_by_whom(change, earlier, judged) for change in changes(earlier, after))
            before[judged.snapshot.repository] = after


def _judged_before(database: Path, week: str, names: Sequence[str]) -> dict[str, Judged]:
    return open_reader(database).judged_before(Week.parse(week).id, names) if database_exists(database) else {}


def _by_whom(change: Change, before: Judged, judged: _Judged) -> Change:
    """The change with the commit behind it: the one that touched its file, or else the first one after which it is judged as it is now."""
    if change.cause is not Cause.COMMIT or judged.past is None or judged.at is None:
        return change
    found = judged.past.touched(before.commit, judged.assessment.commit, change.paths)
    if found is None and (commits := judged.past.between(before.commit, judged.assessment.commit)):
        at = judged.at
        first = bisect_left(commits[:-1], True, key=lambda commit: _status(at(commit), change.practice) is not change.was)
        found = judged.past.made(commits[first])
    return replace(change, **asdict(found)) if found else change


def _status(assessment: Assessment, practice: str) -> Status | None:
    return next((finding.status for finding in assessment.findings if finding.practice == practice), None)


def _looks(week: str, batch: Sequence[_Judged], started: datetime, problems: Sequence[str]) -> Looks:
    receipt = RunReceipt(started=started, finished=datetime.now(UTC), source="local clones", incomplete=tuple(problems))
    changes = {judged.snapshot.repository: judged.changes for judged in batch}
    return Looks(week, [judged.assessment for judged in batch], [judged.snapshot for judged in batch], receipt, changes)


def _rejudge(options: argparse.Namespace) -> int:
    if not database_exists(options.database):
        raise BadInput(
            f"There is no database in {options.database}; collect something first, or name another one with --database."
        )
    catalogue = load()
    todo = outdated(open_reader(options.database), catalogue)
    if not todo:
        print("Everything stored was judged by the rules of now.")
        return DONE
    flips = (
        preview(open_reader(options.database), catalogue) if options.preview else _judge_past_again(options.database, catalogue)
    )
    weeks = f"{len(todo)} {'week' if len(todo) == 1 else 'weeks'}"
    if not flips:
        print(
            f"The rules are not those that {weeks} were judged by, but no status {'would change' if options.preview else 'changed'}."
        )
        return DONE
    print("\n".join(said(flips, catalogue)))
    print(f"{'Nothing was stored.' if options.preview else f'Judged again: {weeks}.'}")
    return DONE


def _thin(options: argparse.Namespace) -> int:
    if not database_exists(options.database):
        raise BadInput(f"There is no database in {options.database}; name another one with --database.")
    weeks = open_reader(options.database).weeks()
    gone = superfluous(weeks, options.keep) if options.preview else thin(options.database, options.keep)
    if not gone:
        print(f"Nothing to let go of: {len(weeks)} {'week is' if len(weeks) == 1 else 'weeks are'} stored.")
        return DONE
    would = "would go" if options.preview else "are gone"
    print(f"{len(gone)} of {len(weeks)} weeks {would}, from {gone[-1].label} to {gone[0].label}; the last of each month stays.")
    return DONE


def _judge_past_again(database: Path, catalogue: Catalogue) -> list[Flip]:
    return rejudge(database, catalogue, datetime.now(UTC))


def _after_new_rules(database: Path, catalogue: Catalogue) -> None:
    """Judges the stored past by the rules of now before anything is added to it, so that a move is never one of the rules."""
    if not database_exists(database) or not (todo := outdated(open_reader(database), catalogue)):
        return
    flips = _judge_past_again(database, catalogue)
    weeks = f"{len(todo)} stored {'week was' if len(todo) == 1 else 'weeks were'}"
    statuses = f"{len(flips)} {'status' if len(flips) == 1 else 'statuses'}"
    _notice(f"the rules have changed: {weeks} judged again, and {statuses} changed with that.")


def _export(options: argparse.Namespace) -> int:
    reader = open_reader(options.database)
    written = export.write(reader, export.week_to_export(reader, options.week), options.to)
    print(
        f"{'Demonstration data: ' if reader.demo else ''}{written} holds {', '.join(sorted(path.name for path in written.iterdir()))}."
    )
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    checks = [*doctor.versions(ROOT / "pyproject.toml"), *doctor.database(options.database), doctor.token(os.environ)]
    if any(os.environ.get(name) for name in doctor.TOKENS):
        checks.append(_ask_github())
    checks += doctor.unread(options.database)
    print(doctor.render(checks))
    return DONE if all(check.fine for check in checks) else INCOMPLETE


def _ask_github() -> doctor.Check:
    """Whether GitHub takes the token, and how much of its limits is left; this costs nothing of them."""
    try:
        left = Client.from_environment(os.environ).greet()
    except GitHubError as error:
        return doctor.Check("GitHub", False, str(error))
    limits = [
        f"{left[name]['remaining']} of {left[name]['limit']} {words}"
        for name, words in (("core", "REST requests"), ("graphql", "GraphQL points"))
        if name in left
    ]
    return doctor.Check("GitHub", True, f"takes the token; {' and '.join(limits) or 'no limits'} left")


def _accuracy(options: argparse.Namespace) -> int:
    labelled = read_labels(options.labels)
    found = {target.name.lower(): target for target in targets(options.paths)}
    catalogue = load()
    collector = Collector(everything_wanted(catalogue))
    assessments, missing = {}, []
    for truth in labelled:
        target = found.get(truth.repository.lower())
        if target is None:
            missing.append(truth.repository)
            continue
        _progress(truth.repository)
        snapshot = collector.look(target.repository, truth.repository, target.repository.commit(truth.commit), host=target.host)
        assessments[truth.repository] = assess(snapshot, catalogue)
    _progress("")
    if not assessments:
        raise BadInput(
            f"None of the {len(labelled)} labelled repositories is among the clones. Clone {labelled[0].repository}, for instance."
        )
    figures = measure(labelled, assessments, catalogue)
    print(to_markdown(figures, catalogue))
    if missing:
        print(f"rungwise: no clone of {', '.join(missing)}", file=sys.stderr)
    if options.write and not missing:
        (ROOT / "docs" / "accuracy.md").write_text(to_markdown(figures, catalogue), "utf-8")
        (ROOT / "data" / "accuracy.json").write_text(to_json(figures) + "\n", "utf-8")
    return INCOMPLETE if missing else DONE


def _collect_github(options: argparse.Namespace) -> int:
    teams = read_teams(options.teams) if options.teams else None
    client = Client.from_environment(os.environ, notice=_notice)
    client.greet()
    organisation = find_organisation(client, options.organisation)
    catalogue = load()
    known = _known(options.database)
    heads = {key: last.row.commit for key, last in known.items() if last.stands(catalogue)}
    if options.plan:
        for sentence in plan(client, organisation, heads).sentences():
            print(sentence)
        return DONE
    _after_new_rules(options.database, catalogue)
    started, problems, looked, changed = datetime.now(UTC), list[str](), 0, 0
    week, asked = week_of(started), names_wanted(catalogue)
    accounted: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="rungwise-") as workdir:
        found = collect(client, organisation, Collector(everything_wanted(catalogue)), heads, Path(workdir), progress=_count)
        for batch, trouble in _batches(_with_missed(client, organisation.login, found, known)):
            if trouble and not batch and not looked:
                raise trouble
            problems += [*_failures(batch, known), *([str(trouble)] if trouble else [])]
            pairs = [(snapshot, last) for one in batch for last in (_last(one, known),) if (snapshot := _snapshot_of(one, last))]
            snapshots = [snapshot for snapshot, _ in pairs]
            problems += (f"{snapshot.repository}: {sentence}" for snapshot in snapshots for sentence in snapshot.incomplete)
            assessments = [assess(snapshot, catalogue, as_of=started) for snapshot in snapshots]
            otherwise = {snapshot.repository: last.owner for snapshot, last in pairs if last and last.owner}
            owners = ownership(
                {snapshot.repository: snapshot.codeowners for snapshot in snapshots}, teams, otherwise | _github_owners(snapshots)
            )
            spent = client.governor.meter.as_dict()
            # Each batch is a run of its own in the database, so it gets what it cost by itself.
            costs = {"github": {name: figure - accounted.get(name, 0) for name, figure in spent.items()}}
            receipt = RunReceipt(started, datetime.now(UTC), f"GitHub: {organisation.login}", tuple(problems), (), costs)
            looked += len(snapshots)
            before = {snapshot.repository: last.row.repository if last else snapshot.repository for snapshot, last in pairs}
            why = _why(assessments, before, _judged_before(options.database, week, sorted(set(before.values()))))
            outcome = record(options.database, week, assessments, snapshots, owners, receipt, why, asked)
            changed += len(outcome.recorded)
            accounted = accounted if outcome.unchanged else spent
    _progress("")
    print(
        f"{week}: {looked} repositories of {organisation.login}, {changed} new or changed, {looked - changed} as they were. "
        f"Stored in {options.database}."
    )
    meter = client.governor.meter
    print(
        f"It took {meter.rest} REST requests, {meter.graphql} GraphQL queries ({meter.points} points) and {meter.clones} clones."
    )
    for sentence in problems:
        print(f"rungwise: {sentence}", file=sys.stderr)
    return INCOMPLETE if problems else DONE


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds of a repository: a row of :meth:`Reader.last_looks`, and what was seen then."""

    reader: Reader
    row: Any

    def stands(self, catalogue: Catalogue) -> bool:
        """Whether no second look is needed at the same head. Other rules may want other signals, and so need one."""
        row = self.row
        return bool(row.commit) and row.catalogue == catalogue.hash and not worth_asking_again(row.silent)

    @property
    def owner(self) -> Owner | None:
        """Who owned it by its CODEOWNERS file."""
        return Owner(self.row.team, CODEOWNERS) if self.row.owner_source == CODEOWNERS else None

    @property
    def week(self) -> str:
        return Week.of_id(int(self.row.as_of)).label

    def snapshot(self) -> Snapshot:
        """What was seen of it."""
        row = self.row
        host = row.url.split("/")[2] if isinstance(row.url, str) and row.url else None
        when = row.committed_at.to_pydatetime().replace(tzinfo=UTC)
        return Snapshot(
            row.repository, row.commit, when, self.reader.signals(int(row.as_of), row.repository), host, tuple(row.notes)
        )


def _known(database: Path) -> dict[str, Known]:
    """What the database holds of each repository, by GitHub's id, or by the name where no id is known."""
    if not database_exists(database):
        return {}
    reader = open_reader(database)
    rows = [row for week in reader.weeks()[:1] for row in reader.last_looks(week.id).itertuples(index=False)]
    return {str(row.id) if isinstance(row.id, str) else str(row.repository): Known(reader, row) for row in rows}


def _last(one: Collected, known: Mapping[str, Known]) -> Known | None:
    return known.get(one.id) or known.get(one.name)


def _snapshot_of(one: Collected, last: Known | None) -> Snapshot | None:
    return brought_up_to_date(last.snapshot(), last.week, one) if last else brought_up_to_date(None, "", one)


def _failures(batch: Sequence[Collected], known: Mapping[str, Known]) -> Iterator[str]:
    for one in batch:
        if one.outcome is Outcome.FAILED:
            stands = "was left out, its last known answer stands" if _last(one, known) else "was left out"
            yield f"{one.name} {stands}: {one.reason}"


def _with_missed(
    client: Client, organisation: str, found: Iterator[Collected], known: Mapping[str, Known]
) -> Iterator[Collected]:
    """What was collected, and after it what became of the repositories that are not there any more."""
    seen = set()
    for one in found:
        seen.add(one.id)
        yield one
    rows = [last.row for id_, last in known.items() if id_ not in seen and not last.row.gone]
    yield from gone(
        client,
        organisation,
        {
            row.id: row.repository
            for row in rows
            if row.repository.lower().startswith(f"{organisation.lower()}/") and isinstance(row.id, str)
        },
    )


def _why(
    assessments: Sequence[Assessment], names: Mapping[str, str], before: Mapping[str, Judged]
) -> dict[str, tuple[Change, ...]]:
    """Why each repository moved; ``names`` are those that they go by in ``before``."""
    return {
        one.repository: changes(before[names[one.repository]], Judged.of(one))
        for one in assessments
        if names[one.repository] in before
    }


def _github_owners(snapshots: Sequence[Snapshot]) -> dict[str, Owner]:
    return {snapshot.repository: owner for snapshot in snapshots if (owner := owner_from_permissions(snapshot.signals))}


def _batches(found: Iterator[Collected]) -> Iterator[tuple[list[Collected], GitHubError | None]]:
    """What was collected, some at a time; with the last of it comes what ended it early, if anything did."""
    batch: list[Collected] = []
    since = monotonic()
    try:
        for one in found:
            batch.append(one)
            if len(batch) == BATCH or monotonic() - since > BATCH_SECONDS:
                yield batch, None
                batch, since = [], monotonic()
    except GitHubError as error:
        yield batch, error
        return
    if batch:
        yield batch, None


def _notice(sentence: str) -> None:
    print(f"rungwise: {sentence}", file=sys.stderr, flush=True)


def _count(done: int, of: int) -> None:
    _progress(f"{done} of {of}")


def _demo(options: argparse.Namespace) -> int:
    export_demo(
        options.database, options.to, {"source": options.source, "made_on": f"{datetime.now(UTC):%Y-%m-%d}", "note": options.note}
    )
    print(f"Written to {options.to}.")
    return DONE


def _look(collector: Collector, target: Target, at: str | None) -> Snapshot:
    if target.repository.empty:
        return Snapshot(target.name, "", datetime.now(UTC), (), target.host, ("There is no commit yet.",))
    return collector.look(target.repository, target.name, target.repository.commit(at), host=target.host)


def _print_report(looks: Sequence[tuple[Assessment, Snapshot]], catalogue: Catalogue) -> None:
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if len(looks) > 1:
        print(report.render_many([assessment for assessment, _ in looks], width=width, color=color))
        return
    for assessment, snapshot in looks:
        advice = recommend(
            assessment.findings, catalogue, target=None, next_rung=assessment.standing.next, flags=assessment.flags
        )
        print(report.render(assessment, snapshot, catalogue, advice, width=width, color=color))


def _progress(text: str) -> None:
    """Something to see while it takes long: one line that is written over on a terminal, nothing elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
