"""Signals in, findings and standing out. Pure: the same signals and rules always give the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import quote

from rungwise import alive, components, facts, kinds, ladder
from rungwise.catalogue import SERVICES, Catalogue, Practice, Verdict
from rungwise.clues import ECOSYSTEMS, Clue, CodeClue, DependencyClue, ManifestClue, StepClue, Wanted, names, wanted
from rungwise.model import (
    Assessment,
    Component,
    Evidence,
    Fact,
    Finding,
    Flag,
    Kind,
    Observable,
    Part,
    Role,
    Signal,
    SignalKind,
    Snapshot,
    Standing,
    Status,
)
from rungwise.near import Near
from rungwise.seen import Afresh, Recall, Seen

MOST_EVIDENCE = 5
"""How many places are shown for one finding; the first is the best."""

_PROGRAMS = frozenset(ECOSYSTEMS) - {"terraform", "image"}
"""The ecosystems whose manifests tell what a repository is for."""

_KIND_NOUNS = {
    Kind.EMPTY: "an empty repository",
    Kind.DOCS: "documentation",
    Kind.INFRA: "infrastructure",
    Kind.DATA: "a data project",
    Kind.MOB: "a mobile app",
    Kind.LIB: "a library",
    Kind.CLI: "a command line tool",
    Kind.SPA: "a site without a server of its own",
    Kind.SELF: "a product that others host",
    Kind.APP: "a service",
}


def everything_wanted(catalogue: Catalogue) -> Wanted:
    """What collectors have to look for, so that every practice, fact and kind can be judged."""
    return wanted(
        [clue for practice in catalogue for clue in (*practice.clues(), *(near for near, _ in practice.near))]
        + [*facts.clues(), *kinds.clues(), components.DEPLOYED]
    )


def assess(
    snapshot: Snapshot, catalogue: Catalogue, *, as_of: datetime | None = None, recall: Recall | None = None
) -> Assessment:
    """Judge one repository at one commit, as of that commit's own date unless another is given.

    ``recall`` makes it faster where the same repository was judged by the same catalogue before, and changes no answer.
    """
    as_of = as_of or snapshot.committed_at
    recall = recall or Afresh()
    look = recall.look(snapshot.signals)
    flags = _flags(look, snapshot, as_of, recall)
    kind, reason = recall.of(
        ("kind", snapshot.repository, flags), look, lambda look: kinds.decide(look, snapshot.repository, flags)
    )
    return _assess_as(kind, reason, flags, look, snapshot, catalogue, as_of, recall)


def _assess_as(
    kind: Kind,
    reason: str,
    flags: tuple[Flag, ...],
    look: Seen,
    snapshot: Snapshot,
    catalogue: Catalogue,
    as_of: datetime,
    recall: Recall,
) -> Assessment:
    """What there is to say of a repository that is of a kind."""
    _settle_facts(look, snapshot, kind, flags, recall)
    recall.settled()
    findings = _findings(look, catalogue, kind, flags, snapshot, as_of, recall)
    return Assessment(
        repository=snapshot.repository,
        commit=snapshot.commit,
        week=week_of(as_of),
        kind=kind,
        kind_reason=reason,
        flags=flags,
        components=recall.of(("components", kind), look, lambda look: components.find(look, kind)),
        findings=tuple(findings),
        standing=_standing(findings, catalogue),
        catalogue=catalogue.hash,
        facts=look.facts,
        url=snapshot.url,
    )


def on_another_day(
    assessment: Assessment, snapshot: Snapshot, catalogue: Catalogue, as_of: datetime, recall: Recall | None = None
) -> Assessment:
    """What :func:`assess` says of the same snapshot on another day, without judging it again where a day makes no difference."""
    recall = recall or Afresh()
    look = recall.look(snapshot.signals)
    if look.of(SignalKind.SETTING) or _flags(look, snapshot, as_of, recall) != assessment.flags:
        return assess(snapshot, catalogue, as_of=as_of, recall=recall)
    return replace(assessment, week=week_of(as_of))


def _flags(look: Seen, snapshot: Snapshot, as_of: datetime, recall: Recall) -> tuple[Flag, ...]:
    quiet = as_of - snapshot.committed_at > kinds.QUIET
    return recall.of(
        ("flags", snapshot.repository, quiet), look, lambda look: kinds.flags(look, snapshot.repository, quiet=quiet)
    )


def judge_again(snapshot: Snapshot, catalogue: Catalogue, unasked: frozenset[str], as_of: datetime) -> Assessment:
    """:func:`assess` of a snapshot for which some of :func:`names_wanted` was not looked for.

    What that might have told is unknown: neither absent, nor a question that the repository left open, nor only half there. Else the next
    look, which sees more, would seem to be progress.
    """
    assessment = assess(snapshot, catalogue, as_of=as_of)
    if not unasked:
        return assessment
    judged = _doubted(assessment, catalogue, unasked)
    findings = {finding.practice: finding for finding in judged.findings}
    flags = assessment.flags
    might_be = [(kind, flags) for kind in sorted(kinds.might_be(snapshot.signals, snapshot.repository, flags, unasked))]
    if kinds.might_be_template(flags, unasked):
        might_be += [(kind, (*flags, Flag.TPL)) for kind, _ in might_be]
    for kind, flags_too in might_be:
        if (kind, flags_too) == (assessment.kind, flags):
            continue
        look = Seen(snapshot.signals)
        other = _assess_as(kind, "", flags_too, look, snapshot, catalogue, as_of, Afresh())
        for finding in _doubted(other, catalogue, unasked).findings:
            ours = findings[finding.practice]
            asked_of_one = (ours.status is Status.NOT_APPLICABLE) is not (finding.status is Status.NOT_APPLICABLE)
            # What is there is there, whatever the repository is for.
            if asked_of_one and ours.status in (Status.NOT_APPLICABLE, Status.ABSENT, Status.NOT_SEEN):
                findings[finding.practice] = _not_asked(ours)
    told = tuple(findings.values())
    return replace(judged, findings=told, standing=_standing(told, catalogue))


def _doubted(assessment: Assessment, catalogue: Catalogue, unasked: frozenset[str]) -> Assessment:
    """The same where everything that was not looked for is in doubt, but for what the repository is for."""
    settled = {
        fact: None
        if holds is False and fact in facts.RULES and not unasked.isdisjoint(names((facts.RULES[fact].clue,)))
        else holds
        for fact, holds in assessment.facts.items()
    }
    found = {finding.practice: finding for finding in assessment.findings}
    for practice in _needed_first(catalogue):
        finding = found[practice.id]
        if assessment.kind in practice.applies and _might_be_otherwise(finding, practice, unasked, settled, found):
            found[practice.id] = _not_asked(finding)
    findings = tuple(found[finding.practice] for finding in assessment.findings)
    return replace(assessment, findings=findings, standing=_standing(findings, catalogue), facts=settled)


def _not_asked(finding: Finding) -> Finding:
    return replace(finding, status=Status.UNKNOWN, reason=NOT_ASKED, evidence=())


NOT_ASKED = "Not all of it was looked for then."
"""The reason of what is unknown for a past week, since its rules came later."""


def _might_be_otherwise(
    finding: Finding,
    practice: Practice,
    unasked: frozenset[str],
    settled: Mapping[Fact, bool | None],
    found: Mapping[str, Finding],
) -> bool:
    """Whether something that was not looked for could have made more of a finding, or have told that it applies."""
    if finding.status in (Status.ABSENT, Status.NOT_SEEN):
        telling: tuple[Clue, ...] = tuple(practice.clues())
    elif finding.status is Status.PARTIAL:
        telling = (*practice.present, *practice.uses)
    elif finding.status is Status.NOT_APPLICABLE:
        telling = ()
        if any(found[needed].reason == NOT_ASKED for needed in practice.needs if needed in found):
            return True
    else:
        return False
    required = (each if isinstance(each, tuple) else (each,) for each in practice.requires)
    doubted = (alternatives for alternatives in required if not any(settled.get(fact) for fact in alternatives))
    rules = tuple(facts.RULES[fact].clue for alternatives in doubted for fact in alternatives if fact in facts.RULES)
    return not unasked.isdisjoint(names(telling + rules))


def names_wanted(catalogue: Catalogue) -> frozenset[str]:
    """The names of all globs and patterns that are looked for, as signals carry them."""
    return everything_wanted(catalogue).names


def parts(snapshot: Snapshot, assessment: Assessment, catalogue: Catalogue, *, as_of: datetime | None = None) -> tuple[Part, ...]:
    """Each component of an assessed repository judged by itself, the weakest first; none where there is only the root.

    What a component has of its own counts, and what belongs to no component; what is in another one does not. ``as_of`` as for :func:`assess`.
    """
    if len(assessment.components) < 2:
        return ()
    judged = []
    for component in assessment.components:
        look = Seen(components.signals_of(component, assessment.components, snapshot.signals))
        recall = Afresh()
        _settle_facts(look, snapshot, component.kind, assessment.flags, recall)
        findings = _findings(
            look, catalogue, component.kind, assessment.flags, snapshot, as_of or snapshot.committed_at, recall, component
        )
        judged.append(Part(component, tuple(findings), _standing(findings, catalogue)))
    return tuple(sorted(judged, key=_weakness))


def _weakness(part: Part) -> tuple[float, float, str]:
    standing = part.standing
    coverages = [stage.coverage for stage in standing.stages if stage.coverage is not None]
    return (
        standing.holds / standing.of if standing.of else 1.0,
        sum(coverages) / len(coverages) if coverages else 1.0,
        part.component.path,
    )


def _standing(findings: Iterable[Finding], catalogue: Catalogue) -> Standing:
    return ladder.standing((f.stage, catalogue[f.practice].role, catalogue[f.practice].weight, f.status) for f in findings)


def week_of(when: datetime) -> str:
    """The ISO week of a date, e.g. ``2026-W47``."""
    year, week, _ = when.isocalendar()
    return f"{year}-W{week:02}"


def _settle_facts(look: Seen, snapshot: Snapshot, kind: Kind, flags: tuple[Flag, ...], recall: Recall) -> None:
    for fact, rule in facts.RULES.items():
        look.decide(fact, recall.of(fact, look, partial(_holds, rule)))
    people = facts.authors(snapshot.signals)
    look.decide(Fact.TEAM, None if people is None else people >= 2)
    look.decide(Fact.TEAM_OPERATES, facts.operated_by_team(kind, is_template=Flag.TPL in flags))


def _holds(rule: facts.Rule, look: Seen) -> bool | None:
    if rule.clue.find(look):
        return True
    return False if rule.settles and not _unread(look, (rule.clue,)) else None


def _findings(
    look: Seen,
    catalogue: Catalogue,
    kind: Kind,
    flags: tuple[Flag, ...],
    snapshot: Snapshot,
    as_of: datetime,
    recall: Recall,
    component: Component | None = None,
) -> list[Finding]:
    verdicts: dict[str, Verdict] = {}
    untold = () if component else _kind_untold(look, kind)
    for practice in _needed_first(catalogue):
        verdicts[practice.id] = _judge(look, practice, kind, verdicts, catalogue, untold, recall)
    # What git alone tells of is most of what is judged, and nothing of it rests.
    if look.of(SignalKind.SETTING) and (why := alive.resting(snapshot.signals, as_of)):
        working = look.without(lambda signal: bool(why(signal)))
        verdicts = {practice.id: _working(practice, verdicts[practice.id], working, why) for practice in catalogue}
    place = component.path if component else components.ROOT
    near = Near(look, _seen)
    return [_finding(practice, _told(practice, verdicts[practice.id], near, recall), snapshot, place) for practice in catalogue]


def _working(practice: Practice, verdict: Verdict, working: Seen, why: Callable[[Signal], str]) -> Verdict:
    """What was seen, judged by what works alone: partial where only steps that rest show it, and never less than that."""
    if verdict.status not in (Status.PRESENT, Status.PARTIAL) or not (because := alive.because(verdict.signals, why)):
        return verdict
    found = _seen(working, practice)
    if found and found.status is verdict.status:
        return found
    said = (verdict.reason or _reason(verdict)).rstrip(".")
    return replace(verdict, status=Status.PARTIAL, reason=f"{said}, but {because}.")


def _told(practice: Practice, verdict: Verdict, near: Near, recall: Recall) -> Verdict:
    """What was not seen, with where it was looked for and what came closest."""
    if verdict.status is Status.ABSENT:
        reason = verdict.reason or f"We looked for {practice.looked_for} (in {near.where(practice, recall)}) and found none."
    elif verdict.status is Status.NOT_SEEN and practice.measured and not verdict.signals:
        reason = verdict.reason
    else:
        return verdict
    miss = near.miss(practice, recall)
    return replace(verdict, reason=f"{reason} {miss}" if miss else reason)


def _needed_first(catalogue: Catalogue) -> list[Practice]:
    """The practices in an order in which each comes after those that it needs."""
    done: dict[str, Practice] = {}

    def visit(practice: Practice) -> None:
        for needed in practice.needs:
            if needed in catalogue.by_id and needed not in done:
                visit(catalogue[needed])
        done.setdefault(practice.id, practice)

    for practice in catalogue:
        visit(practice)
    return list(done.values())


def _judge(
    look: Seen,
    practice: Practice,
    kind: Kind,
    verdicts: Mapping[str, Verdict],
    catalogue: Catalogue,
    untold: tuple[Signal, ...],
    recall: Recall,
) -> Verdict:
    if untold and kind not in practice.applies:
        return _unknown(untold, "What this repository is for cannot be told, since ")
    if reason := _not_applicable(look, practice, kind, verdicts, catalogue):
        return Verdict(Status.NOT_APPLICABLE, (), reason)
    if not practice.measured:
        return Verdict(Status.NOT_SEEN, (), "Not measured yet.")
    found = recall.of(("seen", practice.id), look, lambda look: _seen(look, practice)) or _nothing_seen(look, practice)
    if found.status is Status.ABSENT or (found.status is Status.NOT_SEEN and not found.signals):
        unread = _unread(look, () if _left(practice, found) else practice.clues()) or _unread(
            look, _preconditions(look, practice)
        )
        needed = (verdicts[needed] for needed in practice.needs if needed in verdicts)
        return _unknown(unread) if unread else next((verdict for verdict in needed if verdict.status is Status.UNKNOWN), found)
    if found.signals and (told := recall.of(("product", practice.id), look, partial(_product, practice))):
        reason = f"By {told[0].path or 'its topics'} this is what the product itself does; whether the team does it too, its code cannot tell."
        return Verdict(Status.NOT_SEEN, told, reason)
    return found


def _left(practice: Practice, found: Verdict) -> bool:
    """Whether something that was seen shows that a corner was left: no file that was not read can take that back."""
    return practice.role is Role.CORNER and found.status is Status.ABSENT and bool(found.signals)


def _product(practice: Practice, look: Seen) -> tuple[Signal, ...]:
    return tuple(signal for clue in practice.product for signal in clue.find(look))


def _kind_untold(look: Seen, kind: Kind) -> tuple[Signal, ...]:
    """The manifests at the root that could not be read, where nothing else shows that requests are served."""
    if kind in SERVICES:
        return ()
    return tuple(
        signal
        for signal in look.of(SignalKind.UNREADABLE)
        if signal.path and "/" not in signal.path and not _PROGRAMS.isdisjoint(signal.detail("ecosystems").split())
    )


def _not_applicable(look: Seen, practice: Practice, kind: Kind, verdicts: Mapping[str, Verdict], catalogue: Catalogue) -> str:
    if kind not in practice.applies:
        return practice.not_for or f"This is {_KIND_NOUNS[kind]}."
    for required in practice.requires:
        alternatives = required if isinstance(required, tuple) else (required,)
        if all(look.fact(fact) is False for fact in alternatives):
            return " and ".join(facts.WITHOUT[fact] for fact in alternatives).capitalize() + "."
    for needed in practice.needs:
        verdict = verdicts.get(needed)
        if verdict and catalogue[needed].measured and verdict.status in (Status.ABSENT, Status.NOT_APPLICABLE, Status.NOT_SEEN):
            return f"It builds on another practice that is not there: {catalogue[needed].title.lower()}."
    return ""


def _seen(look: Seen, practice: Practice) -> Verdict | None:
    if practice.judge and (verdict := practice.judge(look)):
        return verdict
    for clue in practice.present:
        if signals := clue.find(look):
            return Verdict(Status.PRESENT, signals)
    partial = tuple(dict.fromkeys(signal for clue in practice.partial for signal in clue.find(look)))
    return Verdict(Status.PARTIAL, partial) if partial else None


def _nothing_seen(look: Seen, practice: Practice) -> Verdict:
    if practice.observable is not Observable.YES:
        return Verdict(Status.NOT_SEEN, (), "Nothing in the repository shows it, and nothing has to.")
    for fact, elsewhere in practice.console:
        if look.fact(fact):
            return Verdict(Status.NOT_SEEN, (), elsewhere + ".")
    for clue, says in practice.doubt:
        if hints := tuple(signal for signal in clue.find(look) if signal.path):
            reason = f"{hints[0].path} {says}; whether that is it, only people who know the repository can tell."
            return Verdict(Status.NOT_SEEN, hints, reason)
    return Verdict(Status.ABSENT)


def _preconditions(look: Seen, practice: Practice) -> Iterator[Clue]:
    """The clues of what the practice requires, as far as that is not settled."""
    for required in practice.requires:
        alternatives = required if isinstance(required, tuple) else (required,)
        if not any(look.fact(fact) for fact in alternatives):
            yield from (facts.RULES[fact].clue for fact in alternatives if look.fact(fact) is None and fact in facts.RULES)


def _unread(look: Seen, clues: Iterable[Clue]) -> tuple[Signal, ...]:
    """The files that could not be read and in which one of the clues might have been seen."""
    unread = [signal for signal in look.of(SignalKind.UNREADABLE) if signal.path]
    if not unread:
        return ()
    parts = [
        part for clue in clues for part in clue.parts() if isinstance(part, CodeClue | DependencyClue | ManifestClue | StepClue)
    ]
    # Nothing is known of a folder that is missing, and so anything might be in it.
    return tuple(
        signal for signal in unread if not (signal.value or signal.about) or any(part.might_be_in(signal) for part in parts)
    )


def _unknown(unread: Sequence[Signal], because: str = "") -> Verdict:
    first, more = unread[0], len(unread) - 1
    what = f"{because}one file" if not more else f"{because}{more + 1} files"
    told = f"{first.path} ({first.name}){f' and {more} more' if more else ''}"
    return Verdict(Status.UNKNOWN, (), f"{what[0].upper()}{what[1:]} could not be read: {told}.")


def _finding(practice: Practice, verdict: Verdict, snapshot: Snapshot, component: str) -> Finding:
    if component != components.ROOT:
        # What is a component's own is shown before what it shares.
        own = sorted(verdict.signals, key=lambda signal: not (signal.path or "").startswith(f"{component}/"))
        verdict = replace(verdict, signals=tuple(own))
    evidence: dict[Evidence, None] = {}
    for signal in verdict.signals:
        evidence[_evidence(signal, snapshot)] = None
        if len(evidence) == MOST_EVIDENCE:
            break
    return Finding(
        practice=practice.id,
        stage=practice.stage,
        status=verdict.status,
        component=component,
        reason=verdict.reason or _reason(verdict),
        looked_for=practice.looked_for,
        evidence=tuple(evidence),
    )


def _reason(verdict: Verdict) -> str:
    paths = list(dict.fromkeys(signal.path for signal in verdict.signals if signal.path))
    if not paths:
        return "Seen."
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    where = f"{paths[0]}{more}"
    return f"Seen in {where}." if verdict.status is Status.PRESENT else f"Only part of it was seen, in {where}."


def _evidence(signal: Signal, snapshot: Snapshot) -> Evidence:
    url = None
    if snapshot.url and signal.kind is SignalKind.ACTIVITY:
        url = f"{snapshot.url}/commits/{snapshot.commit}"
    elif snapshot.url and signal.path:
        line = f"#L{signal.line}" if signal.line else ""
        url = f"{snapshot.url}/blob/{snapshot.commit}/{quote(signal.path)}{line}"
    return Evidence(signal.path, signal.line, snapshot.commit, url)
