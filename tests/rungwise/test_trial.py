"""The trial of people's own practices: what they see of their own examples, and of others'."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.examples import Trial
from rungwise.__main__ import BAD_INPUT, DONE, main
from rungwise.own_practices import load, read
from rungwise.trial import tried

LEAST = 'title = "T"\nstage = "testing"\nwhy = "W."\nadvice = "A."\nlooked_for = "L"\n'
TRACKER = f"""{LEAST}
[[present]]
code.pattern = '\\bSentry\\.init\\('
code.languages = "javascript"
code.example = "Sentry.init({{ dsn }})"
"""


def problems(folder: Path, **files: str) -> dict[str, tuple[str, ...]]:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return {each.practice: each.problems for each in tried(read(folder), load(folder), lambda clues: Trial(clues).seen)}


def test_nothing_to_say_of_a_pattern_that_sees_its_own_example_alone(tmp_path: Path) -> None:
    fine = TRACKER.replace("Sentry", "OurTracker")
    assert problems(tmp_path, fine=fine) == {"fine": ()}


def test_an_example_that_stands_in_a_comment_or_a_string_is_not_seen(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        comment=TRACKER.replace("Sentry", "OurTracker").replace('"OurTracker', '"// OurTracker'),
        string=TRACKER.replace("Sentry", "OurTracker").replace("OurTracker.init({ dsn })", "x('OurTracker.init()')"),
    )
    for name, [problem] in found.items():
        assert "does not see its example" in problem, name
        assert "OurTracker" in problem


def test_an_example_of_another_practice_is_not_claimed(tmp_path: Path) -> None:
    found = problems(tmp_path, ours=TRACKER)["ours"]
    assert any("it claims 'Sentry.init({ dsn })', an example of client-error-tracking" in problem for problem in found)
    allowed = TRACKER.replace("\n[[", 'overlaps = ["error-tracking", "client-error-tracking"]\n[[', 1)
    assert problems(tmp_path, ours=allowed) == {"ours": ()}


def test_one_of_ones_own_may_be_claimed_as_little(tmp_path: Path) -> None:
    one = TRACKER.replace("Sentry", "OurTracker")
    other = one.replace("OurTracker\\.init", "Our\\w+\\.init")
    found = problems(tmp_path, one=one, other=other)
    assert "an example of other" in found["one"][0]
    assert "an example of one" in found["other"][0]


def test_a_pattern_that_counts_only_together_with_another_claims_nothing_alone(tmp_path: Path) -> None:
    together = TRACKER.replace(
        "[[present]]\ncode", "[[present]]\n[[present.both]]\ndependency.npm = 'acme-tracker'\n[[present.both]]\ncode", 1
    )
    assert problems(tmp_path, ours=together) == {"ours": ()}


def test_a_command_of_another_practice_is_not_claimed(tmp_path: Path) -> None:
    greedy = f"{LEAST}\n[[present]]\nstep.run = '.'\nstep.example = 'anything'\n"
    assert any("an example of ci-tests" in problem for problem in problems(tmp_path, greedy=greedy)["greedy"])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.toml").write_text(TRACKER)
    assert main(["practices", "--practices", str(tmp_path)]) == BAD_INPUT
    told = capsys.readouterr()
    assert "76 of ours and 1 of your own" in told.out
    assert "rungwise: ours.toml: it claims" in told.err
    (tmp_path / "ours.toml").write_text(TRACKER.replace("Sentry", "OurTracker"))
    (tmp_path / "unit-tests.toml").write_text("off = true\nreason = 'Proofs.'")
    assert main(["practices", "--practices", str(tmp_path)]) == DONE
    told = capsys.readouterr()
    assert "switched off: The core logic has automated tests (unit-tests). Proofs." in told.out
    assert "Every pattern sees its own example" in told.out
    assert told.err == ""


def test_without_a_folder(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNGWISE_PRACTICES", raising=False)
    assert main(["practices"]) == BAD_INPUT
    assert "No folder of practices is named" in capsys.readouterr().err
