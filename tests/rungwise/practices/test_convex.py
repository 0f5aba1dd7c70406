"""What an app on Convex shows of the practices, in the words of its functions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status
from tests.repositories import Files

Check = Callable[..., Assessment]


def app(dependencies: str = "", development: str = "", **files: str) -> Files:
    listed = "".join(f', "{name}": "1"' for name in dependencies.split())
    package = (
        f'{{"private": true, "dependencies": {{"convex": "1", "react": "19"{listed}}}, "devDependencies": {{{development}}}}}'
    )
    schema = 'export default defineSchema({ users: defineTable({ name: v.string() }).index("by_name", ["name"]) });\n'
    return {"package.json": package, "convex/schema.ts": schema} | files


def function(*statements: str, builder: str = "mutation", args: str = "") -> str:
    lines = "\n    ".join(statements)
    return (
        f"export const run = {builder}({{\n  args: {{ {args} }},\n  handler: async (ctx, args) => {{\n    {lines}\n  }},\n}});\n"
    )


WORKER = """
const workerMutation = customMutation(mutation, {
  args: { apiKey: v.string() },
  input: async (ctx, args) => {
    const worker = await ctx.db
      .query("workers")
      .withIndex("apiKey", (q) => q.eq("apiKey", args.apiKey))
      .unique();
  },
});
export const giveMeWork = workerMutation({ args: {}, handler: claimWork });
export const markAsDead = internalMutation({ args: { jobId: v.id("jobs") } });
"""
WORKERS = {"convex/schema.ts": "export default defineSchema({ workers: defineTable({ apiKey: v.string() }) });\n"}
OLLAMA = {"Dockerfile": "FROM ollama/ollama:latest\n"}
GUEST = function(
    "const user = await ctx.db.insert('users', { name: 'guest' });",
    "await ctx.db.insert('sessions', { user, sessionId: args.sessionId });",
    args="sessionId: v.string()",
)
MODEL = {"shared/llm.ts": "const r = await fetch(join(config.url, '/v1/chat/completions'), { body });\n"}
ELSEWHERE = "const r = await fetch(address, { headers: { Authorization: process.env.MAPS_API_KEY } });\n"
RETRY = "export async function retryWithBackoff<T>(call: () => Promise<T>) {}\n"


def limits(name: str) -> str:
    return (
        f'export const limiter = new RateLimiter(components.rateLimiter, {{ {name}: {{ kind: "token bucket", rate: 10 }} }});\n'
    )


@pytest.mark.parametrize(
    ("practice", "files", "expected"),
    [
        # Workers with keys of their own, which take the next task from a table.
        ("service-auth", app(**{"convex/workers.ts": WORKER}), Status.PRESENT),
        ("service-auth", app(**{"convex/workers.ts": function()}), Status.NOT_APPLICABLE),
        (
            "service-auth",
            app(**{"convex/a.ts": function("if (args.apiKey !== process.env.API_KEY) throw no;", args="apiKey: v.string()")}),
            Status.PRESENT,
        ),
        (
            "service-auth",
            app(**{"convex/a.ts": function("await ctx.db.get(args.id);", args="apiKey: v.string()")}),
            Status.NOT_SEEN,
        ),
        ("pull-based-workers", app(**{"convex/workers.ts": WORKER}, **WORKERS, **OLLAMA), Status.PRESENT),
        ("pull-based-workers", app(**{"convex/workers.ts": WORKER}, **OLLAMA), Status.PARTIAL),
        ("pull-based-workers", app(**{"convex/workers.ts": WORKER}, **WORKERS), Status.NOT_APPLICABLE),
        # Limits by the names of what they limit.
        ("abuse-rate-limiting", app(**{"convex/limits.ts": limits("failedLogins")}), Status.PRESENT),
        ("abuse-rate-limiting", app(**{"convex/limits.ts": limits("sendMessage")}), Status.PRESENT),
        ("abuse-rate-limiting", app(**{"convex/limits.ts": limits("movePlayer")}), Status.PARTIAL),
        ("abuse-rate-limiting", app("@workos-inc/authkit-react"), Status.PRESENT),
        (
            "cost-rate-limiting",
            app(**MODEL, **{"convex/a.ts": function("await rateLimit(ctx, { name: 'ask', key: ctx.userId });")}),
            Status.PRESENT,
        ),
        (
            "cost-rate-limiting",
            app(**MODEL, **{"convex/a.ts": function("await rateLimit(ctx, { name: 'ask' });")}),
            Status.PARTIAL,
        ),
        (
            "cost-rate-limiting",
            app(**{"convex/a.ts": function("await rateLimit(ctx, { name: 'ask', key: ctx.userId });")}),
            Status.NOT_APPLICABLE,
        ),
        # Whoever brings an id of his own making is a user from then on.
        ("anonymous-bot-protection", app(**{"convex/users.ts": GUEST}), Status.ABSENT),
        ("anonymous-bot-protection", app(**{"convex/users.ts": GUEST, "convex/bots.ts": "verifyTurnstile(token);\n"}), Status.PRESENT),
        ("anonymous-bot-protection", app(**{"convex/users.ts": GUEST.replace("'users'", "'notes'")}), Status.NOT_APPLICABLE),
        ("anonymous-bot-protection", app(**{"convex/auth.ts": "convexAuth({ providers: [Anonymous] });\n"}), Status.NOT_SEEN),
        # Calls with a key leave the house, whatever the folder is called.
        ("retries-with-backoff", app(**{"tools/maps.ts": ELSEWHERE + RETRY}), Status.PRESENT),
        ("retries-with-backoff", app(**{"tools/maps.ts": ELSEWHERE}), Status.ABSENT),
        ("retries-with-backoff", app(**{"tools/maps.ts": "const r = await fetch('/orders');\n" + RETRY}), Status.NOT_APPLICABLE),
        # Data is looked up by who asks; what stands in the arguments anybody could have written.
        (
            "per-user-authorization",
            app(**{"convex/a.ts": function(*["ctx.db.query('notes').withIndex('o', (q) => q.eq('owner', ctx.userId));"] * 5)}),
            Status.PRESENT,
        ),
        (
            "per-user-authorization",
            app(
                **{
                    "convex/a.ts": function(
                        "const userId = await getAuthUserId(ctx);",
                        *["ctx.db.query('notes').withIndex('o', (q) => q.eq('owner', userId));"] * 5,
                    )
                }
            ),
            Status.PRESENT,
        ),
        (
            "per-user-authorization",
            app(
                **{
                    "convex/a.ts": function(
                        "const userId = await getAuthUserId(ctx);",
                        *["ctx.db.query('notes').withIndex('o', (q) => q.eq('owner', args.userId));"] * 5,
                    )
                }
            ),
            Status.NOT_SEEN,
        ),
        (
            "per-user-authorization",
            app(**{"convex/a.ts": function(*["ctx.db.query('notes').withIndex('o', (q) => q.eq('owner', userId));"] * 5)}),
            Status.NOT_SEEN,
        ),
        (
            "per-user-authorization",
            app(**{"convex/a.ts": function(*["const note = await getNoteEnsuringAccess(ctx, args);"] * 5)}),
            Status.PRESENT,
        ),
        # The plugin's recommended rules know nothing of scans before its second version.
        ("indexed-queries", app(development='"@convex-dev/eslint-plugin": "^1.1.1"'), Status.PARTIAL),
        ("indexed-queries", app(development='"@convex-dev/eslint-plugin": "^2.0.0"'), Status.PRESENT),
        (
            "indexed-queries",
            app(
                development='"@convex-dev/eslint-plugin": "^1.2.2"',
                **{"eslint.config.mjs": 'export default [{ rules: { "@convex-dev/no-collect-in-query": "error" } }];\n'},
            ),
            Status.PRESENT,
        ),
        # An import of data that somebody prepared may be a seed; one that empties a table or copies another deployment is none.
        ("seed-data", app(**{"README.md": "npx convex import --table tasks sampleData.jsonl\n"}), Status.NOT_SEEN),
        ("seed-data", app(**{"README.md": "npx convex import --table tasks --replace /dev/null\n"}), Status.ABSENT),
        ("seed-data", app(**{"README.md": "npx convex import dev.zip --prod\n"}), Status.ABSENT),
        ("seed-data", app(**{"convex/notes.test.ts": "async function setupTestData() {}\n"}), Status.ABSENT),
        ("seed-data", app(**{"convex/notes.ts": "async function createDemoData(ctx) {}\n"}), Status.NOT_SEEN),
        ("uptime-checks", app("@remix-run/node", **{"app/routes/api.health.ts": "export const loader = () => 'ok';\n"}), Status.PARTIAL),
        ("uptime-checks", app("@remix-run/node", **{"app/routes/api.orders.ts": "export const loader = () => 'ok';\n"}), Status.NOT_SEEN),
    ],
)  # fmt: skip
def test_convex(check: Check, practice: str, files: Files, expected: Status) -> None:
    assert next(found.status for found in check(files).findings if found.practice == practice) is expected
