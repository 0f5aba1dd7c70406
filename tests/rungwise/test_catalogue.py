"""The catalogue as a whole: every unit is complete, and every pattern sees its own example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import re2

from collectors.examples import file_of, path_in
from collectors.source import Patterns, language_of
from rungwise import facts, kinds, practices
from rungwise.catalogue import Practice, load
from rungwise.clues import Clue, CodeClue, DependencyClue, FileClue, Language, StepClue, glob_regex
from rungwise.model import Kind, Role, Stage

CATALOGUE = load()
ALL_CLUES: list[tuple[str, Clue]] = [
    (owner, part)
    for owner, clues in [
        *((practice.id, list(practice.clues())) for practice in CATALOGUE),
        ("facts", list(facts.clues())),
        ("kinds", list(kinds.clues())),
    ]
    for clue in clues
    for part in clue.parts()
]


def ids(practice: Practice) -> str:
    return practice.id


def test_all_practices_are_there() -> None:
    assert len(CATALOGUE.practices) == len({practice.id for practice in CATALOGUE}) == 76
    assert [len(CATALOGUE.of(stage)) for stage in Stage] == [13, 11, 13, 15, 13, 11]


@pytest.mark.parametrize("practice", CATALOGUE.practices, ids=ids)
def test_a_unit_is_complete_and_short(practice: Practice) -> None:
    folder = list(Stage)[practice.stage - 1]
    module = practice.id.replace("-", "_")
    assert (Path(practices.__path__[0]) / f"stage{practice.stage}_{folder.name.lower()}" / f"{module}.py").is_file()
    assert practice.title and practice.why and practice.looked_for and practice.advice
    assert len(practice.why.split()) <= 40, "a stranger reads a unit in half a minute"
    assert all(len(line.split()) <= 45 for line in practice.advice)
    assert practice.guide.startswith("https://")
    assert 1 <= practice.impact <= 5
    assert practice.applies
    assert set(practice.applies) <= set(Kind) - {Kind.EMPTY}
    assert not practice.title.endswith(".")
    assert not practice.looked_for.endswith(".")


@pytest.mark.parametrize("practice", CATALOGUE.practices, ids=ids)
def test_a_unit_refers_to_units_that_exist(practice: Practice) -> None:
    for other in (*practice.after, *practice.needs, *([practice.graduates_to] if practice.graduates_to else [])):
        assert other in CATALOGUE.by_id
        assert other != practice.id
    assert (practice.role is Role.CORNER) == bool(practice.graduates_to)


def test_what_comes_first_never_goes_in_circles() -> None:
    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        return any(
            step == goal or (step not in seen and not seen.add(step) and reaches(step, goal, seen))  # type: ignore[func-returns-value]
            for step in (*CATALOGUE[start].after, *CATALOGUE[start].needs)
        )

    assert [practice.id for practice in CATALOGUE if reaches(practice.id, practice.id, set())] == []


CODE = [(owner, clue) for owner, clue in ALL_CLUES if isinstance(clue, CodeClue)]


@pytest.mark.parametrize(("owner", "clue"), CODE, ids=[f"{owner}-{number}" for number, (owner, _) in enumerate(CODE)])
def test_a_pattern_sees_its_example_as_code(owner: str, clue: CodeClue) -> None:
    seen_in = []
    for language in clue.languages:
        path = path_in(language)
        assert language_of(path) is language
        if Patterns([clue]).find(path, language, file_of(clue.example, language)):
            seen_in.append(language)
    assert seen_in, f"{clue.pattern!r} does not match {clue.example!r}"


def test_a_pattern_does_not_see_its_example_in_a_comment() -> None:
    comment = {
        Language.PYTHON: "# ",
        Language.JAVASCRIPT: "// ",
        Language.GO: "// ",
        Language.RUBY: "# ",
        Language.RUST: "// ",
        Language.CSHARP: "// ",
    }
    for owner, clue in CODE:
        for language in set(clue.languages) & set(comment):
            text = "".join(f"{comment[language]}{line}\n" for line in clue.example.splitlines())
            found = Patterns([clue]).find(path_in(language), language, text.encode())
            assert not found, f"{owner}: {clue.pattern!r} matches in a comment"


STEPS = [(owner, clue) for owner, clue in ALL_CLUES if isinstance(clue, StepClue)]


@pytest.mark.parametrize(("owner", "clue"), STEPS, ids=[f"{owner}-{number}" for number, (owner, _) in enumerate(STEPS)])
def test_a_step_sees_its_example(owner: str, clue: StepClue) -> None:
    assert clue.run or clue.uses
    assert any(re.search(pattern, clue.example) for pattern in (clue.run, clue.uses) if pattern)
    for pattern in filter(None, (clue.run, clue.uses)):
        re2.compile(pattern)


def test_globs_are_understood() -> None:
    for owner, clue in ALL_CLUES:
        if isinstance(clue, FileClue):
            for glob in (*clue.globs, *clue.but_not):
                assert glob.count("{") == glob.count("}"), (owner, glob)
                re.compile(glob_regex(glob))


def test_no_dependency_is_named_twice_in_a_clue() -> None:
    for owner, clue in ALL_CLUES:
        if isinstance(clue, DependencyClue):
            assert len(set(clue.names)) == len(clue.names), (
                owner,
                sorted({name for name in clue.names if clue.names.count(name) > 1}),
            )


def test_the_hash_tells_rules_apart() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", CATALOGUE.hash)
