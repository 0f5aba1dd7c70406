"""A corner: no screens for support work yet."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import PROGRAM, PYTHON, Look, code, dependency, either, file
from rungwise.facts import RULES
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

ADMIN = either(
    file(
        "**/{admin,Admin,backoffice,back-office,dashboard-admin}/**/*.{py,rb,php,ts,tsx,js,jsx,vue,svelte,go,java,kt,cs,ex,"
        "heex,rs,erb,html,cshtml,razor,twig}",
        "**/*{admin,Admin}*.{py,rb,php,ts,tsx,js,jsx,vue,svelte,go,java,kt,cs,ex,heex,rs,erb,html,cshtml,razor,twig}",
    ),
    dependency(
        gem="administrate activeadmin avo rails_admin motor-admin blazer",
        pypi="sqladmin flask-admin django-unfold",
        composer="filament/filament laravel/nova",
    ),
    code(r"\badmin\.site\.register\(|\bModelAdmin\b|\bAdminSite\b", PYTHON, example="admin.site.register(Order)"),
    code(
        r"(?i)\b(is_?admin|is_?staff|role_?admin|admin_?only|require_?admin|can_?administ(er|rate))\b|\.administrator\?",
        PROGRAM,
        example="if (user.isAdmin) {",
    ),
)

STORED = RULES[Fact.DATASTORE].clue


def judge(look: Look) -> Verdict:
    """The corner is taken (present) where no admin screen is seen."""
    if found := ADMIN.find(look):
        return Verdict(Status.ABSENT, found, "The corner was left: there is something for administrators.")
    return Verdict(Status.PRESENT, STORED.find(look), "There is data, and nothing for administrators was seen.")


PRACTICE = Practice(
    id="admin-ui-deferred",
    stage=Stage.PROTOTYPING,
    title="Corner: no admin screens yet",
    why="A second app for support work is a debt until there is support work; functions and a dashboard last long.",
    advice=(
        "Write a function or a management command for each fix that comes back.",
        "Run it from the vendor's dashboard or a terminal, and keep it in the repository.",
    ),
    looked_for="the absence of any admin screens",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    graduates_to="scoped-admin-access",
    question="How is a customer's problem in production data put right today?",
    judge=judge,
    uses=(ADMIN, STORED),
)
