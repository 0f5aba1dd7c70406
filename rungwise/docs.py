"""Writes what the documentation says about practices, from the practices themselves.

``python -m rungwise.docs`` brings ``README.md`` and ``docs/practices.md`` up to date; with ``--check`` it changes nothing and
exits with status 1 if one of them is not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rungwise.catalogue import Catalogue, Practice, load
from rungwise.model import Effort, Observable, Role, Stage

BEGIN, END = "<!-- catalogue: begin -->", "<!-- catalogue: end -->"
"""The lines of the README between which the table stands."""

_ROLES = {
    Role.ANCHOR: "anchor: the stage is not held without it",
    Role.CORE: "core",
    Role.SUPPORTING: "supporting",
    Role.CORNER: "a corner that a prototype may cut; shown, never counted",
}
_EFFORTS = {
    Effort.SMALL: "small (under half a day)",
    Effort.MEDIUM: "medium (up to a week)",
    Effort.LARGE: "large (more than a week)",
}
_SHOWS = {
    Observable.YES: "A repository that has it shows it, so not finding it counts as absent.",
    Observable.PARTLY: "A repository may have it without showing it, so not finding it is a question.",
    Observable.NO: "A repository cannot show it: people have to say.",
}


def readme_table(catalogue: Catalogue) -> str:
    """The catalogue as one Markdown table, a practice a row, in the order of the ladder."""
    measured = sum(practice.measured for practice in catalogue)
    rows = [
        f"| {practice.stage.value} {practice.stage.short} | {_link(practice)} "
        f"| {_cell(practice.looked_for)} | {'yes' if practice.measured else 'not yet'} |"
        for practice in catalogue
    ]
    head = ["| Stage | Practice | What is looked for | Measured |", "|---|---|---|---|"]
    return "\n".join([f"{measured} of {len(catalogue.practices)} practices are measured so far.", "", *head, *rows])


def practices_page(catalogue: Catalogue) -> str:
    """``docs/practices.md``: every practice in full, a stage a chapter."""
    lines = [
        "# The practices",
        "",
        "Made by `uv run python -m rungwise.docs` from `rungwise/practices/`: change a practice there, not here.",
    ]
    for stage in Stage:
        lines += ["", f"## {stage.value}. {stage.title}"]
        for practice in catalogue.of(stage):
            lines += ["", *_chapter(practice, catalogue)]
    return "\n".join(lines) + "\n"


def _chapter(practice: Practice, catalogue: Catalogue) -> Iterator[str]:
    yield from (f'<a id="{practice.id}"></a>', "", f"### {practice.title}", "")
    yield f"`{practice.id}` · {_ROLES[practice.role]} · {_EFFORTS[practice.effort]} · impact {practice.impact} of 5"
    if practice.extension:
        yield "· an addition to the article: shown, but it moves no stage"
    yield from ("", practice.why, "")
    yield from (f"- {advice}" for advice in practice.advice)
    shows = _SHOWS[practice.observable] if practice.measured else "Not measured yet."
    yield from ("", f"**Looked for:** {practice.looked_for.rstrip('.')}. {shows}")
    if practice.question:
        yield from ("", f"**Asked where it cannot be seen:** {practice.question}")
    yield from ("", f"**For:** {', '.join(kind.value for kind in practice.applies)}.{_conditions(practice)}")
    if practice.not_for:
        yield from ("", f"**Does not apply:** {practice.not_for}")
    if practice.after:
        yield from ("", f"**Do first:** {', '.join(_title_link(other, catalogue) for other in practice.after)}.")
    if practice.graduates_to:
        yield from ("", f"**Leads to:** {_title_link(practice.graduates_to, catalogue)}.")
    yield from ("", f"[Guide]({practice.guide}) · [how it is judged]({_source(practice)})")


def _conditions(practice: Practice) -> str:
    alternatives = [need if isinstance(need, tuple) else (need,) for need in practice.requires]
    facts = " and ".join(" or ".join(f"`{fact.value}`" for fact in facts) for facts in alternatives)
    return f" Only where {facts} holds." if facts else ""


def _source(practice: Practice) -> str:
    """Where the unit lies, seen from ``docs/``."""
    stage = practice.stage
    return f"../rungwise/practices/stage{stage.value}_{stage.name.lower()}/{practice.id.replace('-', '_')}.py"


def _link(practice: Practice) -> str:
    return f"[{_cell(practice.title)}](docs/practices.md#{practice.id})"


def _title_link(practice: str, catalogue: Catalogue) -> str:
    return f"[{catalogue[practice].title}](#{practice})"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def with_table(readme: str, table: str) -> str:
    """The README with the table between its two markers; ``ValueError`` where they are not there once each, in that order."""
    before, begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in after:
        raise ValueError(f"README.md needs one {BEGIN} and after it one {END}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def pages(root: Path, catalogue: Catalogue) -> dict[Path, str]:
    """What each generated file has to say; ``root`` is the project's folder."""
    readme = root / "README.md"
    return {
        readme: with_table(readme.read_text(encoding="utf-8"), readme_table(catalogue)),
        root / "docs" / "practices.md": practices_page(catalogue),
    }


def stale(wanted: dict[Path, str]) -> list[Path]:
    """The files that say something else than they should, or are not there."""
    return [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


def main(arguments: Iterable[str] | None = None, root: Path = Path(__file__).parents[1]) -> int:
    """The command: 0 where everything is (now) up to date, 1 where ``--check`` found something stale."""
    parser = argparse.ArgumentParser(prog="python -m rungwise.docs", description="Bring the generated documentation up to date.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if something is out of date")
    options = parser.parse_args(None if arguments is None else list(arguments))
    wanted = pages(root, load())
    for path in stale(wanted):
        name = path.relative_to(root)
        if options.check:
            print(f"{name} is out of date: run `uv run python -m rungwise.docs`", file=sys.stderr)
        else:
            path.write_text(wanted[path], encoding="utf-8")
            print(f"{name} written")
    return int(options.check and bool(stale(wanted)))


if __name__ == "__main__":
    sys.exit(main())
