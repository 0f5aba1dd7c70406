"""Every push reaches production by itself."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import HCL, YAML, Look, beside, code, either, file, occurs, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, Stage, Status
from rungwise.practices.stage3_testing.ci_tests import START

COMMANDS = (
    "convex deploy", "vercel (?:.* )?(?:deploy|--prod|promote)", "netlify deploy", "fly(?:ctl)? deploy",
    "railway (?:up|redeploy)", "wrangler (?:pages )?(?:deploy|publish)", "(?:sls|serverless) deploy", "sst deploy",
    "cdk deploy", "sam deploy", r"(?:terraform|tofu|terragrunt)(?: \S+)* apply", "pulumi up", r"helm (?:\S+ )*upgrade",
    r"helmfile (?:\S+ )*(?:apply|sync)", r"kubectl (?:\S+ )*(?:apply|rollout|set image|replace)", "kamal deploy",
    "gcloud (?:beta )?(?:run|app|functions) deploy", "gcloud run services update",
    r"az (?:webapp|containerapp|functionapp) (?:\S+ )*(?:deploy|up|update)", "azd (?:up|deploy)", "eb deploy",
    r"cap \w+ deploy", "dep deploy", r"git push (?:-\S+ )*(?:dokku|heroku)", "heroku container:release", "firebase deploy",
    "aws ecs update-service", "aws lambda update-function-code", "aws deploy create-deployment", "aws cloudformation deploy",
    "skaffold (?:run|deploy)", "argocd app (?:sync|set)",
    "cf (?:push|zero-downtime-push|deploy)", "nomad (?:job )?run", "docker stack deploy", "caprover deploy", "mina deploy",
    "eas (?:update|submit)", "scalingo deploy", "clever deploy", "render deploys create",
    "doctl apps (?:create-deployment|update)",
    "(?:npm|pnpm|yarn|bun)(?: run)? deploy(?::(?:prod|production|staging|app|web|api))?",
    r"make (?:\S+ )*deploy(?:-(?:prod|production|staging|app))?",
    r"curl [^\n]*(?i:deploy[-_]?hook|api\.render\.com/deploy|/integrations/deploy/|/api/v1/deploy\b)[^\n]*",
    r"deploy(?:[-_](?:prod|production|staging|app|to[-_]\w+))?\.(?:sh|py|rb)",
)  # fmt: skip
DEPLOY_COMMAND = START + rf"(?:{'|'.join(COMMANDS)})(?:$|[\s\"');])"
DEPLOY_ACTION = (
    r"(?i)^(?:amondnet/vercel-action|BetaHuhn/deploy-to-vercel-action|nwtgck/actions-netlify|superfly/flyctl-actions/?.*"
    r"|akhileshns/heroku-deploy"
    r"|cloudflare/(?:wrangler|pages)-action|google-github-actions/deploy-(?:cloudrun|appengine|cloud-functions)"
    r"|azure/(?:webapps|container-apps|k8s|static-web-apps|functions)-?deploy.*"
    r"|aws-actions/(?:amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy|aws-codedeploy.*)"
    r"|helmfile/helmfile-action|hashicorp/tfc-workflows-github/.*"
    r"|firebaseextended/action-hosting-deploy|bitovi/.*deploy.*|johnbeynon/render-deploy-action"
    r"|digitalocean/app_action.*|dokku/github-action"
    r"|[^@/]+/(?:railway|render|coolify|caprover|netlify|heroku|fly|vercel)[\w-]*-deploy[\w-]*|caprover/deploy-from-github"
    r"|serverless/github-action|pulumi/actions|einaregilsson/beanstalk-deploy|deployphp/action|clever-cloud/.*"
    r"|[^@]+/\.github/workflows/[\w.-]*deploy[\w.-]*\.ya?ml)$"
)
MERGED = ("push", "workflow_run", "release", "tag")
DEPLOYED = step(DEPLOY_COMMAND, DEPLOY_ACTION, example="flyctl deploy --remote-only", on=MERGED)
COPIED = step(
    START + r"(?:aws s3 (?:sync|cp)|gsutil|gcloud storage|azcopy|rsync|scp|ssh|ansible-playbook|docker(?:-| )compose .*up"
    r"|docker stack)(?:$|\s)",
    r"(?i)^(?:appleboy/(?:ssh|scp)-action|jakejarvis/s3-sync-action|easingthemes/ssh-deploy|burnett01/rsync-deployments"
    r"|[\w-]+/s3-sync-action)$",
    example="aws s3 sync dist s3://shop",
    on=MERGED,
)
"""Commands that deploy in a job called so, and do much else elsewhere."""
SITE_DEPLOYED = step(
    uses=r"^(?:actions/deploy-pages|peaceiris/actions-gh-pages|JamesIves/github-pages-deploy-action)$",
    example="actions/deploy-pages",
    on=MERGED,
)
BY_HAND = step(DEPLOY_COMMAND, DEPLOY_ACTION, example="cap production deploy", on=())
THROWAWAY_CLUSTER = step(
    r"\b(?:kind create cluster|minikube start|k3d cluster create)\b",
    r"(?i)(?:kind-action|setup-minikube|k3d-action|k3s)",
    example="minikube start",
    on=(),
)
PULLED = either(
    beside(
        code(r"^kind: (Application|ApplicationSet)\b", YAML, example="kind: Application"),
        code(r"^\s+automated:", YAML, example="    automated:"),
    ),
    code(r"^apiVersion: (kustomize|helm)\.toolkit\.fluxcd\.io", YAML, example="apiVersion: kustomize.toolkit.fluxcd.io/v1"),
    code(r"\bauto_apply\s*=\s*true\b", HCL, example="auto_apply = true"),
)
"""Something that watches the repository and deploys what it finds: Argo CD, Flux, Terraform Cloud."""
PLATFORM_FILE = file(
    "vercel.json",
    "netlify.toml",
    "render.yaml",
    "fly.toml",
    "fly.*.toml",
    "**/fly/*.toml",
    "railway.json",
    "railway.toml",
    "Procfile",
    "app.json",
    "apprunner.yaml",
    "appspec.yml",
    "app.yaml",
    "wrangler.toml",
    "wrangler.json",
    "wrangler.jsonc",
    "firebase.json",
    "amplify.yml",
    "cloudbuild.yaml",
    "buildspec.yml",
    ".do/app.yaml",
    "**/config/deploy.yml",
    "cdk.json",
    "serverless.yml",
    "serverless.yaml",
    "sst.config.ts",
    "samconfig.toml",
    "skaffold.yaml",
    "helmfile.yaml",
    "shipit.yml",
    "shipit.*.yml",
    "captain-definition",
    "Capfile",
    "deploy.php",
    "azure.yaml",
    "**/argocd/**/*.yaml",
    "manifest.yml",
    but_not=("**/expo/app.json", "**/mobile/app.json"),
)

_NOT_THE_PRODUCT = (
    r"(?i)docs?\b|documentation|website|storybook|chromatic|github-pages|preview|benchmark|example|e2e|\bpypi\b|brew"
    r"|chart-releas"
)


_CALLED_DEPLOY = r"(?i)deploy|\bcd\b|production"


def _job(signal: Signal) -> tuple[str, str, str]:
    return signal.path or "", signal.detail("workflow"), signal.detail("job")


def said_of(signal: Signal) -> tuple[str, ...]:
    """The names that people gave to a step's workflow, job and environment."""
    return (
        signal.detail("workflow") or signal.path or "",
        signal.detail("job"),
        signal.detail("job_name"),
        signal.detail("environment"),
        signal.value if signal.name == "uses" else "",
    )


def deploys(look: Look, signals: tuple[Signal, ...], but_not: str = _NOT_THE_PRODUCT) -> tuple[Signal, ...]:
    """Those of some deploying steps that deploy the product itself, to more than a cluster thrown away after the job."""
    throwaway = {_job(signal) for signal in THROWAWAY_CLUSTER.find(look)}
    return tuple(
        signal
        for signal in signals
        if _job(signal) not in throwaway and not any(occurs(but_not, text) for text in said_of(signal))
    )


def judge(look: Look) -> Verdict | None:
    """Present for a deployment that a push, a release or a watcher sets off; partial where a person starts it."""
    copied = tuple(signal for signal in COPIED.find(look) if any(occurs(_CALLED_DEPLOY, text) for text in said_of(signal)[:4]))
    found = deploys(look, DEPLOYED.find(look) + copied)
    if not found and look.fact(Fact.HTTP_API) is False:
        # Pages publish the documentation of a service, but they are where a static site lives.
        found = SITE_DEPLOYED.find(look)
    if found := found or PULLED.find(look):
        return Verdict(Status.PRESENT, found)
    started = deploys(look, BY_HAND.find(look))
    by_hand = tuple(
        signal for signal in started if not set(signal.detail("on").split()) & {"pull_request", "pull_request_target"}
    )
    if not by_hand:
        return None
    return Verdict(Status.PARTIAL, by_hand, f"A deployment is there, in {by_hand[0].path}, but a person starts it.")


PRACTICE = Practice(
    id="auto-deploy",
    stage=Stage.PROTOTYPING,
    title="A push to the default branch deploys itself",
    why="When every push goes live, production stays current and few commits are suspect if something breaks.",
    advice=(
        "Connect the host to the repository (Vercel, Render, Fly, Cloud Run) before writing a pipeline of your own.",
        'Convex: build with `npx convex deploy --cmd "npm run build"` and a production deploy key.',
        "Deploy from a branch of its own where the default branch is not always ready.",
    ),
    looked_for="a job that deploys when the default branch changes",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.DOCS, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    after=("version-control",),
    not_for="Others install it; its releases take the place of deployments.",
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="Does a merge to the default branch reach production without a person?",
    partial=(PLATFORM_FILE,),
    judge=judge,
    uses=(DEPLOYED, COPIED, SITE_DEPLOYED, PULLED, BY_HAND, THROWAWAY_CLUSTER),
    near=(
        (
            file(
                "{,bin/,script/,scripts/,hack/,tools/,ci/}deploy{,.*,-*,_*}",
                "{k8s,kubernetes,helm,charts,deploy,deployment,deployments}/{*,*/*}",
            ),
            "is for a deployment, and no job was seen to run one",
        ),
    ),
)
