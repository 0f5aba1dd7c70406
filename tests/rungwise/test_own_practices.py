"""People's own practices: what a folder adds and changes, and what is said where it makes no sense."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rungwise import clues, own_practices
from rungwise.__main__ import BAD_INPUT, DONE, main
from rungwise.catalogue import load as load_ours
from rungwise.clues import ANYWHERE, DIRECT, JVM, Clue, code, dependency, file, setting, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage
from rungwise.own_practices import VOCABULARY, folder_named, load, parameters_of
from rungwise.settings import SettingsError
from tests.repositories import Files

Folder = Callable[..., Path]

LEAST = 'title = "T"\nstage = "testing"\nwhy = "W."\nadvice = "A."\nlooked_for = "L"\n'
"""All that a practice has to have."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A function that writes files into a folder of practices."""

    def write(**files: str) -> Path:
        path = tmp_path / "practices"
        path.mkdir(exist_ok=True)
        for name, text in files.items():
            (path / f"{name.replace('_', '-')}.toml").write_text(text, "utf-8")
        return path

    return write


def present(folder: Folder, text: str) -> Clue:
    """The one clue that this text makes under ``present``."""
    [clue] = load(folder(one=f"{LEAST}\n[[present]]\n{text}"))["one"].present
    return clue


def test_what_is_left_out_is_cautious(folder: Folder) -> None:
    catalogue = load(folder(one=LEAST))
    practice = catalogue["one"]
    assert (practice.title, practice.stage, practice.advice) == ("T", Stage.TESTING, ("A.",))
    assert (practice.role, practice.effort, practice.observable) == (Role.SUPPORTING, Effort.MEDIUM, Observable.PARTLY)
    assert not practice.measured
    assert catalogue.own == {"one"}
    assert len(catalogue.practices) == 77
    assert [each.stage for each in catalogue] == sorted(each.stage for each in catalogue)


def test_every_field(folder: Folder) -> None:
    text = f"""{LEAST.replace('"A."', '["A.", "B."]').replace('"testing"', "5")}
guide = "https://example.org"
role = "anchor"
effort = "large"
impact = 5
observable = "yes"
applies = ["SERVICES", "LIB"]
question = "Q?"
not_for = "N."
after = ["unit-tests"]
needs = "ci-tests"
requires = ["has_users", ["has_frontend", "has_http_api"]]
extension = true
overlaps = "feature-flags"
console = {{ own_compute = "It may be set elsewhere." }}
present = [{{ file = "a" }}]
partial = [{{ file = "b" }}]
product = [{{ file = "c" }}]
near = [{{ clue.file = "d", says = "is none" }}]
doubt = [{{ clue.file = "e", says = "may be one" }}]
"""
    practice = load(folder(one=text))["one"]
    assert (practice.stage, practice.role, practice.effort, practice.impact) == (Stage.HARDENING, Role.ANCHOR, Effort.LARGE, 5)
    assert practice.applies == (Kind.APP, Kind.SELF, Kind.LIB)
    assert (practice.after, practice.needs, practice.extension) == (("unit-tests",), ("ci-tests",), True)
    assert practice.requires == (Fact.USERS, (Fact.FRONTEND, Fact.HTTP_API))
    assert practice.console == ((Fact.OWN_COMPUTE, "It may be set elsewhere"),)
    assert (practice.present, practice.partial, practice.product) == ((file("a"),), (file("b"),), (file("c"),))
    assert practice.near == ((file("d"), "is none"),)
    assert practice.doubt == ((file("e"), "may be one"),)


def test_a_file_may_say_whatever_a_unit_of_ours_may_but_functions_and_corners() -> None:
    fields = set(inspect.signature(own_practices.Practice).parameters)
    assert fields - set(own_practices._FIELDS) == {"id", "judge", "uses", "graduates_to"}
    assert set(own_practices._FIELDS) - fields == {"overlaps"}


@pytest.mark.parametrize(
    ("text", "clue"),
    [
        ('file = "a.toml"', file("a.toml")),
        ('file = ["a", "b c"]', file("a", "b c")),
        ('file = { globs = "a", where = "ANYWHERE", but_not = ["b"] }', file("a", where=ANYWHERE, but_not=("b",))),
        ('dependency = { npm = "x y", pypi = ["Z"], scope = "DIRECT" }', dependency(npm="x y", pypi="Z", scope=DIRECT)),
        (
            "code = { pattern = '\\bf\\(', languages = [\"JVM\", \"go\"], example = 'f()', strings = true, files = '*.x *.y' }",
            code(r"\bf\(", (*JVM, clues.Language.GO), example="f()", strings=True, files="*.x *.y"),
        ),
        (
            "step = { run = 'x', uses = 'y/y', example = 'x', on = ['schedule'], soft = true, services = 'db' }",
            step("x", "y/y", example="x", on=("schedule",), soft=True, services="db"),
        ),
        ('setting = { name = "s", values = ["on", "off"] }', setting("s", "on", "off")),
        ("manifest = { name = 'npm:private', value = '^true$' }", clues.manifest("npm:private", "^true$")),
        ('both = [{ file = "a" }, { file = "b" }]', clues.both(file("a"), file("b"))),
        ('either = [{ file = "a" }, { beside = [{ file = "b" }] }]', clues.either(file("a"), clues.beside(file("b")))),
        ('at_least = { files = 2, clue.file = "a" }', clues.at_least(2, file("a"))),
        (
            'given = { fact = "has_users", clue.file = "a", expected = false }',
            clues.given(Fact.USERS, file("a"), expected=False),
        ),
    ],
)
def test_every_word_of_the_vocabulary(folder: Folder, text: str, clue: Clue) -> None:
    assert present(folder, text) == clue


def test_the_vocabulary_is_ours() -> None:
    makers = {
        name
        for name, function in inspect.getmembers(clues, inspect.isfunction)
        if function.__module__ == clues.__name__ and not name.startswith("_") and str(function.__annotations__.get("return")) in CLUES
    }  # fmt: skip
    assert set(VOCABULARY) == makers


CLUES = {name for name, each in inspect.getmembers(clues, inspect.isclass) if hasattr(each, "find")}


WRONG = {
    "title = \n": "one.toml is not valid TOML: Invalid value (at line 1, column 9)",
    LEAST.replace("why", "wy"): "one.toml: the file has the unknown key 'wy'; it takes title, stage, why, .* Did you mean 'why'?",
    LEAST.replace('why = "W."\n', ""): "one.toml: why is missing; say in a sentence or two why it matters.",
    LEAST.replace('"W."', "3"): "one.toml: why is 3 but has to be a text",
    LEAST.replace('"W."', '" "'): "one.toml: why is the text ' ' but has to be a text",
    LEAST.replace('"testing"', '"tests"'): "one.toml: stage is the text 'tests', which it cannot be; .*Did you mean 'testing'?",
    LEAST.replace('"testing"', "7"): "one.toml: stage is 7, which it cannot be; it is one of prototyping, observing",
    f"{LEAST}impact = 6": "one.toml: impact is 6 but has to be a whole number from 1 to 5",
    f"{LEAST}role = 'corner'": "one.toml: role is the text 'corner', which it cannot be; it is one of anchor, core, supporting",
    f"{LEAST}applies = ['WEB']": "one.toml: applies has 'WEB', which it cannot have; it takes EMPTY, .* SERVICES, PRODUCTS, CODE",
    f"{LEAST}after = 'unit-test'": "one.toml: after names 'unit-test', and there is no other practice of that name. Did you mean 'unit-tests'?",
    f"{LEAST}needs = 'one'": "one.toml: needs names 'one', and there is no other practice of that name",
    f"{LEAST}guide = 'javascript:alert(1)'": "one.toml: guide is .* but has to be an address that begins with https://",
    f"{LEAST}extension = 1": "one.toml: extension is 1 but has to be true or false",
    f"{LEAST}requires = 'users'": "one.toml: requires is the text 'users', which it cannot be; .*has_users",
    f"{LEAST}console = 'x'": "one.toml: console is the text 'x' but has to be a table",
    f"{LEAST}present = 'x'": "one.toml: present 1 is the text 'x' but has to be a table",
    f"{LEAST}present = [{{ fiel = 'x' }}]": "one.toml: present 1 has the unknown key 'fiel'; .*Did you mean 'file'?",
    f"{LEAST}present = [{{ file = 'x', code = 'y' }}]": "one.toml: present 1 has 2 keys; a clue has one, which is one of file, dependency",
    f"{LEAST}present = [{{ file = 3 }}]": "one.toml: present 1, file, globs is 3 but has to be a text, or a list of texts",
    f"{LEAST}present = [{{ dependency.nmp = 'x' }}]": "one.toml: present 1, dependency has the unknown key 'nmp'; .*Did you mean 'npm'?",
    f"{LEAST}present = [{{ dependency.scope = 'DIRECT' }}]": "one.toml: present 1, dependency names no package",
    f"{LEAST}present = [{{ code = {{ pattern = 'a', languages = 'python' }} }}]": "one.toml: present 1, code has no example, and needs one",
    f"{LEAST}present = [{{ code = {{ pattern = 'a', languages = 'pyton', example = 'a' }} }}]": "languages has 'pyton'.*Did you mean 'python'?",
    f"{LEAST}present = [{{ code = {{ pattern = '(?=a)', languages = 'python', example = 'a' }} }}]": "code has the pattern '(?=a)', which is none (.*); patterns are RE2's: no look-around",
    f"{LEAST}present = [{{ code = {{ pattern = 'b', languages = 'python', example = 'a' }} }}]": "present 1, code does not see its own example 'a'",
    f"{LEAST}present = [{{ step = {{ example = 'a' }} }}]": "present 1, step has neither run nor uses",
    f"{LEAST}present = [{{ step = {{ run = 'b', example = 'a' }} }}]": "present 1, step does not see its own example 'a'",
    f"{LEAST}present = [{{ step = {{ run = 'a', example = 'a', services = '(' }} }}]": "step has the pattern '(', which is none",
    f"{LEAST}present = [{{ manifest = {{ name = 'npm:a', value = '[' }} }}]": "manifest has the pattern '[', which is none",
    f"{LEAST}present = [{{ at_least = {{ files = 0, clue.file = 'a' }} }}]": "at_least, files is 0 but has to be a whole number above 0",
    f"{LEAST}present = [{{ both = [{{ file = 'a' }}, {{ fil = 'b' }}] }}]": "one.toml: present 1, both, clues 2 has the unknown key 'fil'",
    f"{LEAST}near = [{{ clue.file = 'a' }}]": "one.toml: near 1, says is missing",
    "off = true\nreason = 'x'": "one.toml: none of our practices is called one.",
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), WRONG.items(), ids=range(len(WRONG)))
def test_what_is_wrong_is_told_with_file_and_key(folder: Folder, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(folder(one=text))
    told = str(error.value)
    expected = ".*".join(map(re.escape, sentence.split(".*")))
    assert re.search(expected, told), told
    assert "\n" not in told
    assert told.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{LEAST}reason = 'x'", "unit-tests is one of ours; a file of that name takes off or stage, and reason"),
        ("off = true", "reason is missing but has to be a text; say why in a few words"),
        ("off = false\nreason = 'x'", "off has to be true, or take the file away"),
        ("off = true\nstage = 'testing'\nreason = 'x'", "it has off and stage; keep one of them"),
        ("stage = 'late'\nreason = 'x'", "stage is the text 'late', which it cannot be"),
    ],
)
def test_ours_can_only_be_switched_off_or_moved(folder: Folder, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"unit-tests.toml: {sentence}")):
        load(folder(unit_tests=text))


def test_the_folder_and_its_names(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not there; name another one"):
        load(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="is a file"):
        load(tmp_path / "file")
    path = folder(one=LEAST)
    (path / "more").mkdir()
    (path / ".hidden").mkdir()
    (path / ".hidden" / "one.toml").write_text("no TOML")
    (path / "README.md").write_text("Ours.")
    (path / "more" / "two.toml").write_text(LEAST)
    assert load(path).own == {"one", "two"}
    (path / "more" / "one.toml").write_text(LEAST)
    with pytest.raises(SettingsError, match=r"one\.toml is there twice"):
        load(path)
    (path / "more" / "one.toml").rename(path / "Three_Four.toml")
    with pytest.raises(SettingsError, match=r"Three_Four\.toml: a file is named after its practice"):
        load(path)
    (path / "Three_Four.toml").unlink()
    (path / "two.toml").write_bytes(b"\xff\xfe")
    (path / "more" / "two.toml").unlink()
    with pytest.raises(SettingsError, match=r"two\.toml is not UTF-8 text"):
        load(path)


def test_circles_are_refused(folder: Folder) -> None:
    with pytest.raises(SettingsError, match=r"one\.toml: it comes after itself"):
        load(folder(one=f"{LEAST}needs = 'two'", two=f"{LEAST}after = 'one'"))


def test_ours_switched_off_and_moved(folder: Folder) -> None:
    path = folder(ci_tests="off = true\nreason = 'No CI.'", secret_scanning="stage = 'protecting'\nreason = 'Early.'")
    catalogue = load(path)
    assert "ci-tests" not in catalogue.by_id
    assert not [each.id for each in catalogue if "ci-tests" in (*each.after, *each.needs, each.graduates_to)]
    assert [each.id for each in load_ours() if "ci-tests" in (*each.after, *each.needs)], "somebody refers to it"
    assert catalogue["secret-scanning"] in catalogue.of(Stage.PROTECTING)
    assert [(each.practice.id, each.stage, each.reason) for each in catalogue.adjusted] == [
        ("ci-tests", None, "No CI."),
        ("secret-scanning", Stage.PROTECTING, "Early."),
    ]
    assert load_ours()["secret-scanning"].stage is Stage.HARDENING, "ours stays as it is"
    with pytest.raises(SettingsError, match="after names 'ci-tests'"):
        load(folder(one=f"{LEAST}after = 'ci-tests'"))


def test_the_hash_tells_folders_apart(folder: Folder, tmp_path: Path) -> None:
    assert load(None) == load_ours()
    (tmp_path / "empty").mkdir()
    assert load(tmp_path / "empty").hash == load_ours().hash
    one = load(folder(one=LEAST)).hash
    assert one != load_ours().hash
    assert load(folder(one=LEAST)).hash == one
    assert load(folder(one=LEAST.replace("W.", "V."))).hash != one, "read anew, though the folder is the same"
    (tmp_path / "practices" / "one.toml").rename(tmp_path / "practices" / "two.toml")
    assert load(tmp_path / "practices").hash != one


def test_which_folder_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_practices, "DEFAULT", tmp_path)
    assert folder_named(Path("a"), {"RUNGWISE_PRACTICES": "b"}) == Path("a")
    assert folder_named(None, {"RUNGWISE_PRACTICES": "b"}) == Path("b")
    assert folder_named(None, {"RUNGWISE_PRACTICES": ""}) == tmp_path
    monkeypatch.setattr(own_practices, "DEFAULT", tmp_path / "none")
    assert folder_named(None, {}) is None


CATALOGUED = """
title = "In the catalogue"
stage = "observing"
why = "W."
advice = "A."
looked_for = "an owner"
observable = "yes"

[[present]]
code.pattern = '^owner:'
code.languages = "yaml"
code.example = "owner: a"

[[partial]]
file = "catalog-info.yaml"
"""
SERVICE: Files = {
    "package.json": '{"name": "shop", "dependencies": {"express": "4"}}',
    "index.js": "require('express')().listen(80)\n",
}


@pytest.mark.parametrize(
    ("files", "status"),
    [({"catalog-info.yaml": "owner: me"}, "present"), ({"catalog-info.yaml": "# owner: me"}, "partial"), ({}, "absent")],
)
def test_a_repository_is_judged_by_it(
    folder: Folder, make_repository: Callable[..., Path], capsys: pytest.CaptureFixture[str], files: Files, status: str
) -> None:
    path = folder(in_catalogue=CATALOGUED, ab_experiments="off = true\nreason = 'x'")
    assert main(["check", str(make_repository({**SERVICE, **files})), "--json", "--practices", str(path)]) == DONE
    answer = json.loads(capsys.readouterr().out)
    found = {each["id"]: each for each in answer["practices"]}
    assert (found["in-catalogue"]["status"], found["in-catalogue"]["stage"]) == (status, 2)
    assert "ab-experiments" not in found
    assert len(found) == 76
    assert answer["catalogue"] == load(path).hash


@pytest.mark.parametrize(
    "command", [["check", "."], ["collect", "local", "."], ["rejudge"], ["export"], ["practices"], ["collect", "github", "acme"]]
)
def test_a_malformed_file_stops_every_command(
    folder: Folder, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGWISE_PRACTICES", str(folder(one=LEAST.replace("why", "wy"))))
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path / "db"))
    assert main(command) == BAD_INPUT
    told = capsys.readouterr().err
    assert told.startswith("rungwise: one.toml: the file has the unknown key 'wy'")
    assert told.count("\n") == 1
    assert not (tmp_path / "db").exists()


def test_the_doctor_says_it_too(
    folder: Folder, tmp_path: Path, make_repository: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    repository, database = str(make_repository(SERVICE)), ["--database", str(tmp_path / "db")]
    path = folder(in_catalogue=CATALOGUED)
    assert main(["collect", "local", repository, *database, "--practices", str(path)]) == DONE
    capsys.readouterr()
    main(["doctor", *database, "--practices", str(path)])
    told = capsys.readouterr().out
    assert re.search(r"ok +Practices +76 of ours and 1 of your own; 0 of ours switched off, 0 moved", told)
    assert re.search(r"ok +Rules ", told)
    main(["doctor", *database])
    assert re.search(r"off +Rules +1 repositories in .* were judged by others", capsys.readouterr().out)
    main(["doctor", *database, "--practices", str(folder(in_catalogue="x"))])
    assert re.search(r"off +Practices +in-catalogue.toml is not valid TOML", capsys.readouterr().out)


ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "practices"


def test_the_worked_example_is_what_its_page_shows() -> None:
    page = (ROOT / "docs" / "own-practices.md").read_text("utf-8")
    shown = re.findall(r"`([a-z-]+\.toml)`:\n\n```toml\n(.*?)```", page, re.DOTALL)
    assert dict(shown) == {path.name: path.read_text("utf-8") for path in EXAMPLE.glob("*")}


def test_the_worked_example_works(
    make_repository: Callable[..., Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "own-practices.md").read_text("utf-8")
    shop = make_repository(
        {
            **SERVICE,
            "catalog-info.yaml": "spec:\n  owner: payments\n",
            "requirements.txt": "acme-http\nstripe\n",
            "pay.py": "import acme_http, stripe\nstripe.Charge.create()\nsession = acme_http.client()\n",
        }
    )
    monkeypatch.chdir(ROOT)
    commands = [
        command.replace("../my-repository", str(shop)).split()
        for command in re.findall(r"^uv run python -m rungwise (.*--practices.*)$", page, re.MULTILINE)
    ]
    assert [command[0] for command in commands] == ["practices", "check"]
    for command in commands:
        assert main(command) == DONE
    capsys.readouterr()
    assert main([*commands[1], "--json"]) == DONE
    found = {each["id"]: each for each in json.loads(capsys.readouterr().out)["practices"]}
    assert found["service-catalogue"]["status"] == found["http-timeouts"]["status"] == "present"
    assert found["service-catalogue"]["evidence"][0]["line"] == 2
    assert found["secret-scanning"]["stage"] == 4
    assert "ab-experiments" not in found


def test_the_page_names_the_whole_vocabulary() -> None:
    page = (ROOT / "docs" / "own-practices.md").read_text("utf-8")
    rows = {
        word: row for row in re.findall(r"^\| `.*$", page, re.MULTILINE) for word in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert set(rows) == set(VOCABULARY)
    for word, function in VOCABULARY.items():
        if word not in ("both", "either", "beside"):
            for name in parameters_of(function):
                assert f"`{name}`" in rows[word], (word, name)
