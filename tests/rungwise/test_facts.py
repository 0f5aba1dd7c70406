"""What a product has and does, told from what each ecosystem shows of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Fact
from tests.repositories import Files

Check = Callable[..., Assessment]


def node(dependencies: str = "", **files: str) -> Files:
    listed = "".join(f', "{name}": "1"' for name in dependencies.split())
    package = f'{{"private": true, "dependencies": {{"express": "5"{listed}}}}}'
    return {"package.json": package, "server.js": "app.listen(3)\n", "Procfile": "web: x\n"} | files


def django(requirements: str = "", **files: str) -> Files:
    return {
        "requirements.txt": "django==5\n" + "".join(f"{name}\n" for name in requirements.split()),
        "manage.py": "x = 1\n",
        "web/urls.py": "urlpatterns = []\n",
    } | files


def go(code: str = "", requires: str = "", **files: str) -> Files:
    module = "module e.org/s\nrequire github.com/gin-gonic/gin v1.10.0\n" + (f"require {requires}\n" if requires else "")
    return {"go.mod": module, "main.go": "package main\nfunc main() { r.Run() }\n", "a.go": f"package main\n{code}\n"} | files


def spring(dependencies: str = "", **files: str) -> Files:
    listed = "".join(
        f"<dependency><groupId>{name.split(':')[0]}</groupId><artifactId>{name.split(':')[1]}</artifactId></dependency>"
        for name in ["org.springframework.boot:spring-boot-starter-web", *dependencies.split()]
    )
    main = "@SpringBootApplication\nclass App {}\n"
    return {"pom.xml": f"<project><dependencies>{listed}</dependencies></project>", "src/main/java/a/App.java": main} | files


def rails(gems: str = "", **files: str) -> Files:
    application = "class Application < Rails::Application\nend\n"
    return {
        "Gemfile": "".join(f'gem "{gem}"\n' for gem in ["rails", *gems.split()]),
        "config/application.rb": application,
    } | files


def axum(crates: str = "", **files: str) -> Files:
    cargo = '[package]\nname = "s"\nversion = "1.0.0"\n[dependencies]\naxum = "0.8"\n' + "".join(
        f'{name} = "1"\n' for name in crates.split()
    )
    return {"Cargo.toml": cargo, "src/main.rs": "fn main() { axum::serve(a, b); }\n"} | files


def aspnet(packages: str = "", **files: str) -> Files:
    listed = "".join(f'<PackageReference Include="{name}" Version="1"/>' for name in packages.split())
    project = f'<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>{listed}</ItemGroup></Project>'
    return {"src/W/W.csproj": project, "src/W/Program.cs": "var b = WebApplication.CreateBuilder(args);\n"} | files


def phoenix(packages: str = "", **files: str) -> Files:
    listed = "".join(f', {{:{name}, "~> 1.0"}}' for name in packages.split())
    mix = f'defmodule T do\n  defp deps do\n    [{{:phoenix, "~> 1.8"}}{listed}]\n  end\nend\n'
    return {"mix.exs": mix, "lib/t_web/endpoint.ex": "defmodule E do\nend\n"} | files


def laravel(packages: str = "", **files: str) -> Files:
    listed = "".join(f', "{name}": "1"' for name in packages.split())
    return {
        "composer.json": f'{{"type": "project", "require": {{"laravel/framework": "^12"{listed}}}}}',
        "artisan": "<?php\n",
    } | files


def many(pattern: str) -> dict[str, str]:
    return {pattern.format(number): "x" for number in range(6)}


FACTS: list[tuple[Fact, bool, Files]] = [
    (Fact.USERS, True, node("passport")),
    (Fact.USERS, True, node("bcrypt")),
    (Fact.USERS, True, node("", **{"prisma/schema.prisma": "model User {\n  id Int @id\n}\n"})),
    (Fact.USERS, False, node("", **{"prisma/schema.prisma": "model Order {\n  id Int @id\n}\n"})),
    (Fact.USERS, True, node("", **{"a.ts": "const session = await getServerSession(authOptions)\n"})),
    (Fact.USERS, True, node("", **{"db/schema.ts": "export const users = pgTable('users', {})\n"})),
    (Fact.USERS, True, django("", **{"shop/settings.py": "INSTALLED_APPS = ['django.contrib.auth']\n"})),
    (Fact.USERS, True, go("type User struct { Email string }")),
    (Fact.USERS, False, go("type UserAgent struct { Name string }")),
    (Fact.USERS, True, phoenix("joken")),
    (Fact.USERS, False, phoenix("jason")),
    (Fact.USERS, True, spring("org.springframework.boot:spring-boot-starter-security")),
    (Fact.USERS, True, rails("devise")),
    (Fact.USERS, True, aspnet("", **{"src/W/User.cs": "public class ApplicationUser {}\n"})),
    (Fact.USERS, True, axum("", **{"src/user.rs": "pub struct User { id: i32 }\n"})),
    (Fact.USERS, False, node()),
    (Fact.DATASTORE, True, node("pg")),
    (Fact.DATASTORE, True, node("", **{"a.js": "const db = getFirestore();\n"})),
    (Fact.DATASTORE, True, spring("com.microsoft.sqlserver:mssql-jdbc")),
    (Fact.DATASTORE, True, aspnet("Microsoft.EntityFrameworkCore.SqlServer")),
    (Fact.DATASTORE, True, {"public/index.php": "<?php\n$db = new PDO($dsn);\n"}),
    (Fact.DATASTORE, False, node()),
    (Fact.DATASTORE, True, go('import _ "github.com/lib/pq"', "github.com/lib/pq v1.10.9")),
    (Fact.DATASTORE, True, go('import "github.com/jackc/pgx/v5/pgxpool"', "github.com/jackc/pgx/v5 v5.7.0")),
    # What only tests and benchmarks need is in the list as well.
    (Fact.DATASTORE, False, go("", "github.com/lib/pq v1.10.9", **{"a_test.go": 'package main\nimport _ "github.com/lib/pq"\n'})),
    (
        Fact.DATASTORE,
        False,
        go("", "github.com/lib/pq v1.10.9", **{"cmd/s-bench/main.go": 'package main\nimport _ "github.com/lib/pq"\n'}),
    ),
    (
        Fact.DATASTORE,
        False,
        go("", **{"internal/testingutil/open.go": 'package testingutil\nvar db, _ = sql.Open("sqlite3", dsn)\n'}),
    ),
    (Fact.FRONTEND, True, node("react")),
    (Fact.FRONTEND, True, axum("leptos")),
    (Fact.FRONTEND, True, go("", **many("templates/{}.html"))),
    (Fact.FRONTEND, True, go("", **many("views/{}.templ"))),
    (Fact.FRONTEND, True, spring("", **many("src/main/resources/static/{}.html"))),
    (Fact.FRONTEND, True, axum("", **many("templates/admin/{}.hbs"))),
    (Fact.FRONTEND, False, axum("", **many("templates/email/{}.hbs"))),
    (Fact.FRONTEND, False, axum("", **many("codegen/templates/{}.rs.jinja"))),
    (Fact.FRONTEND, True, {"index.php": "<?php\n", **many("app/Template/{}.php")}),
    (Fact.FRONTEND, False, {"index.php": "<?php\n", **many("app/Model/{}.php")}),
    (Fact.FRONTEND, False, go()),
    (Fact.USERS, True, axum("jwt-simple")),
    (Fact.ANONYMOUS_WRITES, True, node("", **{"api/users.js": "app.post('/signup', h)\n"})),
    (Fact.ANONYMOUS_WRITES, False, node("", **{"cli/seed.js": "const kinds = ['signup', 'signin']\n"})),
    (Fact.EXTERNAL_CALLS, True, node("", **{"a.js": "const r = await fetch('https://api.example.com')\n"})),
    (Fact.EXTERNAL_CALLS, False, node("", **{"a.js": "const r = await fetch('/orders')\n"})),
    (Fact.EXTERNAL_CALLS, True, django("", **{"a.py": "urllib.request.urlopen(u)\n"})),
    (Fact.EXTERNAL_CALLS, True, phoenix("req")),
    (Fact.ASYNC_WORK, True, aspnet("Hangfire")),
    (Fact.ASYNC_WORK, True, phoenix("oban")),
    (Fact.ASYNC_WORK, False, axum()),
    (Fact.PAYMENTS, True, node("@stripe/react-stripe-js")),
    (Fact.PAYMENTS, True, laravel("laravel/cashier-paddle")),
    (Fact.PAYMENTS, False, laravel()),
    (Fact.MIGRATIONS, True, go("", **{"sql/schema/001_users.sql": "CREATE TABLE users (id int);\n"})),
    (Fact.MIGRATIONS, False, go("", **{"db/init/001_users.sql": "CREATE TABLE users (id int);\n"})),
    (Fact.MIGRATIONS, True, spring("", **{"src/main/resources/db/changelog/db.changelog-master.yaml": "x"})),
    (Fact.MIGRATIONS, True, phoenix("", **{"priv/repo/migrations/1_a.exs": "x"})),
    (Fact.MACHINE_ENDPOINTS, True, node("", **{"a.js": "app.post('/api/webhooks/stripe', h)\n"})),
    (Fact.MACHINE_ENDPOINTS, False, node("", **{"a.js": "app.post('/orders', h)\n"})),
    (Fact.MACHINE_ENDPOINTS, True, go("func check(r *http.Request) { v, err := httpsig.NewVerifier(r) }")),
    (Fact.MACHINE_ENDPOINTS, False, go("func send(r *http.Request) { s, err := httpsig.NewSigner(prefs) }")),
    (Fact.HTTP_API, True, django()),
    (Fact.HTTP_API, False, {"requirements.txt": "django==5\n", "manage.py": "import django\n", "shop/models.py": "x = 1\n"}),
    (
        Fact.FRONTEND,
        False,
        {"requirements.txt": "celery==5\n", "a.py": "app = Celery('a')\n"} | {f"templates/{n}.html": "<p>\n" for n in range(6)},
    ),
    (Fact.FRONTEND, True, django("", **{f"templates/{n}.html": "<p>\n" for n in range(6)})),
    (Fact.HTTP_API, False, {"scripts/token.py": "app = Flask(__name__)\n", "main.tf": ""}),
    (
        Fact.HTTP_API,
        True,
        {"wrangler.toml": "name = 'a'\n", "src/index.ts": "export default { async fetch(request) { return r } }\n"},
    ),
]


@pytest.mark.parametrize(
    ("fact", "holds", "files"), FACTS, ids=[f"{number}-{fact}-{holds}" for number, (fact, holds, _) in enumerate(FACTS)]
)
def test_fact(check: Check, fact: Fact, holds: bool, files: Files) -> None:
    assert check(files).facts[fact] is holds
