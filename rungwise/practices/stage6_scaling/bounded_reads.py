"""Pagination and limits on every list."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import CSHARP, ELIXIR, GO, JAVASCRIPT, JVM, PHP, PYTHON, RUBY, RUST, Look, at_least, code, either
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

PAGED = either(
    code(
        r"\bDEFAULT_PAGINATION_CLASS\b|\bPaginator\(|\bpagination_class\b|\bpaginate\w*\(|\bper_page\b|\bpage_size\b"
        r"|\blimit: (int|Annotated)|\.limit\(\s*([^\s1)]|1[\d_])|\bfirst: ?(int|Int)\b|\bConnectionField\b",
        PYTHON, strings=True, example="def read_items(skip: int = 0, limit: int = 100):",
    ),
    code(
        r"\.(take|limit)\(\s*([^\s1)]|1[\d_]|1\w)|\.paginate\(|\btake:|\bfindMany\(\{[^;]{0,200}?\blimit: *(\w{2}|[^\s\d])|\bperPage\b|\bpageSize\b|\bpaginationOptsValidator\b|\bcursor: (\{|\w+ \?)|\bper_page\b",
        JAVASCRIPT, but_not=(*BROWSER, "*.{tsx,jsx}", "**/components/**", "*.d.ts", "*.{type,types,interface}.ts", "**/{types,interfaces}{.ts,/**}"), example="findMany({ take: perPage })",
    ),
    code(r"\bpaginate\b|\.page\(|\bpagy\b|\bper_page\b|\.limit\(\s*([^\s1)]|1[\d_])", RUBY, example="@gems = Rubygem.page(params[:page])"),
    code(r"->(paginate|simplePaginate|cursorPaginate|forPage)\(|->(take|limit)\(\s*([^\s1)]|1[\d_])|->setMaxPerPage\(|->setMaxResults\(\s*([^\s1)]|1[\d_])|\bnew Pagerfanta\(", PHP, example="$query->paginate(20)"),
    code(
        r"\bPageable\b|\bPageRequest\b|\bSlice<|\.limit\(|\bpageSize\b|\bcursor\b|\blimit: Int\b|\b(int|Integer|long) limit\b",
        JVM, example="Page<Owner> findAll(Pageable pageable);",
    ),
    code(r"\.Skip\([^)]*\)\s*\.Take\(|\bPageSize\b|\.Take\(", CSHARP, example=".Skip(pageSize * pageIndex).Take(pageSize)"),
    code(
        r"(?i)\bLIMIT \$|\.Limit\(\s*([^\s1)]|1[\d_])|\bwithLimit\b|\bpage_?size\b|\bpage_?token($|[^(\w])|\bwithPaging\b",
        GO, strings=True, example="query.Limit(limit)",
    ),
    code(r"\.(limit|per_page|page|seek)\(|\bPagination\w*\b", RUST, example="query.limit(per_page)"),
    code(r"\blimit(: |\()\^?\w+|\bScrivener\b|\bpaginate\(|\bFlop\.", ELIXIR, example="|> limit(^limit)"),
)  # fmt: skip
IN_SQL = code(
    r"\bLIMIT (\?|%[ds]|:\w+|@\w+|[1-9]\d|['\"]\s*(\.|\+|<>|\|\|)\s*\w)", (*PYTHON, *GO, *JVM, *RUBY, *PHP, *RUST, *CSHARP, *ELIXIR),
    strings=True, example='fmt.Sprintf(" LIMIT %d, %d", start, pageSize)',
)  # fmt: skip
"""A limit in SQL by hand; what runs it may be a request or a job."""
BY_DEFAULT = code(
    r"\bDEFAULT_PAGINATION_CLASS\W{1,5}[\w.]*Pagination\b", PYTHON,
    strings=True, example="'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.CursorPagination'",
)  # fmt: skip
VIEW = code(r"\bpagination_class\s*=\s*[A-MO-Z]\w*", PYTHON, counted=True, example="pagination_class = DefaultPagination")
_VIEWS = 5
"""Many views of one file page as well as those of three files."""
REQUESTS = (
    "**/{controllers,Controllers,controller,routes,routers,api,Api,API,rest,views,handlers,resolvers,resources,endpoints,web,http}/**",
    "**/*{controller,Controller,_view,views,routes,router,handler,Handler,resolver,Resource,rest,Endpoint,.route,.router}.*",
)  # fmt: skip
"""Where requests are answered."""
WHOLE = either(
    code(
        r"\b[A-Z]\w*::all\(\)|->(get|fetch|find|list)All\w*\(", PHP, files=REQUESTS, example="return UserResource::collection($this->users->getAll());",
    ),
    code(r"\b[A-Z]\w*\.all\s*$", RUBY, files=REQUESTS, example="@users = User.all"),
    code(
        r"\b\w*_?(get|fetch|find|list|read)_all_\w+\(|\.query\.all\(\)|\bscalars\([^\n]*\)\.all\(\)", PYTHON, files=REQUESTS,
        example="return jsonify(dao_fetch_all_services())",
    ),
    code(
        r"\breturn\b[^\n]*\.(query|session|scalars|exec|execute)\b[^\n]*\.all\(\)\s*$|\breturn query\.all\(\)", PYTHON,
        files=("**/{dao,daos,crud,repositories,repository,queries,models,services}/**", "*{_dao,_repository,crud,queries,_service}.py"),
        example="return session.query(User).all()",
    ),
    code(
        r"\.(findAll|getAll|find|findMany)\(\s*(\{\s*\})?\s*\)", JAVASCRIPT, files=REQUESTS, but_not=(*BROWSER, "*.{tsx,jsx}", "**/{public,migrations,scripts,frontend}/**"),
        example="return this.usersRepository.findAll();",
    ),
    code(
        r"(?i)\b\w*(repository|repo|dao|service|store|mapper)\w*(\(\))?\.(find|get|list|fetch|load|retrieve)All\w*\(\s*\)", (*JVM, *CSHARP),
        files=REQUESTS, example="return officeRepository.findAll();",
    ),
    code(
        r"@GetMapping(\([^(){}\n]*\))?\s(\s*@\w+[^\n]*\n)*\s*((public |suspend )*fun \w+\(([^{})]|\)+[^:){}])*\): (ResponseEntity<)?(List|Flux)<"
        r"|public (ResponseEntity<)?(List|Flux|Collection|Iterable)<)",
        JVM, files=REQUESTS, strings=True, example='@GetMapping("/orders")\n  fun orders(user: User): List<OrderDto> =',
    ),
    code(
        r"(?i)\b\w*(repository|repo|dao|service|store|db|database|storage)\w*(\(\))?\.(find|get|list|fetch|load)All\w*\(", GO, files=REQUESTS,
        example="users, err := store.GetAllUsers(ctx)",
    ),
    code(r"\bRepo\.all\([A-Z]\w*\)", ELIXIR, files=REQUESTS, example="Repo.all(User)"),
)  # fmt: skip
"""A list that is read whole, in the code that answers a request."""
PARAMETER = code(
    r"\b(limit|page_size|per_page): (int|Annotated)\b", PYTHON, example="def read_items(skip: int = 0, limit: int = 100):",
)  # fmt: skip
"""Endpoints whose framework reads the limit from the request."""
NOT_ASKED = ("**/{migrations,seed,init,crons,testing,_generated}{.*,/**}",)
"""What no request runs."""
CONVEX_LIMITED = code(
    r"\.(take|paginate)\(", JAVASCRIPT, files="**/convex/**", counted=True, example="ctx.db.query('notes').take(100)",
)  # fmt: skip
CONVEX_COLLECTED = code(
    r"\.collect\(\)", JAVASCRIPT, files="**/convex/**", counted=True, example="ctx.db.query('notes').collect()"
)
CONVEX_WHOLE = code(
    r"\bdb\s*\.query\([^()]*\)\s*(\.order\([^()]*\)\s*)?(\.filter\([^;]{1,400}?\)\s*)?\.collect\(\)",
    JAVASCRIPT, files="**/convex/**", counted=True, but_not=NOT_ASKED, example="ctx.db.query('notes').order('desc').collect()",
)  # fmt: skip
"""A table that is read whole, since a filter reads all that it leaves out."""
CONVEX_BOUNDED = code(
    r"\b(paginationOpts\w*|paginator|getPage|stream)\b|\b(MAX|LIMIT)_[A-Z]\w*|\b(max|limit)[A-Z]\w*|\w_LIMIT\b",
    JAVASCRIPT, files="**/convex/**", example="if (notes.length >= MAX_NOTES) throw new ConvexError('full');",
)  # fmt: skip
"""Pages, and numbers that no list is let grow beyond."""


def judge(look: Look) -> Verdict | None:
    """On Convex reads can be counted, elsewhere files that answer with whole lists. Whether those can grow, only a person can tell."""
    limited, whole = (sum(signal.places for signal in clue.find(look)) for clue in (CONVEX_LIMITED, CONVEX_COLLECTED))
    if limited and whole * 4 > limited:
        signals = CONVEX_LIMITED.find(look) + CONVEX_COLLECTED.find(look)
        return Verdict(Status.PARTIAL, signals, f"{limited} reads are limited, and {whole} read whatever there is.")
    if sum(signal.places for signal in VIEW.find(look)) >= _VIEWS:
        return Verdict(Status.PRESENT, VIEW.find(look))
    paged, listed = PAGED.find(look), WHOLE.find(look)
    pages, lists = ({signal.path for signal in signals} for signals in (paged, listed))
    unbounded = lists - pages
    if pages and len(unbounded) >= 3 and len(unbounded) * 4 > len(pages) and not BY_DEFAULT.find(look):
        signals = (paged[0], *(signal for signal in listed if signal.path in unbounded))
        return Verdict(Status.PARTIAL, signals, f"{len(pages)} files page their lists, and {len(unbounded)} read whole ones.")
    tables = CONVEX_WHOLE.find(look)
    if (
        tables
        and not paged
        and not limited
        and sum(signal.places for signal in tables) >= whole
        and not CONVEX_BOUNDED.find(look)
    ):
        return Verdict(Status.ABSENT, tables, "Each list here is a table that is read whole, and nothing bounds one.")
    return (
        None
        if paged or IN_SQL.find(look)
        else Verdict(Status.NOT_SEEN, (), "No pagination was seen; lists may be short by nature.")
    )


PRACTICE = Practice(
    id="bounded-reads",
    stage=Stage.SCALING,
    title="No list can grow until it breaks",
    why="A list without a limit works for years, and then fails for your largest customer.",
    advice=(
        "On Convex, page with usePaginatedQuery, and use take(n) for the latest few.",
        "Set a default and a maximum page size in the framework; prefer cursors to offsets.",
        "Where the product allows it, limit the number of items when they are written.",
    ),
    looked_for="pagination or a limit on the endpoints that return lists",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.DATASTORE, Fact.HTTP_API),
    guide="https://stack.convex.dev/queries-that-scale",
    question="Which list has no upper bound for your largest customer?",
    after=("indexed-queries",),
    present=(BY_DEFAULT, at_least(3, PAGED), at_least(2, PARAMETER)),
    partial=(PAGED, IN_SQL),
    judge=judge,
    uses=(CONVEX_LIMITED, CONVEX_COLLECTED, CONVEX_WHOLE, CONVEX_BOUNDED, VIEW, WHOLE),
)
