"""What holds for manifests of every ecosystem."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.manifests import Unreadable, ecosystems, manifest_kind, parse, resolve
from rungwise.model import Signal, SignalKind
from tests.collectors.manifest_samples import dependencies, fields, resolved, signals

SAMPLES = {
    "package.json": '{"name": "a", "bin": {"a": "x"}, "scripts": {"t": "x"}, "dependencies": {"b": "npm:c@1"}}',
    "deno.jsonc": '{"imports": {"a": "npm:b@1"}, // why\n "tasks": {"t": {"command": "x"}},}',
    "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n",
    "pyproject.toml": '[project]\nname = "a"\ndependencies = ["b>=1"]\n[tool.poetry.group.dev.dependencies]\nc = "1"\n',
    "Pipfile": '[packages]\na = "*"\n',
    "requirements.txt": "a==1 \\\n    --hash=x\n    # via b\n-r c.txt\n",
    "setup.cfg": "[options]\ninstall_requires =\n  a>=1\n[tool:pytest]\nx = 1\n",
    "setup.py": "from setuptools import setup\nx = ['a']\nsetup(name='n', install_requires=x + ['b'])\n",
    "environment.yml": "dependencies:\n  - a=1\n  - pip:\n    - b\n",
    "go.mod": "module a/b\nrequire (\n\tc/d v1 // indirect\n)\ntool c/d/e\n",
    "pom.xml": "<project><artifactId>a</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId>"
    "</dependency></dependencies></project>",
    "build.gradle.kts": 'plugins { id("a") }\ndependencies {\n  implementation("g:a:1")\n  api(libs.b)\n}\n',
    "libs.versions.toml": '[libraries]\nb = "g:b:1"\n[bundles]\nx = ["b"]\n',
    "Gemfile": 'group :test do\n  gem "a", "1",\n    require: false\nend\n',
    "a.gemspec": 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.add_dependency "b"\nend\n',
    "composer.json": '{"name": "a/b", "require": {"c/d": "1"}, "scripts": {"t": ["x", "y"]}}',
    "Cargo.toml": '[package]\nname = "a"\n[features]\ndefault = ["b"]\n[dependencies]\nb = { version = "1", optional = true }\n',
    "A.csproj": '<Project Sdk="S"><ItemGroup><PackageReference Include="B" /></ItemGroup></Project>',
    "packages.config": '<packages><package id="a" /></packages>',
    "mix.exs": 'defp deps do\n  [{:a, "~> 1.0", only: [:dev, :test]}]\nend\n',
    "main.tf": 'terraform {\n  backend "s3" {\n  }\n}\nresource "aws_x" "y" {\n  a = <<EOT\n{\nEOT\n}\n',
    "compose.yml": "x: &x\n  image: a/b:1\nservices:\n  s:\n    <<: *x\n",
    "Dockerfile": "ARG V=1\nFROM a:${V} AS b\nFROM b\n",
    "action.yml": "name: a\nruns:\n  using: node24\n",
    "Chart.yaml": "name: a\ntype: application\n",
}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("apps/web/package.json", "package.json"),
        ("package-lock.json", None),
        ("backend/requirements.txt", "requirements"),
        ("requirements/prod.in", "requirements"),
        ("dev-requirements.txt", "requirements"),
        ("requirements_test.txt", "requirements"),
        ("requirements-dev.lock", None),
        ("notes/prod.txt", None),
        ("build.gradle", "gradle"),
        ("app/build.gradle.kts", "gradle"),
        ("script.kts", None),
        ("gradle/libs.versions.toml", "gradle-catalogue"),
        ("rust-toolchain.toml", None),
        ("Directory.Packages.props", "msbuild"),
        ("src/A/A.fsproj", "msbuild"),
        ("compose.yaml", "compose"),
        ("docker-compose.dev.yml", "compose"),
        ("ci/test-docker-compose.yml", "compose"),
        ("decompose.yml", None),
        ("composer.json", "composer"),
        ("docker/Dockerfile", "dockerfile"),
        ("Dockerfile.web", "dockerfile"),
        ("web.Dockerfile", "dockerfile"),
        ("Dockerfile.dockerignore", None),
        ("docs/dockerfile-tips.md", None),
        (".github/actions/setup/action.yml", "action"),
        ("environment.yml", "conda"),
        ("environment-dev.yaml", "conda"),
        ("environments.yml", None),
        ("main.tf", "terraform"),
        ("terraform.tfvars", None),
    ],
)
def test_a_path_says_which_parser_it_belongs_to(path: str, kind: str | None) -> None:
    assert manifest_kind(path) == kind


def test_every_kind_has_a_sample() -> None:
    from collectors.manifests import _PARSERS

    assert {manifest_kind(path) for path in SAMPLES} == set(_PARSERS)


@pytest.mark.parametrize("path", SAMPLES)
def test_every_sample_says_something_with_path_and_line(path: str) -> None:
    found = resolve(parse(f"some/where/{path}", SAMPLES[path].encode()))
    assert found or path in ("libs.versions.toml", "pnpm-workspace.yaml")
    for signal in found:
        assert signal.path == f"some/where/{path}"
        assert signal.line is not None and 1 <= signal.line <= SAMPLES[path].count("\n") + 1


@pytest.mark.parametrize("path", SAMPLES)
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(path: str) -> None:
    as_usual = parse(path, SAMPLES[path].encode())
    with_lines = SAMPLES[path].replace("\n", "\r\n")
    assert parse(path, codecs.BOM_UTF8 + with_lines.encode()) == as_usual
    assert parse(path, codecs.BOM_UTF16_LE + with_lines.encode("utf-16-le")) == as_usual


@pytest.mark.parametrize("path", SAMPLES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_damaged_manifest_is_read_or_refused(path: str, data: st.DataObject) -> None:
    sample = SAMPLES[path].encode()
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 20)))
    damaged = (
        sample[:start]
        + data.draw(st.binary(max_size=6) | st.sampled_from([b"{", b"[", b'"', b"\n", b"\\", b"''", b"/*"]))
        + sample[end:]
    )
    try:
        found = parse(path, damaged)
    except Unreadable as refusal:
        assert refusal.reason
    else:
        for signal in resolve(found):
            signal.name.encode(), signal.value.encode()


def test_comments_and_late_commas_in_a_package_json_are_put_up_with() -> None:
    text = '{\n  // what runs\n  "dependencies": {"a//b": "1", /* later */ "c": "2",},\n}\n'
    assert dependencies(signals("package.json", text)) == [("npm:a//b", "runtime", 3), ("npm:c", "runtime", 3)]


@pytest.mark.parametrize(
    ("path", "expected"), [("apps/web/package.json", ("npm",)), ("compose.yml", ("image", "compose")), ("src/app.py", ())]
)
def test_a_manifest_is_known_for_its_ecosystems_before_it_is_read(path: str, expected: tuple[str, ...]) -> None:
    assert ecosystems(path) == expected


def test_every_kind_of_manifest_belongs_to_an_ecosystem() -> None:
    assert [path for path in SAMPLES if not ecosystems(path)] == []


def test_json_of_strangers_may_hold_anything_anywhere() -> None:
    odd = (
        '{"name": 7, "bin": [1], "scripts": ["x"], "workspaces": 3, "exports": null, '
        '"dependencies": {"a": null, "b c": "1", "": "1"}}'
    )
    assert dependencies(signals("package.json", odd)) == [("npm:a", "runtime", 1)]


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("package.json", b'{"a" 1}', "not valid JSON"),
        ("composer.json", b'{"a": 1,}', "not valid JSON"),
        ("go.mod", b"github.com/jackc/pgx v5\n", "names no module"),
        ("requirements.txt", b"{fastapi}\n", "names no packages"),
        ("mix.exs", b"defp deps, do: [{\n", "its brackets do not match"),
        ("Gemfile", b"<<<<<<< HEAD\ngem 'a'\n=======\ngem 'b'\n>>>>>>> next\n", "holds an unfinished merge"),
        ("Cargo.toml", b"\n<!DOCTYPE html>\n<html><body>404</body></html>\n", "is a web page"),
        ("package.json", b"[]", "not a JSON object"),
        ("package.json", b'{"a":' * 100_000, "nested too deeply"),
        ("package.json", b"[" + b"1" * 5_000 + b"]", "not valid JSON"),
        ("package.json", b" " * 5_000_000, "larger than 1 MB"),
        ("package.json", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "kept in Git LFS"),
        ("Gemfile", b"\x00\x01\x02", "not a text file"),
        ("pyproject.toml", b"a = ", "not valid TOML"),
        ("pyproject.toml", b"a = " + b"[" * 50_000, "nested too deeply"),
        ("pyproject.toml", b"a." * 20_000 + b"a = 1", "has an endless dotted key"),
        ("pyproject.toml", b"a = " + b"9" * 5_000, "not valid TOML"),
        ("compose.yml", b"a: [", "not valid YAML"),
        ("compose.yml", b"[" * 100_000, "nested too deeply"),
        ("compose.yml", b"? " * 100_000, "nested too deeply"),
        ("compose.yml", b"a: &a b\nc: [" + b"*a, " * 2_000 + b"]", "has too many aliases"),
        ("compose.yml", b"just words", "not a Compose file"),
        ("pom.xml", b"<project>", "not valid XML"),
        ("pom.xml", b"<project>" + b"<a>" * 1_000, "nested too deeply"),
        ("pom.xml", b'<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>', "declares a document type"),
        ("pom.xml", b'<?xml version="1.0" encoding="no-such"?><project/>', "not valid XML"),
        ("pom.xml", b"<settings/>", "not a Maven project"),
        ("A.csproj", b"<html/>", "not an MSBuild project"),
        ("setup.py", b"print 'old'", "not valid Python"),
        ("setup.py", b"-" * 100_000 + b"1", "not valid Python"),
        ("setup.py", b"x = " + b"a + " * 100_000 + b"a", "nested too deeply"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason(path: str, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(path, content)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("main.tf", "/* " * 300_000),
        ("main.tf", '"\\' * 400_000),
        ("build.gradle", '"""' + '"" /*' * 150_000),
        ("mix.exs", "{:a, " * 150_000),
        ("Gemfile", "gem 'a',\n" * 100_000),
        ("Gemfile", "gem 'a'" + " " * 900_000),
        ("deno.json", '{"a": "b"} ' + "/* " * 300_000),
        ("requirements.txt", "# via a\n" * 100_000),
        ("setup.py", "\n".join(f"a{i} = [{', '.join([f'a{i + 1}'] * 50)}]" for i in range(50)) + "\nsetup(install_requires=a0)"),
        ("Dockerfile", "FROM " + "${" * 400_000),
        (
            "compose.yml",
            "a: &a {b: c}\n"
            + "".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}' if i else '*a'] * 20)}]}}\n" for i in range(20)),
        ),
        ("setup.cfg", "[a]\nb" + " " * 900_000 + "c"),
        ("pom.xml", "<project>" + "a<b/>" * 150_000 + "</project>"),
    ],
)
def test_what_is_built_to_take_long_does_not(path: str, content: str) -> None:
    """Each of these would take minutes or gigabytes if any character were looked at again and again."""
    try:
        found = parse(path, content.encode())
    except Unreadable as refusal:
        assert refusal.reason in ("not valid JSON", "its brackets do not match")
    else:
        assert len(found) < 100_001


def test_a_path_that_is_no_manifest_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="readme"):
        parse("readme.md", b"")


def test_names_that_no_package_has_and_characters_that_no_database_takes_are_left_out() -> None:
    found = signals(
        "package.json", '{"scripts": {"a": "x\\ud800y\\u0000"}, "dependencies": {"two words": "1", "' + "x" * 400 + '": "1"}}'
    )
    assert fields(found) == [("npm:script", "a=x?y", 1)]
    assert dependencies(found) == []


def test_the_same_content_says_the_same_in_another_folder() -> None:
    for path, content in SAMPLES.items():
        here, there = parse(path, content.encode()), parse(f"a/b/{path}", content.encode())
        assert [(s.name, s.value, s.line, s.about) for s in here] == [(s.name, s.value, s.line, s.about) for s in there]


def test_what_the_repository_makes_itself_is_marked_local() -> None:
    found = resolved(
        {
            "packages/log/package.json": '{"name": "@acme/log"}',
            "apps/web/package.json": '{"dependencies": {"@acme/log": "*", "winston": "3"}}',
        }
    )
    assert {signal.name: signal.detail("source") for signal in found if signal.kind is SignalKind.DEPENDENCY} == {
        "npm:@acme/log": "local",
        "npm:winston": "",
    }


def test_resolve_passes_other_signals_on_in_their_order() -> None:
    others = [
        Signal(SignalKind.FILE, "*.sql", path="a.sql"),
        *signals("Gemfile", 'gem "rails"'),
        Signal(SignalKind.CODE, "x", "1", "a.rb", 1),
    ]
    assert resolve(others) == others
    assert resolve(list(reversed(others))) == list(reversed(others))
