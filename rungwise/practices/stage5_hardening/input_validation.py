"""Argument validation on every public endpoint."""

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
    at_least,
    beside,
    both,
    code,
    dependency,
    either,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

BROWSER = (
    "*.vue", "*.svelte", "*.component.ts", "{client,frontend,ui,webapp,ui-*,*-ui,UI,Frontend}/**",
    "{apps,packages}/{client,frontend,ui,mobile}/**",
    "**/{components,contexts,hooks,stores,public,static,assets,src-ui,ClientApp,console-src}/**", "**/resources/{js,ts}/**",
)  # fmt: skip
"""Where JavaScript runs at the user's side: what is checked there protects nobody."""

FUNCTION = r"^export (const \w+ =|default)\s*"
FUNCTIONS = code(
    FUNCTION + r"\w*([qQ]uery|[mM]utation|[aA]ction)\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example="export const a = query({",
)  # fmt: skip
WITH_ARGS = code(
    FUNCTION + r"\w*([qQ]uery|[mM]utation|[aA]ction)\(\{\s*(\w+:[^{}]*,\s*)?args\b",
    JAVASCRIPT, files="**/convex/**", counted=True, example="export const a = userMutation({\n  args: { body: v.string() },",
)  # fmt: skip
NOT_PUBLIC = code(
    FUNCTION + r"(internal\w*|z?[cC]ustom(Query|Mutation|Action)|httpAction)\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example="export const a = internalMutation({",
)  # fmt: skip
NOT_PUBLIC_ARGS = code(
    FUNCTION + r"internal\w*\(\{\s*(\w+:[^{}]*,\s*)?args\b",
    JAVASCRIPT, files="**/convex/**", counted=True, example="export const a = internalMutation({ args: {},",
)  # fmt: skip

ENFORCED = either(
    both(
        dependency(npm="@hapi/hapi"),
        at_least(2, code(r"\b(payload|params|query):\s*(\w*[sS]chema\b|[jJ]oi\.)", JAVASCRIPT, example="validate: { payload: orderSchema },")),
    ),
    both(
        dependency(pypi="fastapi django-ninja litestar flask-smorest connexion"),
        code(r"^\s*@\w+\.(get|post|put|patch|delete|route|api_route)\(", PYTHON, example='@router.post("/items")'),
    ),
    both(
        dependency(pypi="djangorestframework"),
        code(r"\bserializer_class\b|\bis_valid\(raise_exception", PYTHON, example="serializer_class = S"),
    ),
    both(
        code(r"^class \w+\(.*\b(Model)?Form\)", PYTHON, example="class SignupForm(forms.Form):"),
        code(r"\bform\.is_valid\(\)", PYTHON, example="if form.is_valid():"),
    ),
    at_least(
        3,
        code(
            r"\b(graphene|strawberry)\.(ObjectType|InputObjectType|Mutation|input|mutation)\b",
            PYTHON, example="class In(graphene.InputObjectType):",
        ),
    ),
    code(
        r"\bnew ValidationPipe\(|\bAPP_PIPE,\s*use(Class|Value|Existing|Factory): *[^{}]{0,40}?\w*Validation\w*Pipe\b|\buseGlobalPipes\(\s*(new )?\w*[vV]alid\w*\(",
        JAVASCRIPT, example="app.useGlobalPipes(new ValidationPipe({ whitelist: true }))",
    ),
    both(
        dependency(npm="@trpc/server"),
        either(
            at_least(3, code(r"\.input\(", JAVASCRIPT, example=".input(ZCreateRequest)")),
            code(
                r"\.input\(\s*(z\.|\w*Schema\b)[\s\S]*?\.input\(\s*(z\.|\w*Schema\b)[\s\S]*?\.input\(\s*(z\.|\w*Schema\b)",
                JAVASCRIPT, example="a: open.input(z.string()), b: open.input(NewSchema), c: open.input(z.number())",
            ),
        ),
    ),
    both(
        dependency(npm="@apollo/server apollo-server-express graphql-yoga type-graphql @nestjs/graphql mercurius"),
        code(
            r"\btypeDefs\b|@Args\(|\bbuildSchema\(|\bmakeExecutableSchema\(",
            JAVASCRIPT, example="new ApolloServer({ typeDefs, resolvers })",
        ),
    ),
    code(
        r"\bprotovalidate\.|\bHTTPJSONSchemaCompiler\(|\bhuma\.Register\(|\boapimiddleware\.|\bOapiRequestValidator\w*\(",
        GO, example="huma.Register(api, operation, handler)",
    ),
    both(
        dependency(npm="express-validator"),
        code(r"\bvalidationResult\(", JAVASCRIPT, example="const errors = validationResult(req);"),
    ),
    code(r"\[ApiController\]", CSHARP, example="[ApiController]"),
    at_least(
        3,
        code(
            r"\bJson\(\w+\): *Json<|\w: *(web::|Path|Query)?Json<|: *(web::)?(Query|Path)<|\bData<Json"
            r"|#\[derive\([^)]*\bFromForm\b",
            RUST, example="async fn create(Json(body): Json<Create>) -> Reply {",
        ),
    ),
    code(r"\bOpenApiSpex\.Plug\.CastAndValidate\b", ELIXIR, example="plug OpenApiSpex.Plug.CastAndValidate"),
    # Form objects: what is asked of a visitor is a model with rules of its own, and controllers ask it.
    both(
        code(
            r"^\s*include ActiveModel::(Model|Validations|API|Attributes)\b",
            RUBY, files="app/**", example="  include ActiveModel::Model",
        ),
        code(
            r"\.(in)?valid\?|\bif !?@?\w+\.(save|submit|update)\b",
            RUBY, files="app/controllers/**", example="if @form.valid?",
        ),
        at_least(5, code(r"^\s*validates(_\w+)? :", RUBY, files="app/**", example="  validates :text, presence: true")),
    ),
    code(r"<\s*Grape::API\b|\bCommittee::Middleware::RequestValidation\b", RUBY, example="class API < Grape::API"),
)  # fmt: skip
"""The framework itself refuses what does not fit."""
BY_HAND = either(
    code(
        r"\b(model_validate(_json)?|parse_obj|parse_raw|TypeAdapter|jsonschema\.validate)\(|\bvalidate\(\s*[\w.()]+,\s*\w*[sS]chema\b"
        r"|@(use_args|use_kwargs|\w+\.arguments)\(|\.load\(request\.|\b(form\.validate|validate_on_submit)\(\)",
        PYTHON, example="Spec.model_validate(request.json)",
    ),
    code(
        r"\b(zValidator|celebrate|checkSchema|createRoute|validateRequest|validateBody|vValidator|sValidator)\(|@Is(String|Int|Email"
        r"|NotEmpty|Optional|UUID|Enum)\(|\bnew (Zod|Joi)ValidationPipe\(|@UsePipes\(\s*(new )?\w*Valid\w*Pipe\b",
        JAVASCRIPT, but_not=BROWSER, example='app.post("/", zValidator("json", schema))',
    ),
    code(
        r"\bvalidate\(\s*(\w+\.)*\w*Schema\b|\.(inputSchema|schema|validator)\(\s*(z\.|Z[A-Z]|\w*Schema\b)"
        r"|\b(parse|validate|check)\w*\(\s*(await )?(req|request|ctx|context|c|event)\b[^;()]{0,60},\s*\w*[sS]chema\b",
        JAVASCRIPT, but_not=BROWSER, example="router.post('users.list', validate(T.UsersListSchema))",
    ),
    code(
        r"(\.(safeParse(Async)?|(parse|validate)Async)|(\b\w*([sS]chema|Validator|D[tT][oO])\w*|\bZ[A-Z]\w*|\))\s*\.(parse|validate))"
        r"\(\s*(await )?(req|request|ctx|context|c|event|body|input|query|params|formData|payload|Object\.fromEntries)\b",
        JAVASCRIPT, but_not=BROWSER, example="const body = schema.parse(req.body)",
    ),
    both(
        code(r"\bbinding:\"", GO, strings=True, example='Name string `json:"name" binding:"required"`'),
        code(r"\.(Should)?Bind(JSON|Query|Uri|With)?\(", GO, example="ctx.Bind(&application)"),
    ),
    code(
        r"\bvalidat(or|ion)\.\w*(Validate|Check|Struct)\w*\(|\bvalidate\.Struct\(|\bvalidator\.New\(",
        GO, example="validator.ValidateFeedCreation(r)",
    ),
    both(
        code(
            r"\b(Should)?Bind(JSON|To|Query|Body|Form|And\w+)?\(|\bDecode(JSON|Body|Valid|Request)?\(",
            GO, but_not="**/{config,configuration,conf,settings}/**", example="if err := c.Bind(&action); err != nil {",
        ),
        beside(
            code(
                r"\b(json|form|query|schema):\"",
                GO, strings=True, but_not="**/{config,configuration,conf,settings,schema}/**", example='Title string `json:"title"`',
            ),
            code(
                r"^func \(\w+ \*?\w+\) Valid(ate)?\(\w",
                GO, but_not="**/{config,configuration,conf,settings,schema}/**", example="func (a *NewPost) Validate(ctx context.Context) error {",
            ),
        ),
    ),
    code(
        r"@(Valid|Validated)\b[^;{}]{0,80}\b[A-Z]\w*(<[^>]*>)?\s+\w+\s*[,)]",
        JVM, example="String save(@Valid Owner owner, BindingResult result)",
    ),
    code(
        r"->validate\(|\bnew Validators\\\w+\(|\bextends FormRequest\b|\bValidator::make\(|->validated\(|#\[(MapRequestPayload|Assert\\)"
        r"|\$form->isValid\(",
        PHP, example="$this->validate($request, $rules);",
    ),
    code(
        r"\bAbstractValidator<|\bModelState\.IsValid\b|^\s*\[(Required|StringLength|MaxLength|EmailAddress|Range)\b",
        CSHARP, example="[Required]",
    ),
    code(r"#\[derive\([^)]*\bValidate\b", RUST, example="#[derive(Deserialize, Validate)]"),
    beside(
        code(r"\bcast\(", ELIXIR, example="|> cast(attrs, [:name])"),
        code(
            r"\bvalidate_(required|format|length|change|number|inclusion)\(", ELIXIR, example="|> validate_required([:name])",
        ),
    ),
    code(
        r"<\s*Dry::(Validation::Contract|Schema)|\bDry::Schema\.(Params|JSON)\b|<\s*Mutations::Command",
        RUBY, example="class New < Dry::Validation::Contract",
    ),
)  # fmt: skip
"""Each endpoint calls a validator."""
LOOSE = either(
    code(
        r"\bparams\.(require|permit|expect)\b|\bparams\[:\w+\]\.permit\(|^\s*validates(_\w+)? :",
        RUBY, example="params.require(:user).permit(:name)",
    ),
    dependency(
        npm="zod joi yup valibot ajv class-validator @sinclair/typebox express-validator superstruct arktype io-ts typia",
        pypi="marshmallow webargs cerberus voluptuous wtforms flask-wtf colander flask-pydantic",
        go="github.com/go-playground/validator github.com/go-ozzo/ozzo-validation",
        maven="org.springframework.boot:spring-boot-starter-validation org.hibernate.validator:hibernate-validator"
        " jakarta.validation:jakarta.validation-api",
        gem="dry-validation dry-schema json_schemer json-schema", composer="symfony/validator respect/validation",
        crates="validator garde",
        nuget="FluentValidation FluentValidation.AspNetCore FluentValidation.DependencyInjectionExtensions",
    ),
    code(r"\brequire_fields\(|\brequest\.get_json\(", PYTHON, example="require_fields(req, ('name',))"),
    code(
        r"\b(\w*BAD_REQUEST|\w*BadRequest\w*|\w*UNPROCESSABLE_\w+|\w*Unprocessable(Entity|Content)\w*|InvalidArgument)\b",
        PROGRAM, but_not=(*BROWSER, "**/*{client,Client,fetch}*"), example="status.Errorf(codes.InvalidArgument, message)",
    ),
)  # fmt: skip
"""Names are filtered, a library lies ready, or malformed input is refused somewhere."""


def judge(look: Look) -> Verdict | None:
    """On Convex the public functions can be counted: at least four in five have to declare their arguments."""
    functions, declared, hidden, hidden_declared = (
        sum(signal.places for signal in clue.find(look)) for clue in (FUNCTIONS, WITH_ARGS, NOT_PUBLIC, NOT_PUBLIC_ARGS)
    )
    public, checked = functions - hidden, declared - hidden_declared
    if public <= 0:
        return None
    reason = f"{checked} of {public} public Convex functions declare their arguments."
    if checked == 0:
        return Verdict(Status.ABSENT, FUNCTIONS.find(look), reason)
    return Verdict(Status.PRESENT if checked * 5 >= public * 4 else Status.PARTIAL, WITH_ARGS.find(look), reason)


PRACTICE = Practice(
    id="input-validation",
    stage=Stage.HARDENING,
    title="Each public endpoint checks what it is given",
    why="A type says what an honest client sends; at run time anybody may send anything.",
    advice=(
        "On Convex, declare args on every public function and let the ESLint plugin insist on it.",
        "Validate at the edge: zod in a tRPC or Hono route, ValidationPipe in Nest, @Valid in Spring, form requests in Laravel.",
        "Parse the bodies of webhooks before using them as well.",
    ),
    looked_for="a validator or a typed framework that checks the arguments of public endpoints",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.HTTP_API,),
    guide="https://docs.convex.dev/functions/validation",
    present=(ENFORCED, at_least(3, BY_HAND)),
    partial=(BY_HAND, LOOSE),
    doubt=(
        (
            code(
                r"(?i)\b(validate|sanitize|is_?valid|check_?(input|params|args|body|payload|request)|parse_?(input|params|args|body|payload|request))\w*\(",
                PROGRAM,
                but_not=BROWSER,
                example="validateOrder(body)",
            ),
            "may check what it is given",
        ),
    ),
    judge=judge,
    uses=(FUNCTIONS, WITH_ARGS, NOT_PUBLIC, NOT_PUBLIC_ARGS),
)
