"""npm, Deno, Composer, Ruby and Elixir."""

from __future__ import annotations

from tests.collectors.manifest_samples import dependencies, fields, resolved, scopes, signals


def test_package_json_sections_and_lines() -> None:
    found = signals(
        "package.json",
        """
        {
          "name": "@acme/web", "private": true,
          "scripts": {
            "test": "vitest run",
            "zod": "not the dependency"
          },
          "devDependencies": {"vitest": "^4", "zod": "^4"},
          "dependencies": {
            "next": "16",
            "@acme/log": "workspace:*",
            "vite": "npm:rolldown-vite@7",
            "zod": "^4"
          },
          "optionalDependencies": {"sharp": "1"},
          "peerDependencies": {"react": ">=19"}
        }
        """,
    )
    assert dependencies(found) == [
        ("npm:next", "runtime", 9),
        ("npm:@acme/log", "runtime", 10),
        ("npm:vite", "runtime", 11),
        ("npm:rolldown-vite", "runtime", 11),
        ("npm:zod", "runtime", 12),
        ("npm:sharp", "runtime", 14),
        ("npm:vitest", "development", 7),
        ("npm:zod", "development", 7),
        ("npm:react", "optional", 15),
    ]
    about = {signal.name: dict(signal.about) for signal in found}
    assert about["npm:@acme/log"] == {"source": "local"}
    assert about["npm:react"] == {"kind": "peer"}
    assert fields(found)[:2] == [("npm:name", "@acme/web", 2), ("npm:private", "true", 2)]
    assert ("npm:script", "zod=not the dependency", 5) in fields(found)


def test_package_json_fields_that_tell_the_kind() -> None:
    found = signals(
        "package.json",
        """
        {
          "type": "module",
          "main": "./a.js",
          "bin": {"acme": "./cli.js"},
          "exports": {".": "./a.js", "./b": "./b.js"},
          "files": ["dist", "bin"],
          "publishConfig": {"access": "public"},
          "workspaces": {"packages": ["apps/*", "libs/*"]},
          "jest": {"preset": "x"},
          "prisma": {"seed": "tsx seed.ts"}
        }
        """,
    )
    assert sorted(fields(found)) == [
        ("npm:bin", "acme", 4),
        ("npm:exports", ". ./b", 5),
        ("npm:files", "dist bin", 6),
        ("npm:main", "./a.js", 3),
        ("npm:prisma.seed", "tsx seed.ts", 10),
        ("npm:publishConfig", "access", 7),
        ("npm:tool", "jest", 9),
        ("npm:type", "module", 2),
        ("npm:workspaces", "apps/* libs/*", 8),
    ]


def test_pnpm_workspace_names_the_folders_of_its_packages() -> None:
    found = signals("pnpm-workspace.yaml", "packages:\n  - apps/*\n  - '!apps/old'\ncatalog:\n  react: 19\n")
    assert [(name, value) for name, value, _ in fields(found)] == [("npm:workspaces", "apps/* !apps/old")]


def test_deno_takes_packages_from_npm_jsr_and_script_hosts() -> None:
    found = signals(
        "deno.jsonc",
        """
        {
          // comments and trailing commas are fine here: "a//b"
          "tasks": {"test": "deno test // all", "dev": {"command": "vite"}},
          "imports": {
            "preact": "npm:preact@^10",
            "@std/http": "jsr:@std/http@1", /* two
            lines */
            "search": "https://esm.sh/@docsearch/js@3?target=es2020",
            "oak": "https://deno.land/x/oak@v12/mod.ts",
            "$own": "https://example.org/mod.ts",
            "~/": "./src/",
          },
        }
        """,
    )
    assert dependencies(found) == [
        ("npm:preact", "runtime", 5),
        ("npm:@std/http", "runtime", 6),
        ("npm:@docsearch/js", "runtime", 8),
        ("npm:oak", "runtime", 9),
    ]
    assert fields(found) == [("npm:script", "test=deno test // all", 3), ("npm:script", "dev=vite", 3)]


def test_composer_leaves_the_platform_out() -> None:
    found = signals(
        "composer.json",
        """
        {
          "name": "Acme/Shop",
          "type": "project",
          "require": {"php": "^8.4", "ext-json": "*", "Laravel/Framework": "^12"},
          "require-dev": {
            "phpunit/phpunit": "^12"
          },
          "suggest": {"predis/predis": "for Redis"},
          "scripts": {"test": ["@php artisan config:clear", "@php artisan test"]}
        }
        """,
    )
    assert dependencies(found) == [("composer:laravel/framework", "runtime", 4), ("composer:phpunit/phpunit", "development", 6)]
    assert [value for name, value, _ in fields(found) if name == "composer:script"] == [
        "test=@php artisan config:clear",
        "test=@php artisan test",
    ]


def test_gemfile_groups() -> None:
    found = signals(
        "Gemfile",
        """
        source "https://rubygems.org"
        gem "rails", "~> 8.0" # gem "commented"
        # gem "sinatra"
        group :development, :test do
          gem "rspec-rails"
          platforms :mri do
            gem "debug"
          end
        end
        gem "puma"
        gem "bullet", group: :development
        gem "capybara",
            require: false,
            groups: [:test, :development]
        group(:production) { gem "ignored_on_one_line" }
        group :assets, :development do
          gem "tailwindcss-rails"
        end
        group :import, optional: true do
          gem "sqlite3"
        end
        gem("acme-core", path: "../core")
        """,
    )
    assert dependencies(found) == [
        ("gem:rails", "runtime", 2),
        ("gem:rspec-rails", "development", 5),
        ("gem:debug", "development", 7),
        ("gem:puma", "runtime", 10),
        ("gem:bullet", "development", 11),
        ("gem:capybara", "development", 12),
        ("gem:tailwindcss-rails", "runtime", 17),
        ("gem:sqlite3", "optional", 20),
        ("gem:acme-core", "runtime", 22),
    ]


def test_gems_that_an_environment_variable_switches_on_are_optional() -> None:
    found = signals(
        "Gemfile",
        """
        if ENV["IMPORT"] == "1"
          gem "mysql2"
        end
        if ENV["API_DEV"]
          gem "gds-api-adapters", path: "../x"
        else
          gem "gds-api-adapters"
        end
        gem "pg"
        """,
    )
    assert [(name, scope) for name, scope, _ in dependencies(found)] == [
        ("gem:mysql2", "optional"),
        ("gem:gds-api-adapters", "optional"),
        ("gem:gds-api-adapters", "runtime"),
        ("gem:pg", "runtime"),
    ]


def test_gemspec() -> None:
    found = signals(
        "acme.gemspec",
        """
        Gem::Specification.new do |spec|
          spec.name        = "acme"
          spec.executables = %w[acme acme-admin]
          spec.add_dependency "rack", ">= 3"
          spec.add_runtime_dependency("plek")
          spec.add_development_dependency 'rspec', '~> 3'
        end
        """,
    )
    assert dependencies(found) == [("gem:rack", "runtime", 4), ("gem:plek", "runtime", 5), ("gem:rspec", "development", 6)]
    assert fields(found) == [("gem:name", "acme", 2), ("gem:executables", "acme acme-admin", 3)]


def test_mix_dependencies() -> None:
    found = signals(
        "mix.exs",
        """
        defmodule Acme.MixProject do
          def project do
            [
              app: :acme,
              deps: deps(),
              escript: [main_module: Acme.CLI],
              releases: [acme: [steps: [:assemble]]],
              dialyzer: [plt_file: {:no_warn, "priv/plts/dialyzer.plt"}]
            ]
          end

          def application, do: [mod: {Acme.Application, []}]

          defp deps do
            [
              {:phoenix, "~> 1.8"}, # {:commented, "~> 1.0"}
              {:oban, "~> 2.0",
               repo: "oban"},
              {:bypass, "~> 2.1", only: :test},
              {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
              {:bun, "~> 1.6", runtime: Mix.env() == :dev},
              {:libcluster, "~> 3.0", only: [:prod]},
              {:plausible_thing, git: "https://example.org/x.git", tag: "v1"},
              {:core, in_umbrella: true},
              {:sentry, @sentry_version},
              {:decimal, "~> 2.0", optional: true}
            ]
          end

          defp locked_deps(x) do
            case x do
              {:ok, contents} -> contents
            end
          end
        end
        """,
    )
    assert dependencies(found) == [
        ("hex:phoenix", "runtime", 16),
        ("hex:oban", "runtime", 17),
        ("hex:bypass", "development", 19),
        ("hex:credo", "development", 20),
        ("hex:bun", "development", 21),
        ("hex:libcluster", "runtime", 22),
        ("hex:plausible_thing", "runtime", 23),
        ("hex:core", "runtime", 24),
        ("hex:sentry", "runtime", 25),
        ("hex:decimal", "optional", 26),
    ]
    assert fields(found) == [
        ("hex:app", "acme", 4),
        ("hex:escript", "true", 6),
        ("hex:releases", "true", 7),
        ("hex:mod", "true", 12),
    ]


def test_a_workspace_member_is_known_by_its_name_even_without_the_workspace_protocol() -> None:
    found = resolved(
        {"package.json": '{"workspaces": ["libs/*"], "dependencies": {"lib": "1"}}', "libs/a/package.json": '{"name": "lib"}'}
    )
    assert scopes(found) == {"npm:lib": "runtime"}
    assert [signal.detail("source") for signal in found if signal.name == "npm:lib"] == ["local"]
