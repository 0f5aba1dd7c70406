"""A console for development data."""

from rungwise.catalogue import Practice
from rungwise.clues import JSON, SHELL, Language, both, code, dependency, either, file, given
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

CONSOLE = either(
    both(dependency(gem="rails railties hanami"), file("**/bin/{rails,console,hanami}", "**/config/application.rb")),
    both(dependency(pypi="django"), file("**/manage.py")),
    both(dependency(composer="laravel/framework"), file("**/artisan")),
    both(dependency(composer="doctrine/doctrine-bundle"), file("**/bin/console")),
    dependency(composer="laravel/tinker", gem="pry pry-rails", pypi="django-extensions", scope=("runtime", "development")),
    both(dependency(pypi="flask flask-sqlalchemy"), dependency(pypi="flask-sqlalchemy sqlalchemy flask-migrate")),
    both(dependency(hex="ecto_sql ecto"), file("**/mix.exs")),
    file("*.prisma", "drizzle.config.*", "**/supabase/config.toml"),
    given(Fact.CONVEX, file("**/convex/schema.ts", "**/convex/*.ts")),
)
STUDIO = either(
    dependency(
        image="adminer phpmyadmin phpmyadmin/phpmyadmin dpage/pgadmin4 mongo-express redis/redisinsight redislabs/redisinsight"
        " dbeaver/cloudbeaver metabase/metabase sosedoff/pgweb rediscommander/redis-commander dbgate/dbgate",
        scope=("runtime", "development", "optional"),
    ),
    code(
        r"spring\.h2\.console\.enabled\s*=\s*true|^\s+h2:\s*\n\s+console:\s*\n\s+enabled:\s*true",
        (Language.PROPERTIES, Language.YAML),
        example="spring.h2.console.enabled=true",
    ),
)
SCRIPT = either(
    code(
        # Such names are given to parts of pages and to other tools too: what is started has to be something that reads data.
        r'"(\w+:)*(console|shell|studio|psql|repl|db:shell|db:console)(:\w+)*"\s*:\s*"[^"\n]*\b(prisma|drizzle-kit|drizzle|typeorm|mikro-orm'
        r"|psql|pgcli|mysql|mariadb|mongo(sh)?|sqlite3?|redis-cli|heroku|rails|artisan|tinker|manage\.py|flask|node|ts-node|tsx|bun|deno|repl"
        r"|console|shell|psql|db|database|supabase|edgedb|gel|turso|convex)\b",
        JSON,
        example='"prisma:studio": "prisma studio"',
        files="package.json",
    ),
    code(
        r"^(\w+[-_])?(console|dbshell|db-shell|psql|repl|db-console|mysql-client)([-_](dev\w*|local|test))?\s*:",
        (Language.MAKEFILE,),
        example="psql:",
    ),
    code(
        r"\b(shell_plus|dbshell|prisma studio|drizzle-kit studio|rails (db|console|c)\b|tinker)\b",
        SHELL,
        strings=True,
        example="python manage.py dbshell",
    ),
)

PRACTICE = Practice(
    id="interactive-data-access",
    stage=Stage.PROTOTYPING,
    title="Development data can be queried interactively",
    why="Trying a query on real rows before writing it into code is the shortest loop there is.",
    advice=(
        "Name a script that opens the framework's console or a database shell on the development data, and only there.",
        "On Convex, use the dashboard's data page and `npx convex run`.",
        "Keep queries worth repeating in the repository.",
    ),
    looked_for="a console, a database studio or a script that opens a database shell",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="How do developers look at the data while they build?",
    present=(CONSOLE, STUDIO, SCRIPT),
    partial=(file("*.http", "*.rest", "*.bru", "**/bruno.json", "**/queries/*.sql"),),
)
