"""A development loop that reloads by itself."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    ANYWHERE,
    DIRECT,
    ELIXIR,
    JSON,
    PYTHON,
    RUBY,
    SHELL,
    YAML,
    Language,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.facts import FRONT_PAGE
from rungwise.model import Effort, Kind, Observable, Role, Stage

PACKAGE_SCRIPT = code(
    r'"[\w:.-]+"\s*:\s*"[^"]*\b((next|nuxt|nuxi|astro|wrangler|convex|remix|react-router|svelte-kit|modern|rspack|rsbuild'
    r"|medusa|strapi"
    r"|turbo( run)?|fastify|redwood|rw|umi|max|blitz|docusaurus|parcel|tauri|electron-vite|electron-forge|meteor|sanity"
    r"|keystone|payload"
    r"|vp|farm|waku|ember|webpack) (dev|develop|serve|watch|start)"
    r"|vite( dev| serve| --(host|port|open|mode|config)\b|\s*[\"&|])|remix vite:dev|webpack-dev-server"
    r"|vue-cli-service serve|ng serve"
    r"|react-scripts start|expo start|gatsby develop|nodemon|ts-node-dev|tsc-watch|tsx watch|livereload|browser-sync"
    r"|esbuild-serve"
    r"|gulp watch|grunt watch|mix watch|nest start|react-native start|web-dev-server|vitepress dev|rollup -\w*w)"
    r'|"(dev|develop|start|serve|watch|local|server|client|web|app|js|css)[\w:.-]*"\s*:\s*"[^"]*(\s--(watch|hot|reload)\b|\bconcurrently\b)',
    JSON,
    example='"dev": "next dev --turbo"',
    files=("package.json", "deno.json", "deno.jsonc"),
)
SHELL_COMMAND = (
    r"(uvicorn|gunicorn|fastapi|hypercorn|daphne|granian|litestar)\b[^\n]*(--reload|\bdev\b)|flask\b[^\n]*--debug"
    r"|\bFLASK_(DEBUG=[\"']?(1|[tT]rue)|ENV=[\"']?development)\b"
    r"|\brunserver(_plus)?\b"
    r"|cargo[ -]watch\b|\bbacon\b|cargo leptos watch|trunk serve|\bdotnet watch\b|\bwatchexec\b|\bnodemon\b|\breflex\b"
    r"|\bwatchmedo\b"
    r"|\bmix phx\.server\b|\bmodd\b|\bwgo\b|\bgow\b|\bCompileDaemon\b|\brealize start\b|\bair( -c [^\n]+)?$"
    r"|\bquarkus(:)?[dD]ev\b|\bgradlew? [^\n]*-t\b"
    r"|\btilt up\b|skaffold dev|webpack --watch"
    r"|\bvite( dev| --host)?$|\b(npm|pnpm|yarn|bun)( run)? (dev|watch)\b|compose\b[^\n]* (--)?watch\b|\bjekyll serve\b"
    r"|\bhugo server\b|hupper"
)
FLASK = code(r"\bflask run\b", SHELL, example="flask run -p 5000", strings=True)
"""Reloads where a variable says so, which whoever starts it may have set."""
FRAMEWORK = either(
    both(
        dependency(gem="rails railties hanami"),
        file("bin/rails", "bin/dev", "bin/hanami", "config/environments/development.rb", "**/config/environments/development.rb"),
    ),
    both(dependency(pypi="django"), file("manage.py", "**/manage.py")),
    dependency(
        composer="laravel/framework symfony/framework-bundle cakephp/cakephp codeigniter4/framework yiisoft/yii2 slim/slim",
        maven="io.quarkus:quarkus-rest io.quarkus:quarkus-resteasy io.quarkus:quarkus-resteasy-reactive io.quarkus:quarkus-arc"
        " com.typesafe.play:play org.playframework:play",
        npm="expo react-native",
    ),
    file("pubspec.yaml"),
    FRONT_PAGE,
)
"""Frameworks that reload in development without being asked."""

PRACTICE = Practice(
    id="hot-reload",
    stage=Stage.PROTOTYPING,
    title="Edits show up without a restart by hand",
    why="Seconds between an edit and its effect decide how many ideas get tried in a day.",
    advice=(
        "Give the repository one `dev` command that starts every part with a watcher, for instance `convex dev` beside `vite`.",
        "Python: `uvicorn --reload`; Go: air; Rust: bacon; .NET: `dotnet watch`; Spring: devtools.",
        "In containers, mount the source or use compose's `develop.watch`.",
    ),
    looked_for="a development command that watches the source, or a framework that reloads by itself",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    present=(
        PACKAGE_SCRIPT,
        FRAMEWORK,
        dependency(
            maven="org.springframework.boot:spring-boot-devtools io.micronaut:micronaut-runtime-osx",
            gem="guard rerun shotgun sinatra-reloader hotwire-livereload rack-unreloader listen mr-sparkle",
            npm="nodemon ts-node-dev tsc-watch webpack-dev-middleware webpack-hot-middleware browser-sync livereload",
            go="github.com/air-verse/air github.com/cosmtrek/air github.com/githubnemo/CompileDaemon",
            scope=("runtime", "development", "optional", "indirect"),
        ),
        file(
            ".air.toml",
            ".air.*.toml",
            "air.toml",
            ".air.conf",
            ".reflex",
            "reflex.conf",
            "modd.conf",
            "bacon.toml",
            "nodemon.json",
            "Tiltfile",
            "skaffold.yaml",
            "devspace.yaml",
            ".watchmanconfig",
            "Procfile.dev",
            ".realize.yaml",
            "wgo.toml",
        ),
        code(SHELL_COMMAND, SHELL, example="uvicorn app:app --reload", strings=True, but_not="Dockerfile"),
        code(
            SHELL_COMMAND,
            (Language.TOML, Language.YAML, Language.PROPERTIES),
            example="web: flask run --debug",
            but_not=".github/**",
        ),
        both(
            FLASK,
            code(r"\bFLASK_DEBUG=[\"']?\$\{?FLASK_DEBUG\b", (*SHELL, *YAML), example="-e FLASK_DEBUG=$FLASK_DEBUG", strings=True),
        ),
        code(r"\bdevelop:\s*\n\s+watch:", YAML, example="    develop:\n      watch:"),
        code(r"\breload\s*=\s*True|use_reloader\s*=\s*True|\bdebug\s*=\s*True\)", PYTHON, example="app.run(debug=True)"),
        code(r"\bcode_reloader: true\b", ELIXIR, example="code_reloader: true,"),
        code(r"\bregister Sinatra::Reloader\b|\benable_reloading = true", RUBY, example="config.enable_reloading = true"),
    ),
    partial=(dependency(npm="vite webpack-dev-server parcel tsx wrangler", pypi="watchfiles watchdog hupper", scope=DIRECT),),
    near=(
        (
            file("docker-compose*.y*ml", "compose*.y*ml", ".devcontainer/devcontainer.json", "Makefile", "justfile"),
            "starts things, and nothing in it was seen to reload what changes",
        ),
    ),
    doubt=(
        (
            code(r"\bflask run\b", (Language.MAKEFILE,), example="flask run -p 5000", strings=True),
            "starts Flask, which reloads where FLASK_DEBUG is set",
        ),
        (
            code(
                r"\bcargo[ -]watch\b|\bcargo leptos watch\b|--reload\b|\bdotnet watch\b|(?i:\b(hot|live|auto)[- ]?reload\w*|\bwatch mode\b)|\bnodemon\b|\bwatchexec\b"
                r"|\bCompileDaemon\b|\bruns?erver\b|\bFLASK_(DEBUG=1|ENV=development)\b",
                (Language.MARKDOWN,),
                example="cargo watch -x run",
                where=ANYWHERE,
                files=(
                    *(
                        "".join(f"[{letter.lower()}{letter}]" for letter in name) + "*"
                        for name in ("README", "CONTRIBUTING", "DEVELOPMENT", "HACKING")
                    ),
                    "docs/*develop*",
                ),
            ),
            "speaks of reloading",
        ),
        (
            file("**/Properties/launchSettings.json", ".vscode/launch.json", ".vscode/tasks.json", ".idea/runConfigurations/*"),
            "starts it from an editor, which may reload what changes",
        ),
        (
            code(
                r"^\s+- ['\"]?\.(/(src|app|lib|dags|plugins|web|server|backend|frontend|api))?/?:/",
                YAML,
                example="      - ./src:/app/src",
                files=("*compose*.y*ml",),
            ),
            "mounts the source",
        ),
    ),
)
