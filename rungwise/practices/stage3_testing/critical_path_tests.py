"""Tests where a mistake costs most."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import (
    ELIXIR,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    TESTS,
    Look,
    at_least,
    beside,
    code,
    either,
    file,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

SENDING = (*RUBY, *PYTHON, *PHP, *ELIXIR)
DENIED = either(
    at_least(
        2,
        code(
            r"\b(assert_?|be_|to_?[bB]e\(|toEqual\(|status\w*\W{1,6}|==\s*|code\W{1,4})(:?40[13]|:?forbidden|:?unauthorized"
            r"|HTTP_40[13]\w*|StatusForbidden|StatusUnauthorized)\b|\b(PermissionDenied|assert_no_permission"
            r"|assertForbidden|assertUnauthorized|assertPermissionError|isForbidden|isUnauthorized|StatusForbidden"
            r"|StatusUnauthorized|HTTP_403_FORBIDDEN|HTTP_401_UNAUTHORIZED|HttpStatusCode\.(Forbidden|Unauthorized)"
            r"|NotAuthorizedError|AccessDenied\w*|StatusCode::(FORBIDDEN|UNAUTHORIZED))\b|:forbidden\b|:unauthorized\b"
            r"|(status\w*|[sS]tatusCode|code|toBe|toEqual|assert\w*|expect\w*|eq|equal\w*)\W+(40[13])\b|,\s*40[13]\)",
            PROGRAM,
            example="expect(response.status).toBe(403)",
            where=TESTS,
        ),
    ),
    # One test may tell who is not signed in from who is, and still may not.
    beside(
        code(
            r"\b(isUnauthorized|assertUnauthorized|StatusUnauthorized|HTTP_401_UNAUTHORIZED|HttpStatusCode\.Unauthorized|StatusCode::UNAUTHORIZED)\b|:unauthorized\b",
            PROGRAM,
            example=".expectStatus().isUnauthorized",
            where=TESTS,
        ),
        code(
            r"\b(isForbidden|assertForbidden|StatusForbidden|HTTP_403_FORBIDDEN|HttpStatusCode\.Forbidden|StatusCode::FORBIDDEN)\b|:forbidden\b",
            PROGRAM,
            example=".expectStatus().isForbidden",
            where=TESTS,
        ),
    ),
    # Who may not is sent away. Who signs out is, too, so the test has to say whom it means.
    beside(
        code(
            r"(?i)\b(non[-_ ]?(admin|mod|owner|member|staff)\w*|(admin|mod(erator)?|staff|owner|member)s?[-_ ]only|not[-_ ]?(authori[sz]ed|allowed|permitted)"
            r"|unauthori[sz]ed|without[-_ ](permission|access|role)|(other|another)[-_ ]users?)\b",
            SENDING,
            strings=True,
            example='describe "mod-only routes" do',
            where=TESTS,
        ),
        code(
            r"(?i)\b(redirect_to|redirected_to|assert_?redirect(s|ed_to)?)\b[^\n]{0,40}\b(log_?in|sign_?in|(new_)?(user_)?session)(_(path|url))?\b",
            SENDING,
            strings=True,
            example='expect(response).to redirect_to("/login")',
            where=TESTS,
        ),
    ),
)
AMOUNTS = either(
    file(
        "**/*{billing,invoice,payment,checkout,price,pricing,tax,refund,ledger,money,spend,Billing,Invoice,Payment,Checkout,Price,Tax"
        ",Refund,Money}*",
        where=TESTS,
    ),
    beside(
        # There are subscriptions to news as well.
        code(
            r"(?i)(\b|_)(stripe|paddle|billing|invoic\w+|pric(e|ing)\w*|plans?|trial\w*|amount\w*|cents|paid|payments?)(\b|_)",
            PROGRAM,
            strings=True,
            where=TESTS,
            files="**/*{subscription,Subscription}*",
            example='expect(subscription.plan).toBe("pro")',
        ),
        file("**/*{subscription,Subscription}*", where=TESTS),
    ),
    file(
        "**/{billing,payments,payment,invoices,invoicing,checkout,pricing,ledger,refunds}/**/*{test,Test,spec,Spec}*",
        where=TESTS,
        # How a page about money looks is not what it adds up to.
        but_not=("*.{tsx,jsx,vue,svelte}",),
    ),
)


def judge(look: Look) -> Verdict | None:
    """Present where refusals are tested, and money too where it is taken; partial for one of the two."""
    denied, amounts = DENIED.find(look), AMOUNTS.find(look)
    if denied and (amounts or not look.fact(Fact.PAYMENTS)):
        return Verdict(Status.PRESENT, denied + amounts[:1])
    if found := denied or amounts:
        return Verdict(Status.PARTIAL, found)
    return None


PRACTICE = Practice(
    id="critical-path-tests",
    stage=Stage.TESTING,
    title="Permissions and money have tests",
    why="One wrong permission or invoice costs more than all other bugs together.",
    advice=(
        "For each resource write one test in which another user is refused.",
        "Test arithmetic on money with generated values (hypothesis, fast-check).",
    ),
    looked_for="tests that expect a refusal, and tests that name amounts where money is taken",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=((Fact.USERS, Fact.PAYMENTS),),
    after=("unit-tests",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which test fails if one user can read another's data?",
    judge=judge,
    uses=(DENIED, AMOUNTS),
)
