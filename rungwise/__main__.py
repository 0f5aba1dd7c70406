"""The command line: ``python -m rungwise``. The only place that knows both the collectors and the judgement."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from collectors.examples import Trial
from collectors.git import GitError, Repository, is_repository, repositories_in
from collectors.github import (
    REQUESTS_EACH,
    Client,
    Collected,
    GitHubError,
    Organisation,
    Outcome,
    Plan,
    Spent,
    brought_up_to_date,
    collect,
    find_organisation,
    gone,
    plan,
    probe,
    progress,
    worth_asking_again,
)
from collectors.github.settings import WORKFLOW_ID
from collectors.past import Timeline
from rungwise import doctor, export, own_practices, report, trial
from rungwise.accuracy import LabelError, at_first_sight, measure, read_labels, to_json, to_markdown
from rungwise.assess import assess, names_wanted, parts, week_of
from rungwise.audit import AuditError, read_audit, rounds
from rungwise.catalogue import Catalogue, load
from rungwise.causes import Change, Judged
from rungwise.clones import Span, Target, collector_for, judge_all, look_at
from rungwise.first_answers import Answers, FirstAnswersError, read_first_answers
from rungwise.first_answers import keep as keep_first
from rungwise.history import Look, Weeks, looks_over_time, weeks_until
from rungwise.model import Assessment, Signal, Snapshot
from rungwise.owners import owner_remembered, remembering
from rungwise.recommend import recommend
from rungwise.rejudge import Difference, outdated, preview, rejudge, said
from rungwise.settings import SettingsError
from rungwise.store import (
    Looks,
    Reader,
    RunReceipt,
    StoreError,
    Week,
    database_exists,
    export_demo,
    open_reader,
    record_receipt,
    record_weeks,
    superfluous,
    thin,
)
from rungwise.teams import CODEOWNERS, Owner, ownership, read_teams

DONE, INCOMPLETE, BAD_INPUT = 0, 1, 2

ROOT = Path(__file__).parent.parent
DATABASE = ROOT / "data" / "rungwise"
"""Where the dashboard looks too, unless ``RUNGWISE_DATABASE`` names another directory."""
BATCH = 100
"""How many repositories are judged before they are stored: what a killed collection loses at most."""
LINE_SECONDS = 30.0
"""How often a collection says how far it is, where there is no terminal."""
BATCH_SECONDS = 60.0
"""How long what was collected from GitHub waits to be stored."""

MOST_WEEKS = 520
"""How far back history is judged: ten years."""


T = TypeVar("T")


class BadInput(Exception):
    """Something that the person who called can put right; the message is one clear sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 done but something could not be collected, 2 bad input."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (
        AuditError, BadInput, FirstAnswersError, GitError, GitHubError, LabelError, StoreError, SettingsError, export.ExportError,
    ) as error:  # fmt: skip
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
    _add_practices(check)
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
    _add_history(local)
    local.add_argument(
        "--as-of", type=_date, metavar="DATE", help="judge as of the end of this day (2026-11-22), as if it were the last one"
    )
    _add_practices(local)
    _add_database(local)
    local.set_defaults(run=_collect_local)

    again = commands.add_parser("rejudge", help="judge the stored past again after the rules changed; nothing is collected")
    again.add_argument("--preview", action="store_true", help="say whose statuses would change, and store nothing")
    _add_practices(again)
    _add_database(again)
    again.set_defaults(run=_rejudge)

    thinned = commands.add_parser("thin", help="let go of old weeks: all but the last of each month")
    thinned.add_argument(
        "--keep", type=_history, default=104, metavar="N", help="leave the newest N weeks as they are (default: 104)"
    )
    thinned.add_argument("--preview", action="store_true", help="say which weeks would go, and remove nothing")
    _add_database(thinned)
    thinned.set_defaults(run=_thin)

    own = commands.add_parser("practices", help="say what your own practices make of ours, and try their examples")
    _add_practices(own)
    own.set_defaults(run=_practices)

    exported = commands.add_parser("export", help="write a week as tables and as a page to read")
    exported.add_argument("--week", metavar="2026-W47", help="the week (default: the newest)")
    exported.add_argument("--to", type=Path, default=Path("exports"), metavar="DIR", help="where to (default: exports)")
    _add_practices(exported)
    _add_database(exported)
    exported.set_defaults(run=_export)

    github = sources.add_parser("github", help="an organisation on GitHub; the token is taken from GITHUB_TOKEN or GH_TOKEN")
    github.add_argument("organisation", metavar="ORG", help="the organisation's name")
    github.add_argument("--plan", action="store_true", help="say what it would cost, and collect nothing")
    github.add_argument(
        "--wait", action="store_true", help="start even what GitHub's hourly limits do not allow at once, and wait for them"
    )
    github.add_argument(
        "--teams",
        type=Path,
        metavar="FILE",
        help="who owns what, which stage it needs, and which other sources of owners win (TOML)",
    )
    _add_history(github)
    _add_practices(github)
    _add_database(github)
    github.set_defaults(run=_collect_github)

    doctor_ = commands.add_parser("doctor", help="say what works here and what does not")
    _add_practices(doctor_)
    _add_database(doctor_)
    doctor_.add_argument(
        "--organisation", metavar="ORG", help="ask GitHub what the token may see of it (default: the one that was collected last)"
    )
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
    measured.add_argument(
        "--keep-first",
        action="store_true",
        help="keep what is said of newly labelled repositories in data/first_answers.csv, before a rule learns from their labels",
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


def _add_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--history",
        type=_history,
        default=1,
        metavar="N",
        help="judge the last N weeks as the default branch stood at the end of each (default: this week only)",
    )


def _add_database(parser: argparse.ArgumentParser) -> None:
    default = Path(os.environ.get("RUNGWISE_DATABASE") or DATABASE)
    parser.add_argument(
        "--database", type=Path, default=default, metavar="PATH", help=f"the directory of the database (default: {default})"
    )


def _add_practices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--practices",
        type=Path,
        metavar="DIR",
        help="a folder of practices of your own, which adds to ours or changes them "
        f"(default: {own_practices.VARIABLE}, or {own_practices.DEFAULT} where that is there)",
    )


def _catalogue(options: argparse.Namespace) -> Catalogue:
    """Our practices, with those of the people who ask."""
    return own_practices.load(own_practices.folder_named(options.practices, os.environ))


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
    catalogue = _catalogue(options)
    collector = collector_for(catalogue)
    several = len(found := targets(options.paths, options.name)) > 1
    looks: list[tuple[Assessment, Snapshot]] = []
    incomplete = False
    for target in found:
        snapshot = look_at(collector, target, options.at)
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
        target.repository.forget()
    if not options.json:
        _print_report(looks, catalogue)
    return INCOMPLETE if incomplete else DONE


def _collect_local(options: argparse.Namespace) -> int:
    teams = read_teams(options.teams) if options.teams else None
    catalogue = _catalogue(options)
    found = targets(options.paths)
    asked = names_wanted(catalogue)
    _after_new_rules(options.database, catalogue)
    started, problems, looked, changed, stored = datetime.now(UTC), list[str](), 0, 0, 0
    until = _end_of(options.as_of, started) if options.as_of else started
    weeks = weeks_until(until, options.history)
    size = BATCH if len(weeks) == 1 else BATCH // 10
    span = Span(weeks, as_of=until != started)
    batch: dict[str, list[Look]] = {label: [] for label, _ in weeks}
    judged = judge_all(found, span, catalogue, lambda names: _judged_before(options.database, weeks[0][0], names))
    for number, (target, told) in enumerate(judged, 1):
        _progress(f"{number} of {len(found)}: {target.name}")
        if isinstance(told, GitError):
            if len(found) == 1:
                raise told
            problems.append(f"{target.name} was left out: {told}")
        else:
            problems += told.problems
            for look in told.looks:
                batch[look.assessment.week].append(look)
        if number % size and number < len(found):
            continue
        looks = [
            _looks(
                label,
                week,
                RunReceipt(started, datetime.now(UTC), "local clones", tuple(problems) if label == weeks[-1][0] else ()),
            )
            for label, week in batch.items()
        ]
        latest = {look.snapshot.repository: look.snapshot.codeowners for week in batch.values() for look in week}
        outcomes = record_weeks(options.database, looks, ownership(latest, teams), asked)
        changed += len(outcomes[-1].recorded)
        looked += len(batch[weeks[-1][0]])
        stored += sum(len(week) for week in batch.values())
        batch = {label: [] for label, _ in weeks}
    _progress("")
    print(
        f"{week_of(until)}: {looked} {'repository' if looked == 1 else 'repositories'} looked at, {changed} new or changed, "
        f"{looked - changed} as {'it was' if looked - changed == 1 else 'they were'}."
        f"{_weeks_before(weeks, stored)} Stored in {options.database}."
    )
    for sentence in problems:
        print(f"rungwise: {sentence}", file=sys.stderr)
    return INCOMPLETE if problems else DONE


def _end_of(day: datetime, now: datetime) -> datetime:
    """The last moment of a day that is over, or now on the current one."""
    if day > now:
        raise BadInput(f"{day:%Y-%m-%d} is not here yet; give --as-of a day that has begun.")
    return min(day + timedelta(days=1, seconds=-1), now)


def _weeks_before(weeks: Weeks, looks: int) -> str:
    return f" With {len(weeks) - 1} weeks before, {looks} looks in all." if len(weeks) > 1 else ""


def _judged_before(database: Path, week: str, names: Sequence[str]) -> dict[str, Judged]:
    return open_reader(database).judged_before(Week.parse(week).id, names) if database_exists(database) else {}


def _looks(week: str, batch: Sequence[Look], receipt: RunReceipt) -> Looks:
    because = {look.snapshot.repository: look.changes for look in batch}
    return Looks(week, [look.assessment for look in batch], [look.snapshot for look in batch], receipt, because)


def _rejudge(options: argparse.Namespace) -> int:
    catalogue = _catalogue(options)
    if not database_exists(options.database):
        raise BadInput(
            f"There is no database in {options.database}; collect something first, or name another one with --database."
        )
    todo = outdated(open_reader(options.database), catalogue)
    if not todo:
        print("Everything stored was judged by the rules of now.")
        return DONE
    difference = (
        preview(open_reader(options.database), catalogue) if options.preview else _judge_past_again(options.database, catalogue)
    )
    weeks = f"{len(todo)} {'week' if len(todo) == 1 else 'weeks'}"
    if not difference.flips and not difference.held:
        print(
            f"The rules are not those that {weeks} were judged by, but no status {'would change' if options.preview else 'changed'}."
        )
        return DONE
    print("\n".join(said(difference, catalogue)))
    print(f"{'Nothing was stored.' if options.preview else f'Judged again: {weeks}.'}")
    return DONE


def _thin(options: argparse.Namespace) -> int:
    if not database_exists(options.database):
        raise BadInput(f"There is no database in {options.database}; name another one with --database.")
    reader = open_reader(options.database)
    weeks = reader.weeks()
    gone = superfluous(reader, options.keep) if options.preview else thin(options.database, options.keep)
    if not gone:
        print(f"Nothing to let go of: {len(weeks)} {'week is' if len(weeks) == 1 else 'weeks are'} stored.")
        return DONE
    would = "would go" if options.preview else "are gone"
    print(f"{len(gone)} of {len(weeks)} weeks {would}, from {gone[-1].label} to {gone[0].label}; the last of each month stays.")
    return DONE


def _judge_past_again(database: Path, catalogue: Catalogue) -> Difference:
    return rejudge(database, catalogue, datetime.now(UTC))


def _after_new_rules(database: Path, catalogue: Catalogue) -> None:
    """Judges the stored past by the rules of now before anything is added to it, so that a move is never one of the rules."""
    if not database_exists(database) or not (todo := outdated(open_reader(database), catalogue)):
        return
    flips = _judge_past_again(database, catalogue).flips
    weeks = f"{len(todo)} stored {'week was' if len(todo) == 1 else 'weeks were'}"
    statuses = f"{len(flips)} {'status' if len(flips) == 1 else 'statuses'}"
    _notice(f"the rules have changed: {weeks} judged again, and {statuses} changed with that.")


def _export(options: argparse.Namespace) -> int:
    catalogue, reader = _catalogue(options), open_reader(options.database)
    written = export.write(reader, export.week_to_export(reader, options.week), options.to, catalogue)
    print(
        f"{'Demonstration data: ' if reader.demo else ''}{written} holds {', '.join(sorted(path.name for path in written.iterdir()))}."
    )
    return DONE


def _practices(options: argparse.Namespace) -> int:
    folder = own_practices.folder_named(options.practices, os.environ)
    if folder is None:
        raise BadInput(
            f"No folder of practices is named; give one with --practices, name it in {own_practices.VARIABLE}, or make "
            f"{own_practices.DEFAULT}."
        )
    catalogue, own = own_practices.load(folder), own_practices.read(folder)
    print(f"{own_practices.summary(catalogue)}.")
    for adjustment in own.adjustments:
        title, stage = adjustment.practice.title, adjustment.practice.stage
        what = f"moved from {stage.short} to {adjustment.stage.short}" if adjustment.stage else "switched off"
        print(f"{what}: {title} ({adjustment.practice.id}). {adjustment.reason}")
    off = 0
    for each in trial.tried(own, catalogue, lambda clues: Trial(clues).seen):
        stage = catalogue[each.practice].stage
        print(f"added to {stage.short}: {catalogue[each.practice].title} ({each.practice}).")
        print(f"    {each.own} examples of its own and {each.others} of other practices tried.")
        for problem in each.problems:
            print(f"rungwise: {each.practice}.toml: {problem}", file=sys.stderr)
        off += len(each.problems)
    if off:
        raise BadInput(
            f"{off} {'example is' if off == 1 else 'examples are'} not seen as {'it' if off == 1 else 'they'} should be."
        )
    print("Every pattern sees its own example, and none claims another's.")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    folder = own_practices.folder_named(options.practices, os.environ)
    checks = [
        *doctor.versions(ROOT / "pyproject.toml"),
        *doctor.practices(folder, options.database),
        *doctor.database(options.database),
        doctor.token(os.environ),
    ]
    catalogue = load()
    organisation = options.organisation or doctor.organisation(options.database)
    asked: list[doctor.Check] = []
    if any(os.environ.get(name) for name in (doctor.APP, *doctor.TOKENS)):
        asked = list(_ask_github(organisation, catalogue))
    checks += asked if len(asked) > 1 else [*asked, *doctor.unread(options.database, catalogue)]
    print(doctor.render(checks))
    return DONE if all(check.fine for check in checks) else INCOMPLETE


def _ask_github(organisation: str | None, catalogue: Catalogue) -> Iterator[doctor.Check]:
    """Whether GitHub takes the token, how much of its limits is left, and what it may see of an organisation's first repositories."""
    try:
        client = Client.from_environment(os.environ)
        left = client.greet()
    except GitHubError as error:
        yield doctor.Check("GitHub", False, str(error))
        return
    limits = [
        f"{left[name]['remaining']} of {left[name]['limit']} {words}"
        for name, words in (("core", "REST requests"), ("graphql", "GraphQL points"))
        if name in left
    ]
    yield doctor.Check("GitHub", True, f"takes the token; {' and '.join(limits) or 'no limits'} left")
    if organisation is None:
        return
    try:
        found = probe(client, find_organisation(client, organisation))
    except GitHubError as error:
        yield doctor.Check("Organisation", False, str(error))
        return
    meter = client.governor.meter
    cost = f"asking took {meter.rest} REST requests and {meter.points} GraphQL points"
    yield doctor.Check("Organisation", True, f"{organisation}, by its first {found.looked_at} repositories; {cost}")
    if found.looked_at:
        yield from doctor.permission_map(found.unseen, found.unasked, catalogue)


def _accuracy(options: argparse.Namespace) -> int:
    labelled = read_labels(options.labels)
    found = {target.name.lower(): target for target in targets(options.paths)}
    catalogue = load()
    collector = collector_for(catalogue)
    answers, missing = {}, []
    for truth in labelled:
        target = found.get(truth.repository.lower())
        if target is None:
            missing.append(truth.repository)
            continue
        _progress(truth.repository)
        snapshot = collector.look(target.repository, truth.repository, target.repository.commit(truth.commit), host=target.host)
        answers[truth.repository] = Answers.of(assess(snapshot, catalogue))
    _progress("")
    if not answers:
        raise BadInput(
            f"None of the {len(labelled)} labelled repositories is among the clones. Clone {labelled[0].repository}, for instance."
        )
    firsts, audit = ROOT / "data" / "first_answers.csv", read_audit(ROOT / "data" / "audit.csv")
    if options.keep_first:
        # What an audit found wrong was mended, so that later answers about its repositories are no first ones.
        met = {row.repository for row in audit}
        unmet = {name: said for name, said in answers.items() if name not in met}
        keep_first(firsts, catalogue.hash, unmet, read_first_answers(firsts))
    figures = measure(labelled, answers, catalogue)
    first = at_first_sight(labelled, read_first_answers(firsts), catalogue)
    audited = rounds(audit)
    page = to_markdown(figures, catalogue, audited, first)
    print(page)
    if missing:
        print(f"rungwise: no clone of {', '.join(missing)}", file=sys.stderr)
    if options.write and not missing:
        (ROOT / "docs" / "accuracy.md").write_text(page, "utf-8")
        (ROOT / "data" / "accuracy.json").write_text(to_json(figures, audited, first) + "\n", "utf-8")
    return INCOMPLETE if missing else DONE


def _collect_github(options: argparse.Namespace) -> int:
    teams = read_teams(options.teams) if options.teams else None
    catalogue = _catalogue(options)
    client = Client.from_environment(os.environ, notice=_notice)
    left = client.greet()
    organisation = find_organisation(client, options.organisation)
    known = _known(options.database)
    heads = {key: last.row.commit for key, last in known.items() if last.stands(catalogue)}
    started, problems, stored, changed = datetime.now(UTC), list[str](), 0, 0
    weeks, asked = weeks_until(started, options.history), names_wanted(catalogue)
    week = weeks[-1][0]
    past = _Past(options.database, known, weeks)
    planned = _Planned(
        client, organisation, known, {key: head for key, head in heads.items() if not past.moments(key, key)}, weeks
    )
    if options.plan:
        for sentence in planned.exactly().sentences():
            print(sentence)
        return DONE
    if not options.wait:
        planned.refuse_what_cannot_finish(left)
    _after_new_rules(options.database, catalogue)
    bill = _Bill(client, organisation, started)
    looked: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="rungwise-") as workdir:
        found = collect(
            client,
            organisation,
            collector_for(catalogue, over_time=len(weeks) > 1),
            heads,
            Path(workdir),
            known_workflows={key: last.workflows for key, last in known.items()},
            progress=_Live(client),
            moments=past.moments,
        )
        judged = ((one, past.looks(one, catalogue, problems)) for one in _with_missed(client, organisation.login, found, known))
        for batch, trouble in _batches(judged, BATCH if len(weeks) == 1 else BATCH // 10):
            if trouble and not batch and not looked:
                raise trouble
            problems += [*_failures([one for one, _ in batch], known), *([str(trouble)] if trouble else [])]
            looks = {label: [look for _, found in batch for look in found if look.assessment.week == label] for label, _ in weeks}
            latest = {look.snapshot.repository: look.snapshot for week in looks.values() for look in week}
            kept = {one.name for one, _ in batch if one.outcome in (Outcome.UNCHANGED, Outcome.GONE)}
            otherwise = {
                name: owner
                for name in kept
                if (owner := owner_remembered(latest[name].signals) or ((last := past.last.get(name)) and last.owner))
            }
            owners = ownership(
                {name: snapshot.codeowners for name, snapshot in latest.items()},
                teams,
                otherwise,
                {name: snapshot.signals for name, snapshot in latest.items()},
            )
            bill.add(one for one, _ in batch)
            receipts = {label: replace(bill.receipt(), costs={}) for label in looks}
            receipts[week] = bill.receipt(problems)
            outcomes = record_weeks(
                options.database, [_looks(label, looks[label], receipts[label]) for label in looks], owners, asked
            )
            looked |= {look.snapshot.repository for look in looks[week]}
            stored += sum(map(len, looks.values()))
            changed += len(outcomes[-1].recorded)
            if not outcomes[-1].unchanged:
                bill.paid()
    if bill.open:
        record_receipt(options.database, week, bill.open, bill.receipt(problems))
    _progress("")
    print(
        f"{week}: {len(looked)} repositories of {organisation.login}, {changed} new or changed, {len(looked) - changed} as they were."
        f"{_weeks_before(weeks, stored)} Stored in {options.database}."
    )
    meter = client.governor.meter
    print(
        f"It took {meter.rest} REST requests, {meter.graphql} GraphQL queries ({meter.points} points) and {meter.clones} clones."
    )
    for sentence in problems:
        print(f"rungwise: {sentence}", file=sys.stderr)
    return INCOMPLETE if problems else DONE


class _Bill:
    """What a collection has cost since its costs were stored last: each batch is a run of its own in the database."""

    def __init__(self, client: Client, organisation: Organisation, started: datetime) -> None:
        self._meter = client.governor.meter
        self._source, self._started = f"GitHub: {organisation.login}", started
        self._spent: dict[str, float] = {}
        self.paid()

    def add(self, batch: Iterable[Collected]) -> None:
        """Some more repositories were collected."""
        for one in batch:
            self._outcomes[one.outcome.value] += 1
            if one.outcome is Outcome.FAILED:
                continue
            self.open.append(one.name)
            if one.outcome in (Outcome.SHOWN, Outcome.GONE):
                self._skipped[one.name] = one.reason

    def receipt(self, problems: Sequence[str] = ()) -> RunReceipt:
        """What was not stored yet."""
        now = datetime.now(UTC)
        self._spent = self._meter.as_dict() | {"seconds": (now - self._started).total_seconds()}
        spent = {name: round(figure - self._stored.get(name, 0), 1) for name, figure in self._spent.items()}
        costs = {
            "seconds": spent.pop("seconds"),
            "github": spent,
            "outcomes": dict(self._outcomes),
            "skipped": dict(self._skipped),
        }
        return RunReceipt(self._started, now, self._source, tuple(problems), costs=costs)

    def paid(self) -> None:
        """The receipt was stored."""
        self._stored = self._spent
        self._outcomes, self._skipped, self.open = Counter[str](), dict[str, str](), list[str]()


@dataclass(frozen=True)
class Known:
    """What the database holds of a repository: a row of :meth:`Reader.last_looks`, and what was seen then."""

    reader: Reader
    seen: _Seen
    row: Any
    workflows: Mapping[str, str]
    """The paths of its workflows, by GitHub's ids."""

    def stands(self, catalogue: Catalogue) -> bool:
        """Whether no second look is needed at the same head. Other rules may want other signals, and so need one."""
        row = self.row
        return bool(row.commit) and row.catalogue == catalogue.hash and not worth_asking_again(row.silent)

    @property
    def owner(self) -> Owner | None:
        """Who owned it by its CODEOWNERS file."""
        return Owner(self.row.team, CODEOWNERS) if self.row.owner_source == CODEOWNERS else None

    @cached_property
    def first_commit(self) -> date | None:
        """The day of its first commit, where that is known."""
        told = (signal.value for signal in self.snapshot().signals if signal.name == "first-commit")
        return next(map(date.fromisoformat, told), None)

    @property
    def week(self) -> str:
        return Week.of_id(int(self.row.as_of)).label

    def snapshot(self) -> Snapshot:
        """What was seen of it."""
        row = self.row
        host = row.url.split("/")[2] if isinstance(row.url, str) and row.url else None
        when = row.committed_at.to_pydatetime().replace(tzinfo=UTC)
        return Snapshot(row.repository, row.commit, when, self.seen.in_(row), host, tuple(row.notes))


class _Seen:
    """What was seen in each repository when it was looked at last.

    Read for many of them at once, since they are asked for in the order of their names; one by one takes longer than judging them.
    """

    def __init__(self, reader: Reader, rows: Sequence[Any]) -> None:
        self._reader = reader
        self._rows = sorted(rows, key=lambda row: str(row.repository).lower())
        self._numbers = {row.repository: number for number, row in enumerate(self._rows)}
        self._read: dict[str, tuple[Signal, ...]] = {}

    def in_(self, row: Any) -> tuple[Signal, ...]:
        if row.repository not in self._read:
            start = self._numbers[row.repository]
            names = [one.repository for one in self._rows[start : start + BATCH] if one.as_of == row.as_of]
            self._read = dict.fromkeys(names, ()) | self._reader.signals_of(int(row.as_of), names)
        return self._read[row.repository]


def _known(database: Path) -> dict[str, Known]:
    """What the database holds of each repository, by GitHub's id, or by the name where no id is known."""
    if not database_exists(database):
        return {}
    reader = open_reader(database)
    week = next((week.id for week in reader.weeks()), None)
    if week is None:
        return {}
    workflows: dict[str, dict[str, str]] = {}
    told: Iterator[Any] = reader.settings(week, WORKFLOW_ID).itertuples(index=False)
    for one in told:
        workflows.setdefault(one.repository, {})[one.value] = one.about["path"]
    rows: list[Any] = list(reader.last_looks(week).itertuples(index=False))
    seen = _Seen(reader, rows)
    return {
        str(row.id) if isinstance(row.id, str) else str(row.repository): Known(
            reader, seen, row, workflows.get(row.repository, {})
        )
        for row in rows
    }


def _last(one: Collected, known: Mapping[str, Known]) -> Known | None:
    return known.get(one.id) or known.get(one.name)


class _Past:
    """What the database holds already of an organisation's past, and what is to be judged of it besides.

    ``last`` holds for each repository that was looked at what was known of it before.
    """

    def __init__(self, database: Path, known: Mapping[str, Known], weeks: Weeks) -> None:
        self._database, self._known, self._weeks = database, known, weeks
        self._stored = open_reader(database).collected_in() if known and len(weeks) > 1 else {}
        self._names = sorted((str(one.row.repository) for one in known.values()), key=str.lower)
        self._judged: dict[str, tuple[int, dict[str, Judged]]] = {}
        self.last: dict[str, Known] = {}

    def moments(self, id_: str, name: str) -> list[datetime]:
        """The ends of the past weeks of a repository that are not stored; none where it was not there yet in any of them."""
        last = self._known.get(id_) or self._known.get(name)
        stored = self._stored_of(last)
        missing = [end for label, end in self._weeks[:-1] if label not in stored]
        first = last.first_commit if last and missing else None
        return [end for end in missing if not (first and end.date() < first)]

    def looks(self, one: Collected, catalogue: Catalogue, problems: list[str]) -> list[Look]:
        """What there is to judge of a repository, each week that is not stored."""
        last = _last(one, self._known)
        snapshot = brought_up_to_date(last.snapshot(), last.week, one) if last else brought_up_to_date(None, "", one)
        if snapshot is None:
            return []
        problems += (f"{snapshot.repository}: {sentence}" for sentence in snapshot.incomplete)
        if one.outcome is Outcome.LOOKED:
            snapshot = replace(snapshot, signals=remembering(snapshot.signals, snapshot.codeowners))
        if last:
            self.last[snapshot.repository] = last
        timeline = replace(one.past, now=snapshot) if one.past else Timeline(snapshot, None, lambda commit: None)

        def before(week: str) -> Judged | None:
            return self._judged_before(week, str(last.row.repository)) if last else None

        stored = self._stored_of(last)
        looks = list(looks_over_time(timeline, self._weeks, catalogue, stored=stored, before=before))
        if last and not one.past:
            looks = [replace(look, changes=self._as_told(look, last)) for look in looks]
        if one.past and (missed := self._missed(one.past, {*stored, *(look.assessment.week for look in looks)})):
            problems.append(
                f"{snapshot.repository}: {missed} past {'week' if missed == 1 else 'weeks'} could not be looked at; run it again to try once more."
            )
        return looks

    def _as_told(self, look: Look, last: Known) -> tuple[Change, ...]:
        """Why it moved, with the commit where that was found out earlier in the same week: a clone of one commit cannot tell."""
        if not look.changes or last.week != look.assessment.week:
            return look.changes
        week = Week.parse(last.week).id
        told = {(one.practice, one.was, one.now): one for at, one in last.reader.causes(str(last.row.repository)) if at == week}
        return tuple(told.get((one.practice, one.was, one.now), one) for one in look.changes)

    def _missed(self, past: Timeline, done: Collection[str]) -> int:
        return sum(1 for label, end in self._weeks[:-1] if label not in done and past.branch and past.branch.at(end))

    def _judged_before(self, week: str, name: str) -> Judged | None:
        """How a stored repository was judged last before a week; asked for with its neighbours, since they come in the order of their names."""
        block = bisect_left(self._names, name.lower(), key=str.lower) // BATCH
        if self._judged.get(week, (-1, {}))[0] != block:
            names = self._names[block * BATCH : (block + 1) * BATCH]
            self._judged[week] = (block, _judged_before(self._database, week, names))
        return self._judged[week][1].get(name)

    def _stored_of(self, last: Known | None) -> Collection[str]:
        return self._stored.get(last.row.repository, ()) if last else ()


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


def _batches(found: Iterator[T], size: int) -> Iterator[tuple[list[T], GitHubError | None]]:
    """What was collected, some at a time; with the last of it comes what ended it early, if anything did."""
    batch: list[T] = []
    since = monotonic()
    try:
        for one in found:
            batch.append(one)
            if len(batch) == size or monotonic() - since > BATCH_SECONDS:
                yield batch, None
                batch, since = [], monotonic()
    except GitHubError as error:
        yield batch, error
        return
    if batch:
        yield batch, None


def _notice(sentence: str) -> None:
    print(f"rungwise: {sentence}", file=sys.stderr, flush=True)


class _Live:
    """The meter of a collection while it runs: a line that is written over on a terminal, a plain line now and then elsewhere."""

    def __init__(self, client: Client) -> None:
        self._governor = client.governor
        self._began = self._said = monotonic()

    def __call__(self, done: int, of: int) -> None:
        now = monotonic()
        line = progress(self._governor, done, of, now - self._began)
        if sys.stderr.isatty():
            _progress(line)
        elif now - self._said >= LINE_SECONDS:
            self._said = now
            print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A collection that is not started yet; ``heads`` are those that need not be fetched again."""

    client: Client
    organisation: Organisation
    known: Mapping[str, Known]
    heads: Mapping[str, str]
    weeks: Weeks

    def exactly(self) -> Plan:
        """What it will cost, by what has changed."""
        return self._plan(self.heads, None)

    def refuse_what_cannot_finish(self, left: Mapping[str, Any]) -> None:
        """Raise :class:`BadInput` where it would have to wait for GitHub's limits. What has changed is asked for only where that decides it."""
        if self._plan({}, left).fits:
            return
        exactly = self.exactly()
        if not exactly.fits:
            raise BadInput(exactly.refusal())

    def _plan(self, heads: Mapping[str, str], left: Mapping[str, Any] | None) -> Plan:
        # With a past each of them is asked for its moves besides.
        each = REQUESTS_EACH + (len(self.weeks) > 1)
        workflows = sum(len(one.workflows) for one in self.known.values())
        return plan(self.client, self.organisation, heads, requests_each=each, workflows=workflows, left=left, last=self._last())

    def _last(self) -> Spent | None:
        """What the last collection took."""
        for reader in {one.reader for one in self.known.values()}:
            for week in reader.weeks()[:1]:
                return Spent.of((reader.run(week.id) or {}).get("costs") or ())
        return None


def _demo(options: argparse.Namespace) -> int:
    export_demo(
        options.database, options.to, {"source": options.source, "made_on": f"{datetime.now(UTC):%Y-%m-%d}", "note": options.note}
    )
    print(f"Written to {options.to}.")
    return DONE


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
