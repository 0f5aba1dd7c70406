"""Caching, and hot data apart from cold."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import (
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    Look,
    beside,
    code,
    dependency,
    either,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

CACHED = either(
    code(
        r"(?i)\bsurrogate[-_](key|control)|\b(cdn|cloudfront|fastly)\w*_?(invalidat(e|ion)s?|purge)\b|\bpurge_?(cache|keys?|cdn|url|tag)\w*\(",
        PROGRAM, strings=True, example='headers["Surrogate-Key"] = key',
    ),
    code(
        r"\bRails\.cache\.(fetch|write)\b|^\s*(http_cache_forever|expires_in) ",
        RUBY, strings=True, example="Rails.cache.fetch(key, expires_in: 1.hour) do",
    ),
    code(
        r"\b[cC]ache(\(\)|::)?(->)?(remember|rememberForever|flexible|put)\(|\$\w*cache\w*->remember\(",
        PHP, example="Cache::remember('stats', 60, fn () => stats())",
    ),
    code(
        # An array is forgotten at the end of the request.
        r"\b[cC]ache(\(\)->|::)(tags\([^)]*\)|(store|driver)\(\s*['\"](redis|memcached|file|database|dynamodb|octane)['\"]\s*\))"
        r"\s*->(remember|rememberForever|flexible|put)\(",
        PHP, strings=True, example="Cache::store('redis')->remember('stats', 60, fn () => stats())",
    ),
    code(
        r"\bcache\.(get_or_set|set|get_many|set_many)\(|@(cached|cache_page|cachedmethod|cache\.memoize|cache\.cached)\("
        r"|\bTTLCache\(",
        PYTHON, example="cache.set(key, value, timeout=60)",
    ),
    beside(
        code(r"\b\w*cache_?(keys?|miss(es)?|hits?)\b|\b\w*_cache_\w*key\w*\(|\bcached_\w+ *=", PYTHON, example="cache_key = key_of(order)"),
        code(
            r"\b\w*(redis|pipe(line)?|conn(ection)?|client)\w*(\(\))?\.(setex|psetex|expire|mset)\(|\b\w*redis\w*(\(\))?\.set\([^\n]*\b(ex|px)=",
            PYTHON, example="redis.setex(cache_key, 300, value)",
        ),
    ),
    code(
        r"\bunstable_cache\(|\brevalidateTag\(|\bs-maxage=|\bstale-while-revalidate\b|\bnew LRUCache\(|\bnew (NodeCache|Keyv"
        r"|ActionCache)\(|\b\w*[cC]ache\w*\.(getOrSet|getDataOrSet|remember|wrap|invalidate\w*|clearData)(<[^>]*>)?\(|\.setex\(|\bset\([^;\n]*([\"']EX[\"']|\{\s*(EX|PX|ex|px):)",
        JAVASCRIPT, strings=True, example='res.headers.set("Cache-Control", "public, s-maxage=60")',
    ),
    code(
        r"@CacheEvict\b|\bexpireAfter(Write|Access)\(|\bExpiryPolicyBuilder\.\w+\(|\btimeTo(Live|Idle)(Expiration|Seconds)\(|\.entryTtl\(|\bCaffeine\.newBuilder\(|\.setex\(|\bSetArgs\b",
        JVM, example="Caffeine.newBuilder().expireAfterWrite(ttl)",
    ),
    code(
        r"\b(time_to_live|time_to_idle|set_ex|pset_ex)\(|\bCacheControl\b|\bcache_control\b|#\[(cached|once)\(",
        RUST, example="moka::Cache::builder().time_to_live(ttl)",
    ),
    code(
        r"\b(ristretto|bigcache|lru|expirable|cache)\.New\w*[(\[]|\.SetNX?\(ctx,|\.SetEx\(",
        GO, example="lru.New[string, int](128)",
    ),
    code(
        r"\b\w*[cC]ache\w*(\(\))?\.(Set|Put|Add|Save|Store)\w*\([^\n]*(\btime\.(Second|Minute|Hour)\b|Expir|\b\w*(TTL|[tT]tl|[cC]ache(Time|Duration))\b)",
        GO, but_not=("**/*{auth,captcha,session,token,login,otp,code,csrf,lock}*{,/**}",), example="s.cache.Set(ctx, key, value, 5*time.Minute)",
    ),
    code(
        r"\bIMemoryCache\b|\bHybridCache\b|\bGetOrCreateAsync\(|\bAddOutputCache\(|\[OutputCache",
        CSHARP, example="await cache.GetOrCreateAsync(key, load)",
    ),
    code(r"\bCachex\.(fetch|put)\(|\bConCache\.", ELIXIR, example="Cachex.fetch(:cache, key, load)"),
)  # fmt: skip
SWITCHED_OFF = code(
    r"^\s*config\.cache_store = :null_store",
    RUBY, files="**/config/environments/production.rb", example="  config.cache_store = :null_store",
)  # fmt: skip
CLIENT = either(
    code(r"@Cacheable\b", JVM, example='@Cacheable("vets")'),
    dependency(
        npm="lru-cache node-cache keyv cache-manager @convex-dev/action-cache",
        pypi="cachetools aiocache flask-caching dogpile-cache fastapi-cache2", maven="com.github.ben-manes.caffeine:caffeine",
        gem="solid_cache dalli identity_cache", crates="moka cached",
    ),
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """A cache that production switches off is none."""
    off = SWITCHED_OFF.find(look)
    return Verdict(Status.NOT_SEEN, off, "Production runs without a cache store.") if off else None


PRACTICE = Practice(
    id="cache-friendly-data",
    stage=Stage.SCALING,
    title="What changes often is kept apart from what is read often",
    why="One busy field on a popular record makes everything that reads the record run again.",
    advice=(
        "On Convex, move fields such as lastSeen into a table of their own, and keep Date.now() out of queries.",
        "Elsewhere, cache the two dearest reads with an expiry and a deliberate invalidation, and watch the hit rate.",
    ),
    looked_for="caches with an expiry or invalidation at the place of use, or tables that split hot from cold fields",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/queries-that-scale",
    question="Which record is written most, and what is computed again each time?",
    after=("indexed-queries", "metrics"),
    present=(CACHED,),
    partial=(CLIENT,),
    judge=judge,
    uses=(SWITCHED_OFF,),
)
