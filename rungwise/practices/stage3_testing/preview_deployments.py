"""Each pull request can be clicked."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import JSON, YAML, Look, code, either, file, occurs, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage1_prototyping.auto_deploy import (
    BY_HAND,
    DEPLOY_ACTION,
    DEPLOY_COMMAND,
    DEPLOYED,
    deploys,
    said_of,
)

PULL_REQUEST = ("pull_request", "pull_request_target", "merge_request", "issue_comment")
ON_ITS_BRANCH = step(
    r"\b(?:docker|helm|kubectl|aws|gcloud|az)\b|(?i:deploy|preview|review[-_]?app)",
    r"(?i)deploy|preview|review[-_]?app",
    example="./bin/create_review_app.sh",
    on=("push",),
)
"""Where a branch of a certain name asks for a preview, rather than a pull request."""
TRIED_THERE = step(
    r"\S", r"(?i)playwright|cypress|lighthouse|checkly|test", example="npx playwright test", on=("deployment_status",)
)
"""What runs once the host says that it has deployed, which it does for each pull request."""
DEPLOYED_FOR_REVIEW = step(DEPLOY_COMMAND, DEPLOY_ACTION, example="netlify deploy --dir dist", on=PULL_REQUEST)
NAMED_PREVIEW = step(
    r"\b(?:docker|docker-compose|buildx|helm|kubectl|kustomize|argocd|aws|gcloud|az|terraform|gh|curl)\b|deploy|preview",
    r"(?i)deploy|preview|build-push-action|review-app|configure-aws-credentials|pull-preview",
    example="docker build -t app:pr-1 .",
    on=PULL_REQUEST,
)
REVIEW_APP_ACTION = step(
    uses=r"(?i)^(?:superfly/fly-pr-review-apps|pullpreview/action|UffizziCloud/preview-action.*|okteto/deploy-preview|qovery/.*"
    r"|FirebaseExtended/action-hosting-deploy)",
    example="superfly/fly-pr-review-apps",
    on=PULL_REQUEST,
)
SET_UP_AT_HOST = either(
    code(
        r"\bpreviews(Enabled)?:\s*(true|\n\s+generation:\s*(automatic|manual))",
        YAML,
        example="previewsEnabled: true",
        files=("render.yaml", "render.yml"),
    ),
    code(r'"environments"\s*:\s*\{\s*"review"|"review"\s*:\s*\{', JSON, example='"review": {}', files="app.json"),
    code(
        r"--preview-(run|create|name)\b",
        (*JSON, *YAML),
        example="convex deploy --preview-run init",
        files=("package.json", "*.yml", "*.yaml"),
    ),
    file("vercel.json", ".do/deploy.template.yaml", "netlify.toml", but_not=("**/docs/**", "**/website/**")),
)
OWN_PLATFORM = file(
    "shipit.yml",
    "shipit.*.yml",
    "**/kustomization.yaml",
    "Chart.yaml",
    "**/config/deploy/**/*.{yml,yaml,erb}",
    "*.nomad",
    "Capfile",
)
ELSEWHERE = "The host may build previews by itself; only its own pages show that."

_PREVIEW = (
    r"(?i)\bpreviews?\b|review[-_ ]?app|deploy[-_ ]?pr\b|\bpr[-_ ]?(?:deploy|env|preview)|test[-_ ]env|ephemeral"
    r"|pull[-_ ]?request[-_ ]?env"
)
_PREVIEW_BRANCH = r"(?i)\b(?:preview|review[-_]?app)s?[-/*]"
_PRODUCTION = r"(?i)\bprod(?:uction)?\b"
_NOT_THE_APP = (
    r"(?i)docs?\b|documentation|website|storybook|chromatic|release|changelog|percy|cleanup|clean-up|clean_up|destroy|teardown"
    r"|close"
)


def judge(look: Look) -> Verdict | None:
    """Present for a deployment that a pull request sets off; a question where the host could do it unseen."""
    named = tuple(signal for signal in NAMED_PREVIEW.find(look) if any(occurs(_PREVIEW, text) for text in said_of(signal)))
    if found := deploys(look, REVIEW_APP_ACTION.find(look) + DEPLOYED_FOR_REVIEW.find(look) + named, _NOT_THE_APP):
        return Verdict(Status.PRESENT, found)
    if found := tuple(signal for signal in ON_ITS_BRANCH.find(look) if occurs(_PREVIEW_BRANCH, signal.detail("branches"))):
        return Verdict(Status.PRESENT, found)
    if tried := tuple(signal for signal in TRIED_THERE.find(look) if not occurs(_PRODUCTION, signal.detail("if"))):
        return Verdict(Status.PRESENT, tried, f"{tried[0].path} tries what the host has deployed for a change.")
    if set_up := SET_UP_AT_HOST.find(look):
        return Verdict(Status.PARTIAL, set_up)
    # A pipeline of one's own would have to build previews too; a host that watches the repository may do it unseen.
    own_pipeline = deploys(look, DEPLOYED.find(look) + BY_HAND.find(look)) or OWN_PLATFORM.find(look)
    return None if own_pipeline else Verdict(Status.NOT_SEEN, (), ELSEWHERE)


PRACTICE = Practice(
    id="preview-deployments",
    stage=Stage.TESTING,
    title="Each pull request gets a deployment to click on",
    why="A reviewer who can try the change finds what reading it cannot show.",
    advice=(
        "Vercel or Netlify with Convex: a preview deploy key and `npx convex deploy --preview-run init` in the preview's build.",
        "Elsewhere: review apps (Heroku, Render, Fly), filled by the seed script.",
    ),
    looked_for="a job that deploys each pull request, or previews switched on at the host",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.DOCS),
    requires=(Fact.FRONTEND, Fact.TEAM_OPERATES),
    after=("auto-deploy", "seed-data"),
    guide="https://stack.convex.dev/testing-patterns",
    question="Does each pull request get a deployment, with its own backend and data?",
    judge=judge,
    uses=(
        DEPLOYED_FOR_REVIEW,
        NAMED_PREVIEW,
        REVIEW_APP_ACTION,
        ON_ITS_BRANCH,
        TRIED_THERE,
        SET_UP_AT_HOST,
        DEPLOYED,
        BY_HAND,
        OWN_PLATFORM,
    ),
    near=(
        (
            file(".github/workflows/*{preview,review-app,review_app,staging}*", "app.json", "render.yaml", "fly.toml"),
            "deploys, though not each pull request by itself",
        ),
    ),
)
