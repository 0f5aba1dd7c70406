"""What programs in C# say of themselves, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status
from tests.repositories import Files

Check = Callable[..., Assessment]

WEB = (
    '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="9" />'
    '<PackageReference Include="Microsoft.AspNetCore.Identity.EntityFrameworkCore" Version="9" /></ItemGroup></Project>'
)
SHOP = {
    "src/Shop/Shop.csproj": WEB,
    "src/Shop/Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.UseAuthentication();\napp.Run();\n",
    "Dockerfile": "FROM mcr.microsoft.com/dotnet/aspnet\n",
}


def status(assessment: Assessment, practice: str) -> Status:
    return next(finding.status for finding in assessment.findings if finding.practice == practice)


def workflow_of(command: str) -> str:
    return f"on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {command}\n"


def controllers(attribute: str) -> Files:
    return {
        f"src/Shop/{name}Controller.cs": f"public class {name}Controller : ControllerBase\n{{\n    {attribute}\n    public IActionResult Get() => Ok();\n}}\n"
        for name in ("Orders", "Items", "Users", "Carts", "Bills")
    }


@pytest.mark.parametrize(
    ("base", "attribute", "guarded"),
    [
        ("AuthorizeAttribute", "[NeedsPermission(Permissions.Read)]", True),
        ("AuthorizeAttribute", "[HttpGet]", False),
        ("Attribute", "[NeedsPermission(Permissions.Read)]", False),
    ],
)
def test_a_guard_of_ones_own_on_every_controller_is_the_pattern(check: Check, base: str, attribute: str, guarded: bool) -> None:
    own = {"src/Shop/NeedsPermissionAttribute.cs": f"public class NeedsPermissionAttribute : {base}, IFilter\n{{\n}}\n"}
    judged = check({**SHOP, **own, **controllers(attribute)})
    assert (status(judged, "auth-wrapper") is Status.PRESENT) is guarded


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("permissions.Allows(Permissions.Read, shop.Name)", Status.PRESENT),
        ("permissions.Allows(Permissions.Read)", Status.NOT_SEEN),
        ("network.Allows(address, mask)", Status.NOT_SEEN),
    ],
)
def test_permissions_are_asked_for_a_thing(check: Check, asked: str, expected: Status) -> None:
    queries = {f"src/Shop/Query{number}.cs": f"class Query{number}\n{{\n    bool May() => {asked};\n}}\n" for number in range(6)}
    assert status(check({**SHOP, **queries}), "per-user-authorization") is expected


@pytest.mark.parametrize(
    ("sends", "handles", "expected"),
    [
        (
            "messaging.PublishAsync(new MailStart(id), null, ct)",
            "public sealed class MailWorker : IMessageHandler<MailStart>",
            True,
        ),
        ("bus.Publish(new MailStart(id))", "public class Mailer : IHandleMessages<MailStart>", True),
        ("bus.Publish(new MailStart(id))", "public class ScopedHandler<T> : IMessageHandler<T>", False),
        # So are pushed notifications, which telephones handle.
        ("messaging.SendAsync(new MailStart(id))", "public sealed class MailWorker : IMessageHandler<MailStart>", False),
        ("Log(new MailStart(id))", "public sealed class MailWorker : IMessageHandler<MailStart>", False),
    ],
)
def test_a_worker_handles_what_is_sent_over_a_bus(check: Check, sends: str, handles: str, expected: bool) -> None:
    files = {
        "src/Shop/Mails.cs": f"class Mails\n{{\n    Task Start() => {sends};\n}}\n",
        "src/Shop/MailWorker.cs": f"{handles}\n{{\n}}\n",
        "src/Shop/Sweeper.cs": "public class Sweeper : BackgroundService\n{\n}\n",
    }
    assert (status(check({**SHOP, **files}), "background-queue") is Status.PRESENT) is expected


MIGRATED = {**SHOP, "src/Shop/Migrations/20260101000000_Initial.cs": "public partial class Initial : Migration\n{\n}\n"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("var old = db.Create(1);\n        await migrator.MigrateAsync();", Status.PRESENT),
        ("await Migrate(db);\n        db.Create(1);", Status.PRESENT),
        ("var sut = new MigrateNamesMiddleware();\n        var names = Names.Create(1);", Status.NOT_SEEN),
    ],
)
def test_what_is_called_after_migrating_need_not_migrate(check: Check, body: str, expected: Status) -> None:
    test = f"public class MigrateNamesTests\n{{\n    [Fact]\n    public async Task Should()\n    {{\n        {body}\n    }}\n}}\n"
    assert status(check({**MIGRATED, "tests/Shop.Tests/MigrateNamesTests.cs": test}), "migration-tests") is expected


BUILT = ".github/workflows/dev.yml"


@pytest.mark.parametrize(
    ("run", "on", "expected"),
    [
        ("RUN npm run lint \\\n && npm run build\n", "pull_request", Status.PRESENT),
        ("RUN npm ci \\\n && npx eslint .\n", "pull_request", Status.PRESENT),
        ("RUN npm run lint\n", "workflow_dispatch", Status.PARTIAL),
        ("RUN npm install -g eslint\n", "pull_request", Status.PARTIAL),
        ("# RUN npm run lint\n", "pull_request", Status.PARTIAL),
    ],
)
def test_a_checker_may_run_while_an_image_is_built(check: Check, run: str, on: str, expected: Status) -> None:
    files = {
        **SHOP,
        "frontend/eslint.config.js": "export default [];\n",
        "Dockerfile": f"FROM node\n{run}",
        BUILT: f"on: {on}\njobs:\n  build:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n",
    }
    assert status(check(files), "lint-config") is expected


@pytest.mark.parametrize(
    ("entity", "files", "expected"),
    [
        ("public string EventName { get; init; }\n    public string Payload { get; init; }", 2, Status.PRESENT),
        ("public string EventName { get; init; }\n    public string Payload { get; init; }", 1, Status.NOT_SEEN),
        ("public string Title { get; init; }\n    public DateTime StartsAt { get; init; }", 2, Status.NOT_SEEN),
    ],
)
def test_rows_with_a_name_and_a_payload_are_events(check: Check, entity: str, files: int, expected: Status) -> None:
    stored = {
        "src/Shop/Event.cs": f"public class Event\n{{\n    public Guid EventId {{ get; init; }}\n    {entity}\n}}\n",
        "src/Shop/Store.cs": "class Store : DbContext\n{\n    public DbSet<Event> Events => Set<Event>();\n}\n",
    }
    writers = {f"src/Shop/Pay{n}.cs": f"class Pay{n} {{ Task Run() => events.PublishEventAsync(paid); }}\n" for n in range(files)}
    assert status(check({**SHOP, **stored, **writers}), "event-table") is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("featureProvider.IsEnabled(FeatureNames.Checkout)", Status.PARTIAL),
        ("await featureChecker.IsEnabledAsync(Names.Checkout)", Status.PARTIAL),
        ("printer.IsEnabled(Names.Checkout)", Status.ABSENT),
    ],
)
def test_a_provider_of_ones_own_asks_for_features(check: Check, asked: str, expected: Status) -> None:
    page = {"src/Shop/Page.cs": f"class Page\n{{\n    async Task Get()\n    {{\n        if ({asked}) {{ Show(); }}\n    }}\n}}\n"}
    assert status(check({**SHOP, **page}), "feature-flags") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("terraform/app.tf", 'module "migrations" {\n  commands = ["/Apps/efbundle"]\n}\n', Status.PRESENT),
        ("terraform/app.tf", 'resource "kubernetes_job" "migrations" {\n}\n', Status.PRESENT),
        ("terraform/app.tf", 'resource "kubernetes_job" "reports" {\n}\n', Status.NOT_SEEN),
        (".github/workflows/b.yml", workflow_of("dotnet ef migrations bundle -o out/efbundle"), Status.NOT_SEEN),
    ],
)
def test_a_job_of_its_own_may_migrate(check: Check, path: str, text: str, expected: Status) -> None:
    migrated = {"src/Shop/Migrations/20260101_Init.cs": "public partial class Init : Migration\n{\n}\n"}
    assert status(check({**SHOP, **migrated, path: text}), "migration-automation") is expected


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ('[Authorize(Roles = "Administrators")]', Status.PRESENT),
        ("Roles(Constants.Roles.ADMINISTRATORS);", Status.PRESENT),
        ('[Authorize(Roles = "Readers")]', Status.NOT_SEEN),
    ],
)
def test_roles_of_administrators_are_asked_for(check: Check, guard: str, expected: Status) -> None:
    pages = {f"src/Shop/Pages/Edit{n}.cs": f"{guard}\npublic class Edit{n} {{ }}\n" for n in range(2)}
    assert status(check({**SHOP, **pages}), "scoped-admin-access") is expected
