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
KNOWN = function(
    "const user = await getUser(ctx, args.sessionId);", "await ctx.db.insert('notes', { user });", args="sessionId: v.string()"
)
MODEL = {"shared/llm.ts": "const r = await fetch(join(config.url, '/v1/chat/completions'), { body });\n"}
ELSEWHERE = "const r = await fetch(address, { headers: { Authorization: process.env.MAPS_API_KEY } });\n"
RETRY = "export async function retryWithBackoff<T>(call: () => Promise<T>) {}\n"
FILTERED = "const notes = await ctx.db.query('notes').filter((q) => q.eq(q.field('owner'), owner)).collect();"
INDEXED = "const notes = await ctx.db.query('notes').withIndex('owner', (q) => q.eq('owner', owner)).collect();"
BARE = {"convex/schema.ts": "export default defineSchema({ notes: defineTable({ owner: v.string() }) });\n"}
PAID = 'const r = await fetch("https://api.openai.com/v1/chat/completions", {{ body: JSON.stringify({{ {} }}) }});\n'
LATER = function("await ctx.scheduler.runAfter(0, internal.mail.send, {});")
SCHEDULED = function(
    "const scheduled = await ctx.db.system.query('_scheduled_functions').collect();",
    "await Promise.all(scheduled.map((job) => ctx.scheduler.cancel(job._id)));",
)


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
        ("anonymous-bot-protection", app(**{"convex/users.ts": KNOWN}), Status.NOT_APPLICABLE),
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
        # Every list is a table that is read whole, by a filter or without one; an index or a bound somewhere makes it a question again.
        ("bounded-reads", app(**{"convex/a.ts": function(FILTERED, builder="query")}), Status.ABSENT),
        ("bounded-reads", app(**{"convex/a.ts": function("return ctx.db.query('notes').order('desc').collect();")}), Status.ABSENT),
        ("bounded-reads", app(**{"convex/a.ts": function(INDEXED)}), Status.NOT_SEEN),
        ("bounded-reads", app(**{"convex/a.ts": function(FILTERED, INDEXED)}), Status.NOT_SEEN),
        ("bounded-reads", app(**{"convex/a.ts": function(FILTERED, "if (notes.length > MAX_NOTES) throw full;")}), Status.NOT_SEEN),
        ("bounded-reads", app(**{"convex/seed.ts": function(FILTERED)}), Status.NOT_SEEN),
        ("bounded-reads", app(**{"convex/a.ts": function(FILTERED, "ctx.db.query('users').take(5);")}), Status.PARTIAL),
        ("indexed-queries", app(**BARE, **{"convex/a.ts": function(FILTERED)}), Status.ABSENT),
        ("indexed-queries", app(**{"convex/a.ts": function(FILTERED)}), Status.PARTIAL),
        ("indexed-queries", app(**BARE, **{"convex/a.ts": function("const notes = all.filter((note) => note.done);")}), Status.NOT_SEEN),
        ("indexed-queries", app(**BARE, **{"convex/a.ts": function(FILTERED, INDEXED)}), Status.NOT_SEEN),
        # Where a public mutation stores something first of all, nobody was asked who they are.
        ("anonymous-bot-protection", app(**{"convex/a.ts": function("return await ctx.storage.generateUploadUrl();")}), Status.ABSENT),
        ("anonymous-bot-protection", app(**{"convex/a.ts": function("await ctx.db.insert('notes', args);", args="a: v.any()")}), Status.ABSENT),
        (
            "anonymous-bot-protection",
            app(**{"convex/a.ts": "export const url = mutation(async ({ storage }) => {\n  return await storage.generateUploadUrl();\n});\n"}),
            Status.ABSENT,
        ),
        (
            "anonymous-bot-protection",
            app(**{"convex/a.ts": function("await requireUser(ctx);", "return await ctx.storage.generateUploadUrl();")}),
            Status.NOT_APPLICABLE,
        ),
        (
            "anonymous-bot-protection",
            app(**{"convex/a.ts": function("return await ctx.storage.generateUploadUrl();", builder="internalMutation")}),
            Status.NOT_APPLICABLE,
        ),
        # That a request may name a limit limits nothing; neither does one that a type only speaks of.
        ("cost-rate-limiting", app(**{"convex/a.ts": PAID.format("max_tokens: 300,")}), Status.PARTIAL),
        ("cost-rate-limiting", app(**{"convex/a.ts": PAID.format("...options,")}), Status.ABSENT),
        (
            "cost-rate-limiting",
            app(**{"convex/a.ts": PAID.format("...options,"), "convex/request.ts": "interface Request {\n  max_tokens?: number;\n}\n"}),
            Status.ABSENT,
        ),
        # What tests call to clear the product is no state of its jobs.
        ("async-job-state", app(**{"convex/a.ts": LATER, "convex/testing.ts": SCHEDULED}), Status.NOT_SEEN),
        ("async-job-state", app(**{"convex/a.ts": LATER, "convex/jobs.ts": SCHEDULED}), Status.PRESENT),
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
