"""Schema validation of stored data."""

from rungwise.catalogue import Practice, Verdict
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
    SQL,
    Look,
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

CONVEX_TABLES = code(r"\bdefineTable\(", JAVASCRIPT, example="users: defineTable({ name: v.string() })", files="**/convex/**")
CONVEX_OFF = code(r"\bschemaValidation:\s*false\b", JAVASCRIPT, example="{ schemaValidation: false }", files="**/convex/**")
CONVEX_FIELDS = code(r"\bv\.\w+\(", JAVASCRIPT, counted=True, example="name: v.string()", files="**/convex/**/*schema*")
CONVEX_ANYTHING = code(r"\bv\.any\(", JAVASCRIPT, counted=True, example="blob: v.any()", files="**/convex/**/*schema*")

SCHEMA = either(
    code(r"^model \w+ \{", (In.PRISMA,), example="model User {"),
    code(r"\b(pg|mysql|sqlite)Table\(", JAVASCRIPT, example='export const users = pgTable("users", {'),
    code(r"^\s*@Entity\(|^@Table\b", JAVASCRIPT, example="@Entity()"),
    code(r"\bsequelize\.define\(|\bextends Model\b.*\{|\bnew (mongoose\.)?Schema\(", JAVASCRIPT, example="new mongoose.Schema({"),
    code(
        r"\bknex\.schema\.|\bschema\.createTable\(|\bcreateTable\(",
        JAVASCRIPT, example="knex.schema.createTable('users', t => {",
    ),
    beside(
        code(r"\bnull: false\b|\bNOT NULL\b", (*RUBY, *SQL), example="null: false"),
        code(r"(?i)\bcreate_table\b|\bcreate table\b", (*RUBY, *SQL), example='create_table "users", force: :cascade do |t|'),
    ),
    both(dependency(gem="mongoid"), code(r"\binclude Mongoid::Document\b", RUBY, example="include Mongoid::Document")),
    code(
        r"\b(models\.Model|models\.\w+Model)\)|^class \w+\(.*\bModel(With\w+)?\)|\bmodels\.ForeignKey\(",
        PYTHON, example="class Check(models.Model):",
    ),
    code(
        r"\bop\.create_table\(|\b(Embedded|Dynamic)?Document\):|\bmapped_column\(|\b(db|sa|sqlalchemy)\.Column\(|= Column\(|\btable=True\b",
        PYTHON, example="id = db.Column(db.Integer)",
    ),
    code(
        r"(?i)\bcreate table\b[^;]*\b(not null|references|unique|primary key|check)\b",
        (*SQL, *PROGRAM, In.XML), strings=True, example="CREATE TABLE users (id SERIAL NOT NULL)",
    ),
    code(r"`[^`]*\bgorm:\"|\bfield\.\w+\(", GO, strings=True, example='ID uint `gorm:"primary_key"`'),
    code(r"^object \w+ : \w*Table\b|^\s*@Entity\b|<createTable\b|^\s*- createTable:", (*JVM, In.XML, In.YAML), example="@Entity"),
    code(
        r"\bCreate\.Table\(|:\s*(Identity)?DbContext\b|\bIEntityTypeConfiguration<|\bcreateTable\b",
        CSHARP, example="public class Store : DbContext",
    ),
    code(r"\bSchema::create\(|#\[ORM\\(Entity|Column)", PHP, example="Schema::create('pages', function (Blueprint $table) {"),
    code(r"\b(diesel::)?table! \{|\bDeriveEntityModel\b|\bTable::create\(\)", RUST, example="diesel::table! {"),
    code(r"\bcreate(_if_not_exists)? table\(", ELIXIR, example="create table(:users) do"),
    file("**/db/schema.rb", "**/db/structure.sql"),
)  # fmt: skip
DOCUMENTS = dependency(
    npm="mongodb @aws-sdk/client-dynamodb @google-cloud/firestore firebase-admin",
    pypi="pymongo motor boto3 google-cloud-firestore",
    go="go.mongodb.org/mongo-driver github.com/aws/aws-sdk-go-v2/service/dynamodb cloud.google.com/go/firestore",
    maven="software.amazon.awssdk:dynamodb software.amazon.awssdk:dynamodb-enhanced org.mongodb:mongodb-driver-sync"
    " org.springframework.boot:spring-boot-starter-data-mongodb",
    nuget="MongoDB.Driver Microsoft.Azure.Cosmos AWSSDK.DynamoDBv2 StackExchange.Redis"
    " Microsoft.Extensions.Caching.StackExchangeRedis",
    crates="mongodb aws-sdk-dynamodb",
)  # fmt: skip
TYPED = either(
    code(
        r"\bz\.object\(|\bBaseModel\)|@JsonProperty\b|\bbson:\"|\[BsonElement|#\[derive\([^)]*\bDeserialize",
        strings=True, languages=(*JAVASCRIPT, *PYTHON, *JVM, *GO, *CSHARP, *RUST), example="@JsonProperty",
    ),
    code(r"\bToByteArray\(\)", CSHARP, example="cart.ToByteArray()"),
)  # fmt: skip
MAPPED = code(r"^@(Table|Document|RedisHash)\b", JVM, example='@Table(name = "extensions")')


def judge(look: Look) -> Verdict | None:
    """On Convex a schema counts as long as it is enforced and says more than ``v.any()``."""
    tables = CONVEX_TABLES.find(look)
    if not tables:
        return None
    off = CONVEX_OFF.find(look)
    fields, anything = (sum(s.places for s in clue.find(look)) for clue in (CONVEX_FIELDS, CONVEX_ANYTHING))
    if off:
        return Verdict(Status.PARTIAL, off, "There is a schema, but its enforcement is switched off.")
    if anything * 5 > fields:
        return Verdict(Status.PARTIAL, CONVEX_ANYTHING.find(look), f"{anything} of {fields} fields of the schema take any value.")
    return Verdict(Status.PRESENT, tables)


PRACTICE = Practice(
    id="data-schema-validation",
    stage=Stage.HARDENING,
    title="The store refuses data that has the wrong shape",
    why="When the store accepts only well-formed rows, each reader may trust what it finds.",
    advice=(
        "On Convex, generate the schema from the dashboard, replace v.any(), and leave schemaValidation on.",
        "In SQL, put NOT NULL, foreign keys and CHECK on what must always hold; MongoDB has $jsonSchema validators.",
        "Validate on write what the store cannot say, for instance with zod or pydantic.",
    ),
    looked_for="a schema that the store enforces: tables with constraints, or typed documents",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://docs.convex.dev/database/schemas",
    present=(SCHEMA,),
    partial=(both(DOCUMENTS, TYPED), MAPPED),
    doubt=(
        (
            file(
                "**/{models,model,entities,entity,schemas,schema,migrations,tables}/**/*.{py,rb,ts,js,go,rs,java,kt,cs,php,ex,sql,cql,json}",
                "**/*{schema,Schema}*.{sql,cql,json,ts,py,go}",
            ),
            "is called after the shape of data",
        ),
    ),
    judge=judge,
    uses=(CONVEX_TABLES, CONVEX_OFF, CONVEX_FIELDS, CONVEX_ANYTHING),
)
