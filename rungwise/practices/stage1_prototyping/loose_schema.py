"""A corner: the schema is left loose."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import JAVASCRIPT, Language, Look, code, either
from rungwise.model import Effort, Fact, Observable, Role, Signal, Stage, Status

LOOSE = either(
    code(r"\b(schemaValidation|strictTableNameTypes)\s*:\s*false\b", JAVASCRIPT, example="schemaValidation: false"),
    code(r"\bnew (mongoose\.)?Schema\(\s*\{\s*\}", JAVASCRIPT, example="new Schema({}, { strict: false })"),
    code(
        r"ddl-auto\s*[:=]\s*(update|create|create-drop)\b",
        (Language.PROPERTIES, Language.YAML),
        example="spring.jpa.hibernate.ddl-auto=update",
        but_not=("*test*", "*dev*", "*local*", "*h2*"),
    ),
)
STRICT = code(
    r"ddl-auto\s*[:=]\s*[\"']?(validate|none)\b",
    (Language.PROPERTIES, Language.YAML),
    example="spring.jpa.hibernate.ddl-auto=validate",
    files=("application.yml", "application.yaml", "application.properties"),
)
"""What Spring goes by where no profile says otherwise."""

_LIVE = "prod live mysql maria postgres pgsql oracle mssql sqlserver docker cloud k8s kubernetes".split()


def judge(look: Look) -> Verdict | None:
    """The corner is taken (present) where checks of the schema are switched off."""
    strict = {_folder(signal) for signal in STRICT.find(look)}
    found = tuple(signal for signal in LOOSE.find(look) if _folder(signal) not in strict or not _side_profile(signal))
    return Verdict(Status.PRESENT, found) if found else Verdict(Status.ABSENT, (), "The corner was left, or never taken.")


def _folder(signal: Signal) -> str:
    return (signal.path or "").rpartition("/")[0]


def _side_profile(signal: Signal) -> bool:
    """Whether it is said in a profile of Spring that production hardly runs in, by its name."""
    name = (signal.path or "").rpartition("/")[2]
    return name.startswith("application-") and not any(live in name for live in _LIVE)


PRACTICE = Practice(
    id="loose-schema",
    stage=Stage.PROTOTYPING,
    title="Corner: the schema is loose, on purpose",
    why="A data model without ceremony suits a product that still changes shape daily, and rots once it does not.",
    advice=(
        "Convex: keep the types with `defineSchema` and `schemaValidation: false` rather than having no schema.",
        "Let the dashboard write the schema from the data once the model has settled.",
    ),
    looked_for="schema validation that is switched off, or fields that take anything",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    graduates_to="data-schema-validation",
    judge=judge,
    uses=(LOOSE, STRICT),
)
