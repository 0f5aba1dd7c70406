"""Globs and package names."""

import re

import pytest

from rungwise.clues import glob_regex, matches, package_name


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("vite.config.*", "vite.config.ts", True),
        ("vite.config.*", "apps/web/vite.config.ts", True),
        ("vite.config.*", "vite.config.d/x.ts", False),
        ("db/schema.rb", "db/schema.rb", True),
        ("db/schema.rb", "engines/x/db/schema.rb", False),
        ("**/db/schema.rb", "engines/x/db/schema.rb", True),
        ("**/db/schema.rb", "db/schema.rb", True),
        ("**/seeds/**", "db/seeds/users.rb", True),
        ("**/seeds/**", "db/seeds", False),
        ("*.{yml,yaml}", "a.yaml", True),
        ("V?__*.sql", "V1__init.sql", True),
        ("V?__*.sql", "VV1__init.sql", False),
        ("a+b.txt", "a+b.txt", True),
        ("[ab].txt", "b.txt", True),
    ],
)
def test_glob(glob: str, path: str, expected: bool) -> None:
    assert bool(re.fullmatch(glob_regex(glob), path)) is expected
    assert matches(path, (glob,)) is expected


def test_no_globs_match_nothing() -> None:
    assert not matches("a", ())


@pytest.mark.parametrize(
    ("ecosystem", "name", "expected"),
    [
        ("pypi", "Flask_SQLAlchemy", "pypi:flask-sqlalchemy"),
        ("go", "github.com/go-chi/chi/v5", "go:github.com/go-chi/chi"),
        ("go", "gopkg.in/yaml.v3", "go:gopkg.in/yaml.v3"),
        ("nuget", "Serilog.AspNetCore", "nuget:serilog.aspnetcore"),
        ("crates", "axum_extra", "crates:axum-extra"),
        ("npm", "@Sentry/node", "npm:@Sentry/node"),
    ],
)
def test_package_name(ecosystem: str, name: str, expected: str) -> None:
    assert package_name(ecosystem, name) == expected
