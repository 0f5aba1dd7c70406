"""What a product has and does, as far as its repository shows: the preconditions of practices (catalogue, 1.8).

A fact that does not hold makes the practices that require it not applicable, with a sentence; one that cannot be told leaves them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rungwise.clues import (
    CONFIG,
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
    SHELL,
    SOURCE_AND_TESTS,
    SQL,
    YAML,
    Clue,
    Language,
    Look,
    at_least,
    beside,
    both,
    code,
    dependency,
    either,
    file,
    manifest,
)
from rungwise.model import Fact, Kind, Place, Signal, SignalKind

CONVEX = both(dependency(npm="convex", scope=("runtime", "development")), file("**/convex/**/*.{ts,js,tsx}"))

FRONT_PAGE = file("{,public/,web/,webroot/,htdocs/,www/}index.php")
"""What a web server starts in PHP without a framework."""

HELPERS = ("{scripts,script,hack,tools,ci}/**",)
"""Folders of programs that help to make the product: a server in one of them serves its developers."""

ROUTED_DJANGO = both(
    code(
        r"^\s*(urlpatterns|ROOT_URLCONF|(WSGI|ASGI)_APPLICATION)\b|\bget_[aw]sgi_application\(",
        PYTHON,
        example="urlpatterns = [",
    ),
    either(
        dependency(pypi="django"),
        code(
            r"\bdjango\.core\.management\b",
            PYTHON,
            example="from django.core.management import execute_from_command_line",
            files="manage.py",
        ),
    ),
)
"""Django with addresses that it answers at. Workers and commands take it for its models alone, and other programs are called manage.py too."""

SERVER = either(
    dependency(
        npm="express fastify koa hono @hapi/hapi @nestjs/core next nuxt @remix-run/node @remix-run/serve @react-router/node @react-router/serve"
        " @sveltejs/kit restify polka elysia @apollo/server apollo-server graphql-yoga h3 nitropack @adonisjs/core sails @strapi/strapi"
        " @redwoodjs/api @trpc/server koa-router @fastify/cors blitz @tanstack/react-start @solidjs/start"
        " @remix-run/cloudflare @vercel/remix @react-router/cloudflare @astrojs/node @feathersjs/express @loopback/rest @foal/core @nestjs/platform-fastify",
        pypi="flask fastapi starlette tornado sanic bottle falcon pyramid quart litestar djangorestframework connexion flask-restful"
        " web-py cherrypy masonite robyn blacksheep django-ninja",
        go="github.com/gin-gonic/gin github.com/labstack/echo github.com/gofiber/fiber github.com/go-chi/chi github.com/gorilla/mux"
        " github.com/julienschmidt/httprouter github.com/beego/beego github.com/kataras/iris connectrpc.com/connect"
        " github.com/gobuffalo/buffalo github.com/zeromicro/go-zero github.com/go-kratos/kratos github.com/cloudwego/hertz github.com/valyala/fasthttp"
        " github.com/danielgtaylor/huma github.com/twitchtv/twirp github.com/urfave/negroni github.com/emicklei/go-restful",
        maven="org.springframework.boot:spring-boot-starter-web org.springframework.boot:spring-boot-starter-webmvc"
        " org.springframework.boot:spring-boot-starter-webflux io.quarkus:quarkus-rest io.quarkus:quarkus-resteasy"
        " io.quarkus:quarkus-resteasy-reactive io.micronaut:micronaut-http-server-netty io.dropwizard:dropwizard-core io.javalin:javalin"
        " org.eclipse.jetty:jetty-server io.vertx:vertx-web io.ktor:ktor-server-core io.ktor:ktor-server-netty io.ktor:ktor-server-core-jvm"
        " io.helidon.webserver:helidon-webserver com.typesafe.play:play org.playframework:play com.linecorp.armeria:*"
        " com.sparkjava:spark-core io.ktor:ktor-server-cio io.undertow:undertow-core org.springframework.boot:spring-boot-starter-graphql"
        " jakarta.platform:jakarta.jakartaee-web-api org.http4s:http4s-ember-server_3 org.http4s:http4s-ember-server_2.13",
        gem="rails sinatra hanami roda grape padrino railties actionpack",
        composer="laravel/framework symfony/framework-bundle slim/slim cakephp/cakephp yiisoft/yii2 codeigniter4/framework api-platform/core"
        " laravel/lumen-framework mezzio/mezzio topthink/framework",
        crates="axum actix-web rocket warp poem salvo tide tonic ntex dropshot gotham poem-openapi",
        nuget="Microsoft.AspNetCore.OpenApi Swashbuckle.AspNetCore Microsoft.AspNetCore.Components.WebAssembly.Server Grpc.AspNetCore FastEndpoints Carter",
        hex="phoenix plug_cowboy bandit",
    ),
    manifest("nuget:Sdk", r"^Microsoft\.NET\.Sdk\.Web"),
    code(
        r"\bhttp\.(ListenAndServe(TLS)?|Serve|NewServeMux)\(|\bhttp\.Server\{|\bgrpc\.NewServer\(",
        GO,
        example="http.ListenAndServe(addr, mux)",
        but_not=HELPERS,
    ),
    code(
        r"\bhttps?\.createServer\(|\bBun\.serve\(|\bDeno\.serve\(|\bnew (WebSocketServer|WebSocket\.Server|grpc\.Server)\(",
        JAVASCRIPT,
        example="http.createServer(app)",
        but_not=("*.config.*", *HELPERS),
    ),
    code(
        r"@(SpringBootApplication|EnableAutoConfiguration|ApplicationPath)\b|\bextends (Application<|ResourceConfig\b)|\b(Netty)?ServerBuilder\.forPort\(|\bHttpServer\.create\(",
        JVM,
        example="@SpringBootApplication",
    ),
    dependency(
        npm="firebase-functions @slack/bolt probot",
        pypi="chalice mangum",
        nuget="Amazon.Lambda.AspNetCoreServer",
        crates="lambda-http worker",
    ),
    code(
        r"^\s+- http(Api)?:|\bAWS::Serverless::(Http)?Api\b|^\s+Type:\s*(Http)?Api\s*$",
        YAML,
        example="      - http: GET /orders",
        files=("serverless.y*ml", "template.y*ml", "sam.y*ml"),
    ),
    code(
        r"\bexport default \{\s*(async )?fetch\b|\baddEventListener\(\s*['\"]fetch['\"]",
        JAVASCRIPT,
        strings=True,
        example="export default { async fetch(request) {",
        but_not=("*sw.*", "*service-worker*", "*serviceWorker*", "*worker-sw*", "**/public/**"),
    ),
    FRONT_PAGE,
    code(r"\bWebApplication\.Create(Slim)?Builder\(", CSHARP, example="WebApplication.CreateBuilder(args)"),
    ROUTED_DJANGO,
    file("config/application.rb", "artisan", "config.ru"),
    code(
        # Neither where a class of that name is defined nor where it is one's own.
        r"(^|[=(\[{,:]\s*|\b(return|yield|await|with|in)\s+)((flask|fastapi|quart|sanic|litestar|starlette\.applications|aiohttp)\.)?(Flask|FastAPI|Starlette|Sanic|Quart|Litestar|Blueprint|APIRouter|web\.Application|websockets\.serve|grpc(\.aio)?\.server)\(|\buvicorn\.run\(",
        PYTHON,
        example="app = Flask(__name__)",
        but_not=HELPERS,
    ),
    CONVEX,
)

_MEASURED_OR_TRIED = (
    "**/{bench,benches,benchmark,benchmarks}/**",
    "**/*[-_]{bench,benchmark}/**",
    "**/{test,testing}{,_,-}{util,utils,helper,helpers,support}/**",
)
_GO_STORES = (
    "gorm.io/gorm github.com/jackc/pgx github.com/lib/pq go.mongodb.org/mongo-driver github.com/mattn/go-sqlite3 modernc.org/sqlite entgo.io/ent"
    " github.com/uptrace/bun github.com/jmoiron/sqlx github.com/go-sql-driver/mysql go.etcd.io/bbolt github.com/dgraph-io/badger"
    " cloud.google.com/go/firestore xorm.io/xorm cloud.google.com/go/spanner github.com/ClickHouse/clickhouse-go github.com/ory/pop"
    " github.com/gobuffalo/pop zombiezen.com/go/sqlite github.com/ncruces/go-sqlite3 github.com/glebarez/sqlite github.com/asdine/storm"
    " github.com/timshannon/badgerhold github.com/aws/aws-sdk-go-v2/service/dynamodb"
)
GO_STORE = both(
    dependency(go=_GO_STORES),
    code(
        rf"\"({'|'.join(re.escape(module) for module in _GO_STORES.split())})[/\"]",
        GO,
        strings=True,
        where=(Place.SOURCE, Place.GENERATED),
        but_not=_MEASURED_OR_TRIED,
        example='import _ "github.com/lib/pq"',
    ),
)
"""``go.mod`` does not tell what only tests and benchmarks need, and so it counts where other code imports it."""
KEPT_IN_REDIS = both(
    dependency(npm="@upstash/redis @vercel/kv"),
    code(
        # What expires is only remembered for a while, and has a third argument.
        r"\b(redis|kv|db|client)\.((set|json\.set)\(\s*(`[^`\n]*`|['\"][^'\"\n]*['\"]|[\w.()]+),\s*(\{[^{}]*\}|JSON\.stringify\([^()]*\)|\w+)\s*\)"
        r"|(hset|hmset|sadd|zadd|lpush|rpush)\()",
        JAVASCRIPT,
        strings=True,
        example="await redis.set(`shop:${name}`, { createdAt: Date.now() });",
    ),
)
"""A Redis by HTTP that is written to as to a store."""
DATASTORE = either(
    CONVEX,
    KEPT_IN_REDIS,
    dependency(
        npm="prisma @prisma/client pg postgres mysql mysql2 mongoose mongodb drizzle-orm typeorm sequelize knex better-sqlite3 sqlite3 sqlite kysely"
        " @supabase/supabase-js @libsql/client @planetscale/database @neondatabase/serverless @mikro-orm/core objection @clickhouse/client cassandra-driver"
        " neo4j-driver @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb level lmdb nedb lowdb @google-cloud/firestore rethinkdb nano @vercel/postgres",
        pypi="django sqlalchemy psycopg psycopg2 psycopg2-binary asyncpg pymongo motor peewee sqlmodel tortoise-orm mysqlclient pymysql aiosqlite databases"
        " flask-sqlalchemy flask-migrate beanie mongoengine pony google-cloud-firestore google-cloud-bigquery cassandra-driver piccolo elasticsearch"
        " opensearch-py pynamodb mysql-connector-python psycopg-binary neo4j",
        go="github.com/sqlc-dev/sqlc",
        maven="org.springframework.boot:spring-boot-starter-data-jpa org.springframework.boot:spring-boot-starter-jdbc"
        " org.springframework.boot:spring-boot-starter-data-mongodb org.hibernate.orm:hibernate-core org.postgresql:postgresql mysql:mysql-connector-java"
        " com.mysql:mysql-connector-j org.jooq:jooq org.mongodb:mongodb-driver-sync org.flywaydb:flyway-core org.liquibase:liquibase-core"
        " org.jdbi:jdbi3-core io.quarkus:quarkus-hibernate-orm io.quarkus:quarkus-hibernate-orm-panache software.amazon.awssdk:dynamodb"
        " software.amazon.awssdk:dynamodb-enhanced com.h2database:h2 org.hsqldb:hsqldb org.mybatis:mybatis"
        " com.microsoft.sqlserver:mssql-jdbc com.oracle.database.jdbc:ojdbc11 com.oracle.database.jdbc:ojdbc8 org.neo4j.driver:neo4j-java-driver"
        " com.datastax.oss:java-driver-core org.springframework.boot:spring-boot-starter-data-mongodb-reactive org.xerial:sqlite-jdbc org.mariadb.jdbc:mariadb-java-client"
        " org.springframework.boot:spring-boot-starter-data-r2dbc org.springframework.boot:spring-boot-starter-data-neo4j"
        " org.springframework.boot:spring-boot-starter-data-elasticsearch org.springframework.boot:spring-boot-starter-data-cassandra"
        " com.baomidou:mybatis-plus-boot-starter org.mybatis.spring.boot:mybatis-spring-boot-starter org.jetbrains.exposed:exposed-core",
        gem="pg mysql2 sqlite3 mongoid sequel trilogy mongo activerecord-postgis-adapter rom-sql",
        composer="laravel/framework doctrine/orm doctrine/dbal doctrine/doctrine-bundle illuminate/database mongodb/laravel-mongodb cakephp/orm yiisoft/yii2"
        " topthink/think-orm",
        crates="sqlx diesel diesel-async sea-orm rusqlite tokio-postgres mongodb postgres sled surrealdb redb",
        nuget="Microsoft.EntityFrameworkCore Microsoft.EntityFrameworkCore.SqlServer Npgsql.EntityFrameworkCore.PostgreSQL Npgsql Dapper MongoDB.Driver"
        " Microsoft.EntityFrameworkCore.Sqlite Pomelo.EntityFrameworkCore.MySql Microsoft.EntityFrameworkCore.Design Aspire.Npgsql.EntityFrameworkCore.PostgreSQL"
        " Microsoft.Data.SqlClient Marten Microsoft.Azure.Cosmos Microsoft.Data.Sqlite MySqlConnector LiteDB NHibernate linq2db",
        hex="ecto_sql postgrex myxql ecto_sqlite3 exqlite mongodb_driver cubdb",
    ),
    file(
        "schema.prisma",
        "db/schema.rb",
        "db/structure.sql",
        "**/db/migrate/*.rb",
        "alembic.ini",
        "firestore.rules",
        "supabase/migrations/*.sql",
    ),
    code(r"['\"](node|bun):sqlite['\"]", JAVASCRIPT, strings=True, example='import { DatabaseSync } from "node:sqlite";'),
    code(r"\bnew \\?(PDO|mysqli|SQLite3)\(|\bmysqli_connect\(", PHP, example="new PDO($dsn)"),
    code(r"\bgetFirestore\(|\bfirestore\(\)|\bfirestore\.[cC]lient\(", JAVASCRIPT + PYTHON, example="const db = getFirestore();"),
    GO_STORE,
    code(r"\bsql\.Open(DB)?\(", GO, example='sql.Open("postgres", dsn)', but_not=_MEASURED_OR_TRIED),
)

LISTED_MIGRATIONS = beside(
    code(
        r"^\s*(((export|pub(\(crate\))?|private|static|final|readonly|public|internal) )*(const|let|var|static|List<\w+>) )?"
        r"(\w*[mM]igrations|\w*MIGRATIONS)\b[^=\n]*= *(&|vec!|List\.of|listOf|new)?[^\w\s=]*([\[({]|\[\]\*?[\w.]+\{)\s*($|[^\s\])}])",
        (*JAVASCRIPT, *PYTHON, *RUST, *JVM, *CSHARP, *GO), example="export const migrations: Migration[] = [",
    ),
    code(
        r"(?i)\b(alter|create) (table|index)\b", (*JAVASCRIPT, *PYTHON, *RUST, *JVM, *CSHARP, *GO), strings=True,
        example='up: "ALTER TABLE orders ADD COLUMN note TEXT"',
    ),
)  # fmt: skip
"""Migrations that a program keeps in a list of its own, as statements."""
OWN_MIGRATIONS = either(
    LISTED_MIGRATIONS,
    code(
        r"\bmigrations\.define\(|\bnew Migrations\(components\.migrations|\bimplements MigrationInterface\b|\bextends Migration\b",
        JAVASCRIPT, example="export const m = migrations.define({",
    ),
    code(
        r"(?i)\bmigrations? *:?= *\[.*\] *(func\(|\w*migration\w*\{|\*?\w+\.migration\{)|\bgoose\.AddMigration\w*\("
        r"|\b(xormigrate|gormigrate|migrate|darwin)\.Migration\{|\bMigrate: *func\(\w+ \*gorm\.DB",
        GO, example="var migrations = [...]func(tx *sql.Tx) error{",
    ),
    code(r"<\s*ActiveRecord::Migration\b|\bSequel\.migration\b", RUBY, example="class AddIndex < ActiveRecord::Migration[8.0]"),
    # As the libraries of PicoDb look for them, one function for each version of the schema.
    code(r"^\s*function version_\d+\(\\?PDO \$\w+\)", PHP, example="function version_2(PDO $pdo)"),
    code(r"\bextends (AbstractMigration|Migration)\b", PHP, example="return new class extends Migration {"),
    code(r"\bimpl MigrationTrait for\b|\bM::up\(", RUST, example="impl MigrationTrait for Migration {"),
    code(
        r":\s*(Migration|ForwardOnlyMigration|AutoReversingMigration)\b",
        CSHARP, example="public partial class Initial : Migration",
    ),
    code(r"\bextends BaseJavaMigration\b|@ChangeUnit\b", JVM, example="class V2__Fill extends BaseJavaMigration {"),
    code(
        r"^class Migration\(migrations\.Migration\)|^revision(: str)? = ",
        PYTHON, example="class Migration(migrations.Migration):",
    ),
    code(r"\buse Ecto\.Migration\b", ELIXIR, example="use Ecto.Migration"),
    code(
        r"<databaseChangeLog\b|^databaseChangeLog:|^\s*\"databaseChangeLog\"\s*:",
        (Language.XML, Language.YAML, Language.JSON), example="<databaseChangeLog",
    ),
)  # fmt: skip
"""Migrations in a language of programs, and the change logs of Liquibase, whatever their files are called."""
MIGRATIONS = either(OWN_MIGRATIONS, code(r"\.AutoMigrate\(", GO, example="db.AutoMigrate(&User{})"), file(
    "**/prisma/**/migrations/*/migration.sql", "**/db/migrate/*.rb", "**/migrations/versions/*.py", "**/alembic/versions/*.py", "**/migrations/0*_*.py",
    "**/database/migrations/*.php", "**/db/migration/**/V*__*.sql", "**/db.changelog*", "**/migrations/**/*.sql", "**/migration/**/*.sql", "**/drizzle/*.sql",
    "**/Migrations/*.cs", "**/migrations/*.{js,ts,go,exs,php,rs}", "**/priv/*repo*/migrations/*.exs", "**/convex/migrations.ts", "**/migrations.go",
    "**/src/migration/*.rs", "**/changelog/**/*.{xml,yaml,sql}", "**/db/clickhouse*/**/*.sql",
    "**/{schema,sql,db,database,migrate,dbmigrations,updates,upgrades}/**/[0-9]*[_-]*.{sql,cql}",
    "**/{upgrade,upgrades,db-updates,sql-updates,migration,migrations}/{,**/}{,v,V}[0-9]*/**/*.{sql,cql,surql}",
    but_not=("**/{init,initdb,initdb.d,docker-entrypoint-initdb.d,seed,seeds,sample*,queries}/**",),
))  # fmt: skip

MAKES_NO_PAGE = (
    "*.{cs,csproj,go,mod,java,kt,py,rb,rs,ts,js,php,swift,ex,sql,md,rst,txt,yml,yaml,json,toml,ini,conf,cfg,sh,env,service,xml,proto,tf}"
    ".{jinja,jinja2,j2,twig,tmpl,gohtml,hbs}"
)
"""Templates of programs and settings, by the ending of what they make."""
_NO_PAGES = ("**/mail*/**", "**/email*/**", "**/chart*/**", "**/helm/**", MAKES_NO_PAGE)
PAGES = file(
    "**/app/views/**/*.{erb,haml,slim}", "**/resources/views/**", "**/src/main/resources/{templates,static}/**/*.{html,mustache,ftl,ftlh,vm}",
    "**/wwwroot/**/*.html", "*.cshtml", "*.razor", "*.heex", "*.templ", "**/views/**/*.{ejs,pug,hbs,erb,twig,html}", "**/public/index.html",
    "**/src/index.html", "index.html", "**/webapp/**/*.{html,jsp}", "*.gohtml", "**/lib/*_web/templates/**", but_not=_NO_PAGES,
)  # fmt: skip
TEMPLATES = file("**/templates/**/*.{html,jinja,jinja2,j2,twig,tmpl,gohtml,hbs}", but_not=_NO_PAGES)
"""Pages of what serves requests; in anything else they are mails, reports and the like."""
FRONTEND = either(
    dependency(
        crates="leptos yew dioxus sycamore",
        npm="@builder.io/qwik react vue svelte @angular/core solid-js preact next nuxt @sveltejs/kit astro lit alpinejs @hotwired/turbo @hotwired/stimulus htmx.org ember-source"
        " jquery bootstrap tailwindcss @remix-run/react govuk-frontend backbone mithril",
        gem="turbo-rails stimulus-rails importmap-rails sprockets-rails propshaft jsbundling-rails cssbundling-rails slimmer"
        " govuk_publishing_components administrate activeadmin avo",
        hex="phoenix_live_view phoenix_html",
        composer="livewire/livewire inertiajs/inertia-laravel",
        scope=("runtime", "development"),
    ),
    at_least(5, PAGES),
    both(SERVER, at_least(5, either(PAGES, TEMPLATES))),
    # Pages in PHP itself, which lie among programs and so look like those of another project.
    both(
        FRONT_PAGE,
        at_least(
            5,
            file("**/{template,Template,templates,Templates,views,Views}/**/*.{php,phtml}", where=(Place.SOURCE, Place.SAMPLES), but_not=_NO_PAGES),
        ),
    ),
)  # fmt: skip

SIGNED_IN_RAILS = code(
    r"\bbefore_action :(authenticate(!?(,|\s*$)|_\w+!|_\w*(user|admin|account|member|person|staff|customer)\w*)|require_(login|user)\w*)",
    RUBY,
    example="before_action :authenticate_user!",
)
"""Somebody has to sign in. A client or a service that is asked for its key is no user."""
RESOURCE_SERVER = code(
    r"^\s+resourceserver:\s*$|\bspring\.security\.oauth2\.resourceserver\.",
    (Language.YAML, Language.PROPERTIES),
    files="application*.{yml,yaml,properties}",
    example="      resourceserver:\n        jwt:",
)
"""Spring lets nobody in without a token of the server that is named there."""

USERS = either(
    dependency(
        npm="@convex-dev/auth @convex-dev/better-auth @clerk/nextjs @clerk/express @clerk/backend @clerk/clerk-react @clerk/react @auth0/nextjs-auth0"
        " @auth0/auth0-react next-auth @auth/core better-auth lucia passport iron-session express-session @supabase/ssr @workos-inc/authkit-nextjs"
        " supertokens-node @kinde-oss/kinde-auth-nextjs keycloak-connect express-jwt @fastify/jwt @nestjs/passport @nestjs/jwt jsonwebtoken"
        " express-openid-connect @azure/msal-node @azure/msal-react arctic bcrypt bcryptjs argon2 @node-rs/argon2 jose @clerk/remix"
        " @supabase/auth-helpers-nextjs @stackframe/stack",
        pypi="djangorestframework-simplejwt django-allauth flask-login flask-jwt-extended fastapi-users authlib python-jose social-auth-app-django"
        " mozilla-django-oidc flask-security-too flask-security pyjwt passlib",
        go="github.com/coreos/go-oidc github.com/golang-jwt/jwt github.com/gorilla/sessions github.com/alexedwards/scs github.com/gin-contrib/sessions"
        " github.com/go-chi/jwtauth github.com/markbates/goth",
        maven="org.springframework.boot:spring-boot-starter-security org.springframework.boot:spring-boot-starter-oauth2-resource-server"
        " org.springframework.boot:spring-boot-starter-oauth2-client io.quarkus:quarkus-oidc org.springframework.boot:spring-boot-starter-security-oauth2-resource-server"
        " io.dropwizard:dropwizard-auth io.quarkus:quarkus-smallrye-jwt io.micronaut.security:micronaut-security-jwt com.okta.spring:okta-spring-boot-starter"
        " com.azure.spring:spring-cloud-azure-starter-active-directory uk.gov.justice.service.hmpps:hmpps-kotlin-spring-boot-starter",
        gem="devise omniauth rodauth-rails sorcery clearance doorkeeper warden gds-sso",
        composer="laravel/sanctum laravel/passport laravel/fortify laravel/breeze laravel/jetstream symfony/security-bundle tymon/jwt-auth laravel/socialite",
        crates="axum-login jsonwebtoken openidconnect actix-identity oauth2 jwt-simple jwt-authorizer axum-session-auth",
        nuget="Microsoft.AspNetCore.Authentication.JwtBearer Microsoft.AspNetCore.Identity.EntityFrameworkCore Microsoft.Identity.Web OpenIddict.AspNetCore"
        " Microsoft.AspNetCore.Authentication.OpenIdConnect Duende.IdentityServer",
        hex="guardian ueberauth pow bcrypt_elixir argon2_elixir joken assent",
    ),
    code(r"\b(AuthPlug|fetch_current_user|require_authenticated_user|UserAuth)\b", ELIXIR, example="plug :fetch_current_user"),
    file(
        "app/Models/User.php",
        "app/User.php",
        "app/models/user.rb",
        "**/convex/auth.config.{ts,js}",
        "**/accounts/user.ex",
        "**/models/{user,User}.{rs,go,py,ts,js}",
        "src/Entity/User.php",
    ),
    code(r"^model (User|Account|Member) \{", (Language.PRISMA,), example="model User {"),
    code(
        r"\b(getServerSession|useSession|requireAuth|requireUser|ensureAuthenticated)\(|\b(pg|mysql|sqlite)Table\(\s*['\"](users?|accounts)['\"]",
        JAVASCRIPT,
        strings=True,
        example="const session = await getServerSession(options)",
    ),
    code(r"['\"]django\.contrib\.auth['\"]", PYTHON, strings=True, example='INSTALLED_APPS = ["django.contrib.auth"]'),
    code(r"^type User struct\b", GO, example="type User struct {"),
    code(r"\b(struct|class|record) (Application)?User(Entity)?\b", (*RUST, *CSHARP, *JVM), example="public class User {"),
    code(
        r"^class User\((db\.Model|Base|models\.Model|SQLModel|AbstractUser|DeclarativeBase)",
        PYTHON,
        example="class User(db.Model):",
    ),
    code(
        r"\b(login_required|LoginRequiredMixin|AbstractUser|AbstractBaseUser|get_current_user|current_user)\b",
        PYTHON,
        example="@login_required",
    ),
    code(
        r"(?i)create table (if not exists )?[\"`]?(public\.)?(users?|accounts)\b",
        SQL,
        example="CREATE TABLE users (",
    ),
    SIGNED_IN_RAILS,
    code(
        r"@(PreAuthorize|RolesAllowed|EnableWebSecurity|EnableWebFluxSecurity|EnableMethodSecurity)\b|\bSecurity(Web)?FilterChain\b",
        JVM,
        example="@PreAuthorize(\"hasRole('ADMIN')\")",
    ),
    RESOURCE_SERVER,
    code(r"\bcreate_table \"users\"", RUBY, strings=True, example='create_table "users", force: :cascade do |t|'),
    code(r"(?i)bcrypt\.(CompareHashAndPassword|GenerateFromPassword)\(", GO, example="bcrypt.GenerateFromPassword(pw, 12)"),
    code(r"\bctx\.auth\.getUserIdentity\(", JAVASCRIPT, example="await ctx.auth.getUserIdentity()"),
    code(r"\busers: defineTable\(", JAVASCRIPT, example="users: defineTable({"),
    code(
        r"\b(UserManager|SignInManager|AddAuthentication|AddIdentity\w*)\b",
        CSHARP,
        example="builder.Services.AddAuthentication()",
    ),
)

PAYMENTS = dependency(
    npm="stripe @stripe/stripe-js braintree @adyen/api-library @lemonsqueezy/lemonsqueezy.js @polar-sh/sdk @mollie/api-client razorpay @paddle/paddle-node-sdk"
    " @paddle/paddle-js @stripe/react-stripe-js @polar-sh/nextjs @paypal/react-paypal-js square chargebee",
    pypi="stripe braintree adyen mollie-api-python razorpay paddle-python-sdk dj-stripe",
    go="github.com/stripe/stripe-go",
    maven="com.stripe:stripe-java com.braintreepayments.gateway:braintree-java com.adyen:adyen-java-api-library",
    gem="stripe braintree adyen-ruby-api-library pay",
    composer="stripe/stripe-php laravel/cashier laravel/cashier-paddle mollie/mollie-api-php",
    crates="async-stripe",
    nuget="Stripe.net Adyen",
    hex="stripity_stripe",
)

EXTERNAL_CALLS = either(
    PAYMENTS,
    dependency(
        npm="axios node-fetch got ky superagent undici openai @anthropic-ai/sdk ai nodemailer resend @sendgrid/mail twilio @slack/web-api @aws-sdk/* googleapis replicate"
        " @octokit/rest octokit",
        pypi="requests httpx aiohttp openai anthropic boto3 sendgrid twilio slack-sdk langchain litellm google-genai stripe pycurl",
        go="github.com/go-resty/resty github.com/aws/aws-sdk-go-v2 github.com/sashabaranov/go-openai github.com/slack-go/slack",
        maven="org.springframework.boot:spring-boot-starter-webflux com.squareup.okhttp3:okhttp com.squareup.retrofit2:retrofit org.apache.httpcomponents:httpclient"
        " org.apache.httpcomponents.client5:httpclient5 org.springframework.cloud:spring-cloud-starter-openfeign com.twilio.sdk:twilio",
        gem="faraday httparty rest-client http typhoeus gds-api-adapters aws-sdk-s3 octokit twilio-ruby excon",
        composer="guzzlehttp/guzzle symfony/http-client aws/aws-sdk-php",
        crates="reqwest hyper ureq aws-sdk-s3 octocrab",
        nuget="RestSharp Refit Flurl.Http AWSSDK.S3 Octokit",
        hex="req finch tesla httpoison hackney swoosh",
    ),
    code(
        r"\bfetch\(", JAVASCRIPT, example="await fetch(url)", files="**/{convex,server,api,lib,actions,services,jobs,workers}/**"
    ),
    code(r"\bfetch\(\s*['\"`]https?://", JAVASCRIPT, strings=True, example="await fetch('https://api.example.org')"),
    beside(
        code(r"\bfetch\(", JAVASCRIPT, example="await fetch(url)"),
        # No page holds the key of another service.
        code(r"\bprocess\.env\.\w*(API_KEY|SECRET|TOKEN)\b", JAVASCRIPT, example="process.env.LLM_API_KEY"),
    ),
    code(r"\bhttp\.(Get|Post|NewRequest|NewRequestWithContext)\(|\bhttp\.Client\{", GO, example="http.Get(url)"),
    code(r"\b(HttpClient|RestTemplate|RestClient|WebClient)\b", JVM + CSHARP, example="HttpClient client"),
    code(
        r"\b(requests|httpx)\.(get|post|put|request|Session|AsyncClient|Client)\(|\bboto3\.(client|resource)\(|\burlopen\(|\bsmtplib\.SMTP",
        PYTHON,
        example="requests.post(url)",
    ),
    code(r"\bNet::HTTP\b", RUBY, example="Net::HTTP.get(uri)"),
    code(r"\bcurl_(init|exec)\(|\bHttp::(get|post|with\w+)\(", PHP, example="Http::get($url)"),
)

EXPENSIVE_CALLS = either(
    code(r"\bapi\.(twilio|openai|anthropic)\.com\b", PROGRAM, strings=True, example='"https://api.openai.com/v1"'),
    # Whatever speaks OpenAI's language, in the cloud or on a machine of one's own.
    code(r"['\"`/]v1/chat/completions\b", PROGRAM, strings=True, example="fetch(`${url}/v1/chat/completions`)"),
    code(
        r"\b(class|interface|struct|trait|type|def|func|fn|function|fun) \w*([sS]end_?S(ms|MS)[A-Z_(]|[sS]end_sms|S(ms|MS)(Client|Provider|Sender|Gateway)\b|sms_(client|provider|sender|gateway))",
        PROGRAM,
        example="class SmsClient(Client):",
    ),
    dependency(
        npm="openai @anthropic-ai/sdk ai @ai-sdk/* @google/generative-ai @google/genai langchain @langchain/* llamaindex replicate @mistralai/* cohere-ai twilio puppeteer"
        " fluent-ffmpeg @aws-sdk/client-bedrock-runtime groq-sdk",
        pypi="openai anthropic langchain langchain-openai langchain-core litellm google-genai google-generativeai replicate twilio llama-index cohere mistralai",
        go="github.com/sashabaranov/go-openai github.com/openai/openai-go github.com/tmc/langchaingo",
        maven="dev.langchain4j:langchain4j com.theokanning.openai-gpt3-java:service com.openai:openai-java org.springframework.ai:spring-ai-starter-model-openai"
        " com.twilio.sdk:twilio",
        gem="ruby-openai anthropic twilio-ruby langchainrb ruby_llm aws-sdk-bedrockruntime",
        composer="openai-php/client openai-php/laravel twilio/sdk",
        crates="async-openai",
        nuget="Azure.AI.OpenAI OpenAI Microsoft.SemanticKernel Twilio Microsoft.Extensions.AI Microsoft.Extensions.AI.OpenAI Aspire.Azure.AI.OpenAI",
        hex="openai_ex ex_openai langchain",
    ),
)

ASYNC_WORK = either(
    EXPENSIVE_CALLS,
    PAYMENTS,
    dependency(
        npm="nodemailer resend @sendgrid/mail postmark @aws-sdk/client-ses bullmq bull inngest @trigger.dev/sdk graphile-worker pg-boss agenda node-cron @convex-dev/workpool"
        " sharp multer @react-email/components kafkajs amqplib @nestjs/schedule @nestjs/bull @nestjs/bullmq cron",
        pypi="celery rq django-rq dramatiq huey arq apscheduler sendgrid django-anymail emails fastapi-mail pillow boto3 aiosmtplib procrastinate flask-mail",
        go="github.com/hibiken/asynq github.com/riverqueue/river gopkg.in/gomail.v2 github.com/robfig/cron github.com/wneessen/go-mail github.com/nats-io/nats.go",
        maven="org.springframework.boot:spring-boot-starter-mail org.springframework.boot:spring-boot-starter-quartz org.springframework.boot:spring-boot-starter-amqp"
        " org.springframework.boot:spring-boot-starter-batch org.springframework.batch:spring-batch-core"
        " org.springframework.kafka:spring-kafka org.jobrunr:jobrunr org.apache.kafka:kafka-clients",
        gem="sidekiq good_job solid_queue delayed_job resque que mail bunny govuk_sidekiq notifications-ruby-client govuk_message_queue_consumer",
        composer="laravel/framework laravel/horizon symfony/mailer symfony/messenger phpmailer/phpmailer",
        crates="lettre apalis lapin fang",
        nuget="MailKit SendGrid Hangfire Hangfire.Core Hangfire.AspNetCore Coravel MassTransit Quartz RabbitMQ.Client Aspire.RabbitMQ.Client",
        hex="oban swoosh bamboo quantum",
    ),
    code(r"\b(ctx\.scheduler\.run(After|At)|cronJobs)\(", JAVASCRIPT, example="ctx.scheduler.runAfter(0, internal.x.y)"),
    code(
        r"\b(send_mail|EmailMessage|EmailMultiAlternatives|smtplib\.SMTP)\b",
        PYTHON,
        example="send_mail(subject, body, sender, to)",
    ),
    code(r"\bsmtp\.(SendMail|NewClient)\(|\btime\.NewTicker\(", GO, example="smtp.SendMail(addr, auth, from, to, msg)"),
    code(
        r"@(Scheduled|Async|EnableScheduling|SqsListener|KafkaListener|RabbitListener|JmsListener)\b|\.(scheduleWithFixedDelay|scheduleAtFixedRate)\(",
        JVM,
        example="@Scheduled(fixedRate = 1000)",
    ),
    code(
        r"\b(ActionMailer::Base|ApplicationMailer|ActiveJob::Base|ApplicationJob)\b",
        RUBY,
        example="class UserMailer < ApplicationMailer",
    ),
    code(r"\b(BackgroundService|IHostedService)\b", CSHARP, example="class Worker : BackgroundService"),
    # Rows that several workers take from a table, each another one.
    code(
        r"(?i)\bfor update (of \w+ )?skip locked\b",
        (*PROGRAM, *SQL),
        strings=True,
        example="SELECT id FROM jobs FOR UPDATE SKIP LOCKED",
    ),
)

CLIENT_ALONE = code(
    r"\b(getClaim\w*\(|claims?(\(\))?(\.get\(|\[)|FindFirst(Value)?\(|RequireClaim\(|token(\.get\(|\[))\s*[\"'](client_id|appid)[\"']"
    r"|\bis_?[cC]lient_?([cC]redentials|[oO]nly)\b",
    (*JVM, *CSHARP, *PYTHON, *GO, *RUBY),
    strings=True,
    example='token.getClaimAsString("client_id")',
)
"""Which client a token was given to is asked: other services come with tokens of their own, on behalf of nobody."""
MACHINE_ENDPOINTS = either(
    PAYMENTS,
    CLIENT_ALONE,
    code(
        r"\bauthenticate_(or_request_)?with_http_token\b",
        RUBY,
        example="authenticate_or_request_with_http_token do |token, _options|",
    ),
    code(
        r"\bhttp_basic_authenticate_(or_request_)?with\b|\bauthenticate_or_request_with_http_basic\b",
        RUBY,
        files=("**/{api,webhooks,hooks,internal,metrics}/**", "**/*{api,webhook,metric}*_controller.rb"),
        example="http_basic_authenticate_with name: user, password: secret",
    ),
    code(
        r"(?i)[/\"'](webhooks?|hooks)[/\"'/{:<]",
        PROGRAM,
        strings=True,
        # Hooks of React are kept in folders of that name.
        but_not=("*.{tsx,jsx,vue,svelte}", "**/{ui,frontend}/**"),
        example='app.post("/webhooks/stripe", handler)',
    ),
    code(r"\bhttpAction\(", JAVASCRIPT, example="export const hook = httpAction(async (ctx, request) => {"),
    code(
        r"(?i)\bargs:\s*\{[^{}]*\b(api_?key|((service|worker|machine|internal|shared)_?)(key|secret|token)): v\.string\(",
        JAVASCRIPT,
        files="**/convex/**",
        example="args: { apiKey: v.string() },",
    ),
    file("**/{webhooks,webhook}/**/*.{ts,js,py,rb,php,go,java,cs,rs}", "**/*webhook*.{ts,js,py,rb,php,go,java,cs,rs}"),
    code(
        r"(?i)x-api-key|api_?(key|token)_?(auth|guard|middleware|required)|require_?(application|api|client)_?token",
        PROGRAM,
        strings=True,
        example='headers["X-API-Key"]',
    ),
    code(
        r"(?i)\b(class|struct|type|defmodule|model) \w*(Api_?(Key|Token)|(Consumer|Machine|Partner)_?(Key|Token|Secret)|Access_?Key)s?\b",
        PROGRAM,
        example="class ApiToken < ApplicationRecord",
    ),
    dependency(
        gem="gds-sso doorkeeper",
        pypi="djangorestframework-api-key",
        composer="laravel/passport landrok/activitypub",
        crates="activitypub-federation",
        npm="@fedify/fedify activitypub-express",
    ),
    # Other servers sign what they send.
    code(
        r"\bhttpsig\.NewVerifier\(|\b(httpSignature|http_signature)\.(parseRequest|parse|verify\w*)\(|\bHTTPSignature::verify\w*|\bHttpSignatures::Verifier\b",
        (*GO, *JAVASCRIPT, *RUBY),
        example="verifier, err := httpsig.NewVerifier(request)",
    ),
    beside(
        code(r"(?i)\bbearer\b", PROGRAM, strings=True, example="header: TypedHeader<Authorization<Bearer>>,"),
        # A token that stands in the configuration is that of another service.
        code(
            r"(?i)\b(timingSafeEqual|compare_digest|secure_compare|constant_?time_?(eq|compare)|FixedTimeEquals|hash_equals|MessageDigest\.isEqual)\(?[^;\n]{0,100}\b(config\w*|settings|env|expected\w*)\b",
            PROGRAM,
            example="constant_time_eq(given.as_bytes(), expected_token.as_bytes())",
        ),
    ),
    code(r"\b(grpc\.NewServer|tonic::transport::Server)\b", GO + RUST, example="grpc.NewServer()"),
)

BY_SESSION = beside(
    code(
        r"\bsessionId: (v\.string\(|vSessionId\b)|\bSessionIdArg\b",
        JAVASCRIPT,
        files="**/convex/**",
        example="args: { sessionId: v.string() },",
    ),
    code(
        r"\bdb\.insert\(\s*['\"](users?|accounts?|players?|guests?|visitors?)['\"]",
        JAVASCRIPT,
        files="**/convex/**",
        strings=True,
        example='await ctx.db.insert("users", { name })',
    ),
)
"""Whoever comes with an id that the browser made up becomes a user, on Convex."""

UNASKED_WRITES = code(
    # The first thing that a public mutation does, so that nobody was asked who they are.
    r"^export const \w+ = mutation\(\s*(\{\s*(args: \{([^{}]|\{[^{}]*\})*\},\s*)?(returns: [^\n]*,\s*)?handler:\s*)?async \([^=]*\) => "
    r"(\{\s*((return|const \w+ =) )?)?(await )?(\w+\.)?(storage\.generateUploadUrl|db\.insert)\(",
    JAVASCRIPT,
    files="**/convex/**",
    but_not="**/{migrations,seed,init,testing,_generated}{.*,/**}",
    example="export const generateUploadUrl = mutation(async (ctx) => {\n  return await ctx.storage.generateUploadUrl();\n});",
)
"""Whoever asks may store something, on Convex."""

ANONYMOUS_WRITES = either(
    code(
        r"(?i)[\"'/]sign[-_]?up[\"'/?]|[\"'](/?(api|auth|users?|accounts?|identity|public|v\d|:\w+))*/?(register|registrations?)[\"'/?]",
        PROGRAM,
        strings=True,
        # Made-up events may be called so too.
        but_not="**/{seed,seeds,seeder,seeders,faker,fixtures}{,.*,/**}",
        example='app.post("/signup", handler)',
    ),
    code(
        r"\b(class|def|func|fn|function) \w*(SignUp|Signup|sign_up|signup|Registration(s?Controller|View|Form|Serializer)|UserRegist|user_regist|registerUser|RegisterUser|register_user|AccountRegister|RegisterController)\w*",
        PROGRAM,
        example="class RegistrationsController",
        but_not=("**/{Console,console,cli}/**", "**/management/commands/**", "{bin,scripts,tasks}/**"),
    ),
    file(
        "**/{signup,sign-up,sign_up,Register,register,SignUp}.{ts,tsx,js,jsx,py,rb,php,go,java,cs,ex,vue,erb,html}",
        "**/{signup,sign-up,register}/page.{ts,tsx,js,jsx}",
    ),
    dependency(gem="devise", composer="laravel/breeze laravel/ui", pypi="django-allauth django-registration"),
    code(r"\bFeatures::registration\(\)", PHP, example="        Features::registration(),"),
    code(
        r"\bsignInAnonymously\(|\bproviders:\s*\[[^\]]*\bAnonymous\b|\bplugins:\s*\[[^\]]*\banonymous\(",
        JAVASCRIPT,
        example="await signInAnonymously(auth)",
    ),
    BY_SESSION,
    UNASKED_WRITES,
)

TESTS = either(
    file(
        "*.{test,spec}.{ts,tsx,js,jsx,mjs,cjs,mts,cts}", "**/__tests__/**", "test_*.py", "*_test.py", "tests.py", "*_test.go", "**/src/test/**", "*Test.{java,kt,php,cs}",
        "*Tests.{java,kt,cs}", "*_spec.rb", "**/test/**/*_test.rb", "*_test.exs", "*.tftest.hcl", "**/tests/*.rs", "*.feature", "**/cypress/**", "**/*.Tests/**",
        "**/*Tests/*.cs", "*.cy.{ts,js}", "*_test.dart", "*Spec.scala", "*Tests.swift", "*.bats",
        where=SOURCE_AND_TESTS,
    ),
    code(r"^\s*(it|test)(\.\w+)*\(", JAVASCRIPT, example='it("adds", () => {', where=(Place.TESTS,)),
    code(r"#\[(tokio::|actix_web::|async_std::|sqlx::)?test\b|#\[cfg\(test\)\]", RUST, example="#[cfg(test)]", where=SOURCE_AND_TESTS),
)  # fmt: skip

READS_ENV = either(
    file(".env.{example,sample,template,dist,schema}", "*.env.example", ".env", "env.example", "example.env", ".env.*.example"),
    code(
        r"\bprocess\.env\b|\bimport\.meta\.env\b|\bDeno\.env\b|\bBun\.env\b",
        JAVASCRIPT,
        example="process.env.PORT",
        but_not=".github/**",
    ),
    code(
        r"\bos\.(environ|getenv)\b|\bBaseSettings\b|\benviron\.Env\b",
        PYTHON,
        example='os.environ["PORT"]',
        but_not=".github/**",
    ),
    code(r"\bos\.(Getenv|LookupEnv)\(|\bviper\.|\benvconfig\.", GO, example='os.Getenv("PORT")'),
    code(
        r"\bSystem\.getenv\(|@Value\(|@Config(urationProperties|Property|Mapping)\b|\bEnvironmentVariableSubstitutor\b|\bConfigFactory\.load\(",
        JVM,
        example='System.getenv("PORT")',
    ),
    code(
        r"\$\{[A-Z][A-Z0-9_]+(:[^}]*)?\}",
        CONFIG,
        example="url: ${DATABASE_URL}",
        files=("application*.{yml,yaml,properties}", "docker-compose*.y*ml"),
    ),
    code(r"\bENV(\[|\.fetch\()", RUBY, example='ENV.fetch("PORT")'),
    code(r"\benv\(|\bgetenv\(|\$_ENV\b", PHP, example="env('APP_KEY')"),
    code(r"\benv::var(_os)?\(|\bdotenvy?::|\bvar\(\"|required_var\(|env!\(", RUST, example='env::var("PORT")'),
    code(
        r"\bEnvironment\.GetEnvironmentVariable\(|\b(builder|host)\.Configuration\b|\bIConfiguration\b",
        CSHARP,
        example="builder.Configuration",
    ),
    code(r"\bSystem\.(get_env|fetch_env!?)\(", ELIXIR, example='System.get_env("PORT")'),
)

OWN_COMPUTE = either(
    dependency(
        pypi="torch tensorflow vllm transformers ray dask",
        npm="@tensorflow/tfjs-node @tensorflow/tfjs-node-gpu onnxruntime-node",
        go="github.com/yalue/onnxruntime_go",
        maven="ai.djl:api com.microsoft.onnxruntime:onnxruntime",
        gem="torch-rb onnxruntime",
        crates="tch candle-core ort burn",
        nuget="TorchSharp Microsoft.ML.OnnxRuntime Microsoft.ML",
        hex="nx exla bumblebee",
    ),
    code(r"\bnvidia\.com/gpu\b|\bGPU\b", CONFIG + SHELL, example="nvidia.com/gpu: 1"),
    code(
        r"^\s*(FROM|RUN|CMD|ENTRYPOINT)\b[^\n]*\b(ollama/ollama|vllm/vllm-openai|ollama (serve|pull|run))\b",
        (Language.DOCKERFILE,),
        example="FROM ollama/ollama:latest",
    ),
)

INFRA = either(
    file(
        "*.tf", "Pulumi.yaml", "cdk.json", "Chart.yaml", "kustomization.yaml", "*.bicep", "serverless.{yml,yaml}", "sst.config.ts"
    ),
    code(r"^kind:\s*(Deployment|StatefulSet|Application|HelmRelease)\b", CONFIG, example="kind: Deployment"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """The clue that shows a fact, what to say where it is not seen, and whether not seeing it settles the matter."""

    clue: Clue
    without: str
    settles: bool = True


RULES: Mapping[Fact, Rule] = {
    Fact.CONVEX: Rule(CONVEX, "it does not run on Convex"),
    Fact.DATASTORE: Rule(DATASTORE, "no database or other store of its own was seen"),
    Fact.MIGRATIONS: Rule(MIGRATIONS, "there are no migrations"),
    Fact.HTTP_API: Rule(SERVER, "it serves no requests"),
    Fact.FRONTEND: Rule(FRONTEND, "it has no user interface of its own"),
    Fact.USERS: Rule(USERS, "it knows no users"),
    Fact.PAYMENTS: Rule(PAYMENTS, "it takes no payments"),
    Fact.EXTERNAL_CALLS: Rule(EXTERNAL_CALLS, "it calls no other service"),
    Fact.ASYNC_WORK: Rule(ASYNC_WORK, "it has no slow or scheduled work"),
    Fact.EXPENSIVE_CALLS: Rule(EXPENSIVE_CALLS, "it makes no expensive calls for its users"),
    Fact.MACHINE_ENDPOINTS: Rule(MACHINE_ENDPOINTS, "no endpoint for other machines was seen"),
    Fact.ANONYMOUS_WRITES: Rule(ANONYMOUS_WRITES, "strangers cannot write anything"),
    Fact.TESTS: Rule(TESTS, "there are no tests to run"),
    Fact.READS_ENV: Rule(READS_ENV, "it reads no environment variables"),
    Fact.OWN_COMPUTE: Rule(OWN_COMPUTE, "it runs no heavy compute of its own"),
    Fact.INFRA: Rule(INFRA, "it defines no infrastructure"),
}
"""The facts that clues decide. TEAM and TEAM_OPERATES follow from activity and from the kind."""

WITHOUT: Mapping[Fact, str] = {
    **{fact: rule.without for fact, rule in RULES.items()},
    Fact.TEAM: "one person works on it",
    Fact.TEAM_OPERATES: "the team does not run it in production itself",
}
"""Why a practice does not apply, where the fact that it requires does not hold."""


def clues() -> Iterator[Clue]:
    """All clues that facts are decided by."""
    for rule in RULES.values():
        yield rule.clue


def operated_by_team(kind: Kind, *, is_template: bool) -> bool:
    """Whether the team runs it (catalogue, 1.8): services, infrastructure, data and deployed sites, but no templates."""
    return kind in (Kind.APP, Kind.INFRA, Kind.DATA, Kind.SPA) and not is_template


def authors(signals: tuple[Signal, ...]) -> int | None:
    """How many people committed in the 90 days before the judged commit; ``None`` where a shallow clone cannot say."""
    activity = {signal.name: signal.value for signal in signals if signal.kind is SignalKind.ACTIVITY}
    if activity.get("shallow") or "authors-90-days" not in activity:
        return None
    return int(activity["authors-90-days"])


def evidence(look: Look, fact: Fact) -> tuple[Signal, ...]:
    """The signals that show a fact."""
    return RULES[fact].clue.find(look) if fact in RULES else ()
