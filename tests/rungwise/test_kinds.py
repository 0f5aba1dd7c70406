"""What a repository is for, told from a few files, in each ecosystem."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Flag, Kind
from tests.repositories import Files

Check = Callable[..., Assessment]

_PUBLISHED = {
    ".github/workflows/r.yml": "on: {release: {types: [published]}}\njobs:\n  r:\n    runs-on: x\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n"
}


def _packaged(more: str = "") -> str:
    """A pyproject.toml of a package that comes with a command."""
    return (
        '[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n[project]\nname="tidy"\n'
        f'{more}\n[project.scripts]\ntidy="tidy:main"\n'
    )


def _web_package(more: str = "", *, readme: str = "# Chat\n", pages: bool = True) -> Files:
    """A server in JavaScript that is published to npm with a command, and, where asked, pages of its own."""
    pages_too = ',"devDependencies":{"vite":"7","vue":"3"}' if pages else ""
    return {
        "package.json": f'{{"name":"chat","version":"1.0.0",{more}"bin":{{"chat":"index.js"}},"files":["dist"],'
        f'"dependencies":{{"express":"5","commander":"14"}}{pages_too}}}',
        "index.js": "require('./server')\n",
        "server/app.js": "const app = express()\napp.listen(80)\n",
        "README.md": readme,
        ".github/workflows/p.yml": "on: {push: {tags: ['v*']}}\njobs:\n  p:\n    runs-on: x\n    steps:\n      - run: npm publish\n",
    }


_IMAGE_SENT = "on: {workflow_dispatch: {}}\njobs:\n  i:\n    uses: docker/github-builder/.github/workflows/build.yml@v1\n    with: {output: image, push: true}\n"


def _clients_and_server(folder: str = "server", image: str = "Dockerfile", *, sent: bool = True, keeps: bool = True) -> Files:
    """A client library that is published, beside a server with an image."""
    data = 'sqlx="0.8"\n' if keeps else ""
    return {
        "composer.json": '{"name":"acme/hooks","type":"library"}',
        "php/src/Client.php": "<?php class Client {}\n",
        "javascript/package.json": '{"name":"hooks","version":"1.0.0","main":"dist/index.js"}',
        "javascript/src/index.ts": "export const a = 1\n",
        "README.md": "# Hooks\n\nUse ours, or self-host it.\n",
        f"{folder}/Cargo.toml": f'[package]\nname="server"\nversion="1.0.0"\n[dependencies]\naxum="0.8"\n{data}',
        f"{folder}/src/main.rs": "fn main() { axum::serve(listener, app); }\n",
        f"{folder}/{image}": "FROM rust\n",
        ".github/workflows/p.yml": "on: {push: {tags: ['v*']}}\njobs:\n  p:\n    runs-on: x\n    steps:\n      - run: npm publish\n",
        **({".github/workflows/i.yml": _IMAGE_SENT} if sent else {}),
    }


KINDS: dict[str, tuple[Kind, Files]] = {
    "a server that is released as an image beside its clients": (Kind.SELF, _clients_and_server()),
    "clients beside a server that nobody releases": (Kind.LIB, _clients_and_server(sent=False)),
    "clients beside a server for development": (Kind.LIB, _clients_and_server(image="Dockerfile.dev")),
    "clients beside a server that keeps nothing": (Kind.LIB, _clients_and_server(keeps=False)),
    "a library beside an example of a server": (Kind.LIB, _clients_and_server("examples/todo")),
    "a server that its team deploys beside its clients": (
        Kind.APP,
        {
            **_clients_and_server(sent=False),
            "README.md": "# Hooks\n",
            ".github/workflows/d.yml": "on: {push: {branches: [main]}}\njobs:\n  d:\n    runs-on: x\n    steps:\n      - run: kubectl apply -f server/k8s\n",
        },
    ),
    "a crate": (
        Kind.LIB,
        {
            "Cargo.toml": '[package]\nname="thing"\nversion="1.0.0"\n[dependencies]\nserde="1"\n',
            "src/lib.rs": "pub fn a(){}\n",
            "src/b.rs": "pub fn b(){}\n",
        },
    ),
    "a workspace of crates": (
        Kind.LIB,
        {
            "Cargo.toml": '[workspace]\nmembers=["a","b"]\n',
            "a/Cargo.toml": '[package]\nname="a"\nversion="1.0.0"\n',
            "a/src/lib.rs": "pub fn a(){}\n",
            "b/Cargo.toml": '[package]\nname="b"\nversion="1.0.0"\n',
            "b/src/lib.rs": "pub fn b(){}\n",
        },
    ),
    "a NuGet package": (
        Kind.LIB,
        {
            "src/Thing/Thing.csproj": '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><PackageId>Thing</PackageId></PropertyGroup></Project>',
            "src/Thing/A.cs": "class A {}\n",
            "Thing.sln": "x",
        },
    ),
    "a project that is pushed to NuGet": (
        Kind.LIB,
        {
            "src/Thing/Thing.csproj": '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><Description>x</Description></PropertyGroup></Project>',
            "src/Thing/A.cs": "class A {}\n",
            ".github/workflows/r.yml": "on: {push: {tags: ['v*']}}\njobs:\n  r:\n    runs-on: x\n    steps:\n      - run: dotnet nuget push x.nupkg\n",
        },
    ),
    "a Gradle library": (
        Kind.LIB,
        {
            "build.gradle.kts": "plugins {\n  `java-library`\n  `maven-publish`\n}\n",
            "src/main/java/org/x/A.java": "package org.x;\nclass A {}\n",
        },
    ),
    "a Gradle build of libraries": (
        Kind.LIB,
        {
            "build.gradle.kts": 'plugins {\n  id("com.vanniktech.maven.publish") version "0.30"\n}\n',
            "core/build.gradle.kts": "plugins {\n  `java-library`\n}\n",
            "core/src/main/java/org/x/A.java": "package org.x;\nclass A {}\n",
        },
    ),
    "a Maven build of libraries": (
        Kind.LIB,
        {
            "pom.xml": "<project><groupId>o</groupId><artifactId>p</artifactId><packaging>pom</packaging><modules><module>core</module></modules><build><plugins><plugin><groupId>org.sonatype.central</groupId><artifactId>central-publishing-maven-plugin</artifactId></plugin></plugins></build></project>",
            "core/pom.xml": "<project><parent><groupId>o</groupId><artifactId>p</artifactId></parent><artifactId>core</artifactId></project>",
            "core/src/main/java/org/x/A.java": "package org.x;\nclass A {}\n",
        },
    ),
    "a jar": (
        Kind.LIB,
        {
            "pom.xml": "<project><groupId>o</groupId><artifactId>p</artifactId><version>1</version></project>",
            "src/main/java/org/x/A.java": "package org.x;\nclass A {}\n",
        },
    ),
    "an npm package that can listen": (
        Kind.LIB,
        {
            "package.json": '{"name":"shop","version":"1.0.0","files":["index.js","lib/"]}',
            "index.js": "module.exports = require('./lib/a')\n",
            "lib/a.js": "var http = require('http');\napp.listen = function () { return http.createServer(this).listen(80) }\n",
        },
    ),
    "a workspace of npm packages": (
        Kind.LIB,
        {
            "package.json": '{"private":true,"workspaces":["packages/*"]}',
            "packages/a/package.json": '{"name":"@x/a","main":"index.js"}',
            "packages/a/index.js": "module.exports=1\n",
            "packages/b/package.json": '{"name":"@x/b","exports":"./index.js"}',
            "packages/b/index.js": "module.exports=1\n",
        },
    ),
    "a Python package": (
        Kind.LIB,
        {
            "pyproject.toml": '[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n[project]\nname="thing"\n',
            "src/thing/a.py": "x=1\n",
        },
    ),
    "a Python package of the old kind": (
        Kind.LIB,
        {
            "setup.py": 'from setuptools import setup\nsetup(name="thing", packages=["thing"])\n',
            "thing/a.py": "x=1\n",
        },
    ),
    "a Composer library": (
        Kind.LIB,
        {
            "composer.json": '{"name":"acme/thing","type":"library","require":{"php":"^8"}}',
            "src/A.php": "<?php class A {}\n",
        },
    ),
    "a Composer package": (
        Kind.LIB,
        {
            "composer.json": '{"name":"acme/thing","autoload":{"psr-4":{"A\\\\":"src/"}},"require":{"php":"^8"}}',
            "src/A.php": "<?php class A {}\n",
        },
    ),
    "a Hex package": (
        Kind.LIB,
        {
            "mix.exs": 'defmodule T do\n  def project do\n    [app: :thing, package: package(), deps: deps()]\n  end\n  defp package do\n    [licenses: ["MIT"]]\n  end\nend\n',
            "lib/thing.ex": "defmodule Thing do\nend\n",
        },
    ),
    "a Go package": (
        Kind.LIB,
        {
            "go.mod": "module example.org/thing\n",
            "thing.go": "package thing\n",
            "b.go": "package thing\n",
        },
    ),
    "an action": (
        Kind.LIB,
        {
            "action.yml": "name: x\nruns:\n  using: node20\n  main: dist/index.js\n",
            "src/index.ts": "export const a = 1\n",
            "package.json": '{"private":true,"name":"x"}',
        },
    ),
    "a Swift package": (
        Kind.LIB,
        {
            "Package.swift": '// swift-tools-version:5.9\nlet package = Package(name: "T", products: [.library(name: "T", targets: ["T"])])\n',
            "Sources/T/A.swift": "struct A {}\n",
        },
    ),
    "a crate with a program": (
        Kind.CLI,
        {
            "Cargo.toml": '[package]\nname="thing"\nversion="1.0.0"\n[dependencies]\nclap="4"\n',
            "src/main.rs": "fn main(){}\n",
            "src/lib.rs": "pub fn b(){}\n",
        },
    ),
    "a program in Rust": (
        Kind.CLI,
        {
            "Cargo.toml": '[package]\nname="thing"\nversion="1.0.0"\n',
            "src/main.rs": "fn main(){}\n",
        },
    ),
    "a program in Go": (
        Kind.CLI,
        {
            "go.mod": "module example.org/thing\nrequire github.com/spf13/cobra v1.8.0\n",
            "main.go": "package main\nfunc main(){}\n",
        },
    ),
    "an npm program": (
        Kind.CLI,
        {
            "package.json": '{"name":"thing","bin":"./cli.js","version":"1.0.0"}',
            "cli.js": "console.log(1)\n",
        },
    ),
    "a Python package with a script": (
        Kind.CLI,
        {
            "pyproject.toml": '[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n[project]\nname="thing"\ndependencies=["click"]\n[project.scripts]\nthing="thing:main"\n',
            "thing/a.py": "x=1\n",
        },
    ),
    "a .NET tool": (
        Kind.CLI,
        {
            "src/T/T.csproj": '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><PackAsTool>true</PackAsTool></PropertyGroup></Project>',
            "src/T/P.cs": "class P {}\n",
        },
    ),
    "an Xcode project": (
        Kind.MOB,
        {
            "App.xcodeproj/project.pbxproj": "x",
            "App/A.swift": "struct A {}\n",
        },
    ),
    "an Android app": (
        Kind.MOB,
        {
            "app/build.gradle.kts": 'plugins {\n  id("com.android.application")\n}\n',
            "app/src/main/AndroidManifest.xml": "<manifest/>",
            "app/src/main/java/a/A.kt": "class A\n",
        },
    ),
    "Airflow's pipelines": (
        Kind.DATA,
        {
            "requirements.txt": "apache-airflow==2.9\nflask==2.2\nsqlalchemy==1.4\n",
            "dags/a.py": "with DAG('a'):\n    pass\n",
            "Dockerfile": "FROM apache/airflow\n",
            "docker-compose.yml": "services: {}\n",
        },
    ),
    "an Angular site": (
        Kind.SPA,
        {
            "package.json": '{"private":true,"dependencies":{"@angular/core":"20"}}',
            "angular.json": "{}",
            "src/index.html": "<p>",
            "src/main.ts": "1\n",
        },
    ),
    "a site of pages": (
        Kind.DOCS,
        {
            "package.json": '{"private":true,"dependencies":{"astro":"5","@astrojs/starlight":"1"}}',
            "astro.config.mjs": "export default 1\n",
            "src/content/docs/0.md": "x",
            "src/content/docs/1.md": "x",
            "src/content/docs/2.md": "x",
            "src/content/docs/3.md": "x",
            "src/content/docs/4.md": "x",
            "src/content/docs/5.md": "x",
            "src/content/docs/6.md": "x",
            "src/content/docs/7.md": "x",
            "src/content/docs/8.md": "x",
            "src/content/docs/9.md": "x",
            "src/content/docs/10.md": "x",
            "src/content/docs/11.md": "x",
            "src/content/docs/12.md": "x",
            "src/content/docs/13.md": "x",
            "src/content/docs/14.md": "x",
            "src/content/docs/15.md": "x",
            "src/content/docs/16.md": "x",
            "src/content/docs/17.md": "x",
            "src/content/docs/18.md": "x",
            "src/content/docs/19.md": "x",
            "src/content/docs/20.md": "x",
            "src/content/docs/21.md": "x",
            "src/content/docs/22.md": "x",
            "src/content/docs/23.md": "x",
            "src/content/docs/24.md": "x",
            "src/content/docs/25.md": "x",
            "src/content/docs/26.md": "x",
            "src/content/docs/27.md": "x",
            "src/content/docs/28.md": "x",
            "src/content/docs/29.md": "x",
        },
    ),
    "infrastructure in Pulumi": (
        Kind.INFRA,
        {
            "Pulumi.yaml": "name: a\nruntime: nodejs\n",
            "index.ts": "new aws.s3.Bucket('a')\n",
            "package.json": '{"dependencies":{"@pulumi/aws":"6"}}',
        },
    ),
    "infrastructure in CDK": (
        Kind.INFRA,
        {
            "cdk.json": "{}",
            "lib/stack.ts": "1\n",
            "bin/app.ts": "1\n",
            "package.json": '{"name":"infra","bin":{"infra":"bin/infra.js"},"dependencies":{"aws-cdk-lib":"2"}}',
        },
    ),
    "charts": (
        Kind.INFRA,
        {
            "charts/a/Chart.yaml": "name: a\n",
            "charts/a/templates/d.yaml": "kind: Deployment\n",
        },
    ),
    "functions of Serverless": (
        Kind.APP,
        {
            "serverless.yml": "service: a\nprovider:\n  name: aws\nfunctions:\n  hello:\n    handler: handler.hello\n    events:\n      - http: GET /\n",
            "handler.js": "exports.hello = async () => 1\n",
            "package.json": '{"private":true,"devDependencies":{"serverless":"3"}}',
        },
    ),
    "a worker on Cloudflare": (
        Kind.APP,
        {
            "wrangler.toml": "name='a'\n",
            "src/index.ts": "export default { async fetch(request) { return new Response('x') } }\n",
            "package.json": '{"private":true,"devDependencies":{"wrangler":"4"}}',
        },
    ),
    "pages of Streamlit": (
        Kind.APP,
        {
            "requirements.txt": "streamlit==1.40\n",
            "app.py": "import streamlit as st\nst.title('x')\n",
            "Dockerfile": "FROM python\n",
        },
    ),
    "a worker with a host": (
        Kind.APP,
        {
            "requirements.txt": "celery==5\n",
            "worker.py": "app = Celery()\n",
            "Dockerfile": "FROM python\n",
            "fly.toml": "app='a'\n",
        },
    ),
    "a worker that takes Django for its models": (
        Kind.APP,
        {
            "requirements.txt": "django==5\nclick==8\ncelery==5\n",
            "manage.py": "from django.core.management import execute_from_command_line\n",
            "shop/urls.py": "def order_url(order):\n    return f'{BASE}/{order.id}'\n",
            "worker.py": "app = Celery('orders')\n",
            "Dockerfile": "FROM python\n",
        },
    ),
    "a command that takes Django for its models": (
        Kind.CLI,
        {
            "requirements.txt": "django==5\nclick==8\n",
            "manage.py": "from django.core.management import execute_from_command_line\n",
            "Dockerfile": "FROM python\n",
        },
    ),
    "infrastructure with a function called as Django's commands are": (
        Kind.INFRA,
        {
            "infra/database/main.tf": "x\n",
            "infra/database/roles/manage.py": "def manage(config):\n    pass\n",
            "infra/database/roles/requirements.txt": "pg8000==1\n",
        },
    ),
    "a server whose README runs the image that it built": (
        Kind.APP,
        {
            "package.json": '{"private": true, "dependencies": {"express": "5"}}',
            "server.js": "app.listen(3)\n",
            "Dockerfile": "FROM node\n",
            "README.md": "```\ndocker build --tag shop:development .\ndocker run -v ./data:/data -p 3000:3000 shop:development\n```\n",
        },
    ),
    "a server whose README runs the image that was published": (
        Kind.SELF,
        {
            "package.json": '{"private": true, "dependencies": {"express": "5"}}',
            "server.js": "app.listen(3)\n",
            "Dockerfile": "FROM node\n",
            "README.md": "`docker run -v ./data:/data -p 3000:3000 acme/shop:2`\n",
        },
    ),
    "a Django app": (
        Kind.APP,
        {
            "requirements.txt": "django==5\n",
            "manage.py": "x=1\n",
            "shop/urls.py": "urlpatterns=[]\n",
        },
    ),
    "a Phoenix app": (
        Kind.APP,
        {
            "mix.exs": 'defmodule T do\n  defp deps do\n    [{:phoenix, "~> 1.8"}]\n  end\nend\n',
            "lib/t_web/endpoint.ex": "defmodule E do\nend\n",
        },
    ),
    "an ASP.NET app": (
        Kind.APP,
        {
            "src/W/W.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
            "src/W/Program.cs": "var b = WebApplication.CreateBuilder(args);\n",
        },
    ),
    "PHP without a framework": (
        Kind.APP,
        {
            "index.php": "<?php echo 1;",
            "lib/a.php": "<?php echo $_GET['a'];",
            "config.php": "<?php $db = new PDO($dsn);",
        },
    ),
    "a Go service with a router": (
        Kind.APP,
        {
            "go.mod": "module e.org/s\nrequire github.com/labstack/echo/v4 v4.1.0\n",
            "cmd/server/main.go": 'package main\nfunc main(){ e := echo.New(); e.Start(":80") }\n',
        },
    ),
    "a Python program that is published": (
        Kind.CLI,
        {
            **_PUBLISHED,
            "pyproject.toml": _packaged('classifiers = ["Environment :: Console", "Topic :: Software Development :: Libraries"]'),
            "README.md": "# Tidy\n\n    tidy src/\n",
            "tidy/a.py": "x=1\n",
        },
    ),
    "a Python program that is published without classifiers": (
        Kind.CLI,
        {**_PUBLISHED, "pyproject.toml": _packaged(), "README.md": "# Tidy\n\n    tidy src/\n", "tidy/a.py": "x=1\n"},
    ),
    "a published program with a server beside it": (
        Kind.CLI,
        {
            **_PUBLISHED,
            "pyproject.toml": _packaged('classifiers = ["Environment :: Console"]'),
            "tidy/a.py": "x=1\n",
            "tidyd/a.py": "from aiohttp import web\napp = web.Application()\n",
            "Dockerfile": "FROM python\n",
        },
    ),
    "a Python library with a script": (
        Kind.LIB,
        {
            **_PUBLISHED,
            "pyproject.toml": _packaged('classifiers = ["Environment :: Console"]'),
            "README.md": "# Tidy\n\n```python\nfrom tidy import Tidy\n```\n",
            "tidy/a.py": "x=1\n",
        },
    ),
    "a Python library with a script that its classifiers tell": (
        Kind.LIB,
        {
            **_PUBLISHED,
            "pyproject.toml": _packaged('classifiers = ["Topic :: Software Development :: Libraries"]'),
            "tidy/a.py": "x=1\n",
        },
    ),
    "a Python library of the old kind with a script": (
        Kind.LIB,
        {
            "setup.py": 'from setuptools import setup\nsetup(name="tidy", entry_points={"console_scripts": ["tidy = tidy:main"]})\n',
            "README.rst": "Tidy\n====\n\n.. code-block:: python\n\n    from tidy import Tidy\n",
            "tidy/a.py": "x=1\n",
        },
    ),
    "a library for those who learn from data": (
        Kind.LIB,
        {
            "setup.py": 'from setuptools import setup\nsetup(name="tune", install_requires=["torch"])\n',
            "README.md": "```python\nfrom tune import Tuner\n```\n",
            "tune/a.py": "import torch\n",
        },
    ),
    "scripts that learn from data": (
        Kind.DATA,
        {"train.py": "import torch\n", "model.py": "from torch import nn\n", "README.md": "x\n"},
    ),
    "an experiment on records": (
        Kind.DATA,
        {
            "Gemfile": 'gem "rake"\n',
            "tasks/a.rake": "task :a\n",
            "lib/a.rb": "A = 1\n",
            "output/training/results.csv": "a,b\n",
            "output/validation/results.csv": "a,b\n",
        },
    ),
    "scripts that load a warehouse": (
        Kind.DATA,
        {
            "src/orders/run.sh": "bq load --source_format=CSV shop.orders orders.csv\n",
            "docker/orders/Dockerfile": "FROM google/cloud-sdk\n",
            "docker/text/Gemfile": 'gem "functions_framework"\n',
            "docker/text/app.rb": "FunctionsFramework.http { |request| 1 }\n",
            ".github/workflows/d.yml": "on: push\njobs:\n  d:\n    runs-on: x\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v2\n",
        },
    ),
    "Airflow's pipelines with a page of their own": (
        Kind.DATA,
        {
            "requirements.txt": "apache-airflow==2.9\n",
            "dags/a.py": "with DAG('a'):\n    pass\n",
            "plugins/version.py": "bp = Blueprint('version', __name__)\n",
            "Dockerfile": "FROM apache/airflow\n",
        },
    ),
    "a Django product that is published": (
        Kind.SELF,
        {
            **_PUBLISHED,
            "pyproject.toml": _packaged(),
            "requirements.txt": "django==5\n",
            "shop/manage.py": "x=1\n",
            "shop/shop/wsgi.py": "application = get_wsgi_application()\n",
            "docs/installation/upgrading.md": "x\n",
        },
    ),
    "a server that is published": (
        Kind.SELF,
        {
            **_PUBLISHED,
            "pyproject.toml": _packaged('classifiers = ["Topic :: Database"]'),
            "tidy/a.py": "import uvicorn\nuvicorn.run(ds.app())\n",
            "Dockerfile": "FROM python\n",
        },
    ),
    "a Django app that other projects take in": (
        Kind.LIB,
        {
            **_PUBLISHED,
            "pyproject.toml": '[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n[project]\nname="tidy"\ndependencies=["django"]\n',
            "manage.py": "x=1\n",
            "tidy/models.py": "x=1\n",
        },
    ),
    "a server of Jersey": (
        Kind.SELF,
        {
            "pom.xml": "<project><groupId>o</groupId><artifactId>p</artifactId><packaging>pom</packaging><modules><module>core</module></modules></project>",
            "core/pom.xml": "<project><artifactId>core</artifactId><dependencies><dependency><groupId>info.picocli</groupId><artifactId>picocli</artifactId><version>4</version></dependency></dependencies></project>",
            "core/src/main/java/o/A.java": "package o;\npublic class A extends Application<AConfig> {\n}\n",
            "debian/control.in": "Source: p\n",
            "Dockerfile": "FROM eclipse-temurin\n",
        },
    ),
    "a queue whose parts are called blueprints": (
        Kind.LIB,
        {
            "setup.py": 'from setuptools import setup\nsetup(name="queue")\n',
            "queue/a.py": "class Blueprint(steps.Blueprint):\n    pass\n\n\nclass Worker:\n    def start(self):\n        self.blueprint = self.Blueprint()\n",
            "docker/Dockerfile": "FROM python\n",
        },
    ),
    "crates that make a web framework": (
        Kind.LIB,
        {
            "Cargo.toml": '[workspace]\nmembers=["web","web-extra"]\n',
            "web/Cargo.toml": '[package]\nname="web"\nversion="1.0.0"\n',
            "web/src/lib.rs": "pub fn a(){}\n",
            "web/benches/b.rs": "fn main(){ axum::serve(listener, app); }\n",
            "web-extra/Cargo.toml": '[package]\nname="web-extra"\nversion="1.0.0"\n[dependencies]\naxum="0.8"\n',
            "web-extra/src/lib.rs": "pub fn b(){}\n",
            "web-extra/files/index.html": "<p>",
        },
    ),
    "a web framework in Go": (
        Kind.LIB,
        {
            "go.mod": "module e.org/web\n",
            "web.go": "package web\nfunc (e *Engine) Run() { http.ListenAndServe(addr, e) }\n",
            ".goreleaser.yaml": "builds: [{skip: true}]\n",
        },
    ),
    "a terminal's program in Go that can be profiled": (
        Kind.CLI,
        {
            "go.mod": "module e.org/lazy\nrequire github.com/gdamore/tcell/v2 v2.8.0\n",
            "main.go": "package main\nfunc main(){ http.ListenAndServe(addr, nil) }\n",
            ".goreleaser.yaml": "builds: []\n",
            "Dockerfile": "FROM golang\n",
        },
    ),
    "a command that serves a folder": (
        Kind.CLI,
        {
            "package.json": '{"name":"serve","version":"1.0.0","bin":"./bin/serve.js","main":"./lib/serve.js","files":["lib","bin"]}',
            "lib/serve.js": "require('http').createServer(f)\nhttp.createServer(f).listen(80)\n",
            "bin/serve.js": "1\n",
            "Dockerfile": "FROM node\n",
            "README.md": "Run your own server.\n",
        },
    ),
    "a server with pages that is installed from npm": (Kind.SELF, _web_package(readme="# Chat\n\nA web chat for self-hosting\n")),
    "a server with pages that is installed from npm and whose image is released": (
        Kind.SELF,
        {
            **_web_package(),
            ".github/workflows/i.yml": "on: {push: {tags: ['v*']}}\njobs:\n  i:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n",
        },
    ),
    "a development server with pages of its own": (
        Kind.LIB,
        _web_package(readme="# Preview\n\nReloads the pages that you are working on.\n"),
    ),
    "a library that a command can serve": (
        Kind.LIB,
        _web_package('"exports":"./lib/index.js",', readme="# Chat\n\nMount it in your app, or self-host it.\n"),
    ),
    "a command that is published and serves no pages": (
        Kind.LIB,
        _web_package(readme="# Mock\n\nA mock of your API, self-hosted.\n", pages=False),
    ),
    "a Maven build of a library and its benchmarks": (
        Kind.LIB,
        {
            "pom.xml": "<project><groupId>o</groupId><artifactId>shop-parent</artifactId><packaging>pom</packaging><modules><module>shop</module><module>metrics</module></modules></project>",
            "shop/pom.xml": "<project><parent><groupId>o</groupId><artifactId>shop-parent</artifactId></parent><artifactId>shop</artifactId></project>",
            "shop/src/main/java/o/A.java": "package o;\nclass A {}\n",
            "metrics/pom.xml": "<project><parent><groupId>o</groupId><artifactId>shop-parent</artifactId></parent><artifactId>metrics</artifactId></project>",
            "metrics/src/main/java/o/B.java": "package o;\nclass B {\n    public static void main(String[] args) {}\n}\n",
        },
    ),
    "a NuGet package with a program to try it": (
        Kind.LIB,
        {
            "src/Thing/Thing.csproj": '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><PackageId>Thing</PackageId></PropertyGroup></Project>',
            "src/Thing/A.cs": "class A {}\n",
            "src/Try/Try.csproj": '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>',
            "src/Try/P.cs": "class P {}\n",
        },
    ),
    "an Ansible collection of modules": (
        Kind.LIB,
        {
            "galaxy.yml": "namespace: a\nname: b\n",
            "plugins/modules/a.py": "def main():\n    pass\n",
            "plugins/modules/b.py": "def main():\n    pass\n",
        },
    ),
    "an operator that is released": (
        Kind.SELF,
        {
            "go.mod": "module e.org/o\nrequire sigs.k8s.io/controller-runtime v0.20.0\n",
            "cmd/main.go": "package main\nfunc main(){ mgr.Start(ctx) }\n",
            ".goreleaser.yaml": "builds: []\n",
        },
    ),
    "an operator beside more manifests than programs": (
        Kind.SELF,
        {
            "go.mod": "module e.org/o\nrequire sigs.k8s.io/controller-runtime v0.20.0\n",
            "cmd/main.go": "package main\nfunc main(){ mgr.Start(ctx) }\n",
            ".goreleaser.yaml": "builds: []\n",
            **{f"config/{part}/kustomization.yaml": "resources: []\n" for part in ("crd", "rbac", "manager")},
        },
    ),
    "manifests with a function": (
        Kind.INFRA,
        {
            "fn/go.mod": "module e.org/o\nrequire github.com/aws/aws-lambda-go v1.47.0\n",
            "fn/main.go": "package main\nfunc main(){ lambda.Start(handle) }\n",
            **{f"config/{part}/kustomization.yaml": "resources: []\n" for part in ("web", "jobs", "data")},
        },
    ),
    "a suite of tests in an image": (
        Kind.CLI,
        {
            "go.mod": "module e.org/t\n",
            "helpers/a.go": "package helpers\n",
            "helpers/a_test.go": "package helpers\n",
            "Dockerfile": "FROM golang\n",
        },
    ),
    "a suite of tests with what npm init wrote": (
        Kind.CLI,
        {
            "package.json": '{"name":"suite","version":"1.0.0","main":"index.js","devDependencies":{"@playwright/test":"1"}}',
            "lib/a.js": "exports.a = 1\n",
            "tests/a.spec.js": "test('a', () => 1)\n",
        },
    ),
    "an extension of browsers": (
        Kind.SPA,
        {
            "src/manifest.json": '{"manifest_version": 3, "name": "x"}',
            "src/popup/popup.js": "1\n",
            "src/events.js": "1\n",
            "package.json": '{"private":true}',
        },
    ),
    "a program in PHP": (
        Kind.CLI,
        {
            "composer.json": '{"name":"acme/shop","type":"library","bin":["bin/shop"]}',
            "src/A.php": "<?php class A {}\n",
            "bin/shop": "x",
        },
    ),
    "a service that somebody sends to the team's own cluster": (
        Kind.APP,
        {
            "requirements.txt": "fastapi\n",
            "app.py": "app = FastAPI()\n",
            "Dockerfile": "FROM python\n",
            "README.md": "Metrics go to the [collector](https://hub.docker.com/r/otel/opentelemetry-collector-contrib).\n",
            ".github/workflows/d.yml": "on: {workflow_dispatch: {}}\njobs:\n  d:\n    runs-on: x\n    steps:\n"
            "      - uses: docker/build-push-action@v6\n"
            "      - run: aws ecs update-service --service web --cluster live --force-new-deployment\n",
        },
    ),
    "an image of which others are told, released by hand": (
        Kind.SELF,
        {
            "requirements.txt": "fastapi\n",
            "app.py": "app = FastAPI()\n",
            "Dockerfile": "FROM python\n",
            "README.md": "Take the [image](https://hub.docker.com/r/acme/shop).\n",
            ".github/workflows/d.yml": "on: {workflow_dispatch: {}}\njobs:\n  d:\n    runs-on: x\n    steps:\n"
            "      - uses: docker/build-push-action@v6\n"
            "      - run: aws ecs describe-services --services web\n",
        },
    ),
    "a package that somebody publishes by hand, and applications that try it out": (
        Kind.LIB,
        {
            "package.json": '{"name":"@acme/auth","bin":"dist/bin.js","exports":{"./server":"./dist/server.js"},"scripts":{"release":"npm publish"}}',
            "src/server.ts": "export const auth = 1\n",
            "src/cli.ts": "run()\n",
            "check-next/convex/schema.ts": "export default defineSchema({})\n",
            "check-next/package.json": '{"private":true,"dependencies":{"convex":"1","next":"15"}}',
            "check-next/next.config.mjs": "export default {}\n",
        },
    ),
    "a package of which CI puts out each commit": (
        Kind.LIB,
        {
            "package.json": '{"name":"@acme/auth","main":"dist/index.js","files":["dist"]}',
            "src/index.ts": "export const auth = 1\n",
            "check/server.ts": "app.listen(3000)\n",
            "check/package.json": '{"private":true,"dependencies":{"express":"5"}}',
            ".github/workflows/p.yml": "on: push\njobs:\n  p:\n    runs-on: x\n    steps:\n      - run: npx pkg-pr-new publish --no-template\n",
        },
    ),
    "a server whose script publishes something else": (
        Kind.APP,
        {
            "package.json": '{"name":"shop","private":true,"exports":"./server.js","scripts":{"release":"npm publish client"},'
            '"dependencies":{"express":"5"}}',
            "server.js": "app.listen(3000)\n",
        },
    ),
    "a site whose team hosts it itself": (
        Kind.APP,
        {
            "Gemfile": 'gem "rails"\n',
            "config/application.rb": "x=1\n",
            "config.ru": "run A\n",
            "README.md": "We take pride in self-hosting from the machine up.\n",
            "deploy/mail.service": "[Unit]\n",
        },
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_kind(check: Check, name: str) -> None:
    kind, files = KINDS[name]
    found = check(files)
    assert found.kind is kind, found.kind_reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [("cookiecutter.json", (Flag.TPL,)), (".template.config/template.json", (Flag.TPL,)), ("tools/cookiecutter.json", ())],
)
def test_what_a_generator_is_told_by_makes_a_template(check: Check, path: str, expected: tuple[Flag, ...]) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['fastapi']\n",
        "app.py": "app = FastAPI()\n",
        path: "{}",
    }
    assert check(files).flags == expected


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("workflow_dispatch: {inputs: {version: {required: true}}}", Kind.SELF),
        ("{workflow_dispatch: {}, push: {branches: [main]}}", Kind.APP),
    ],
)
def test_an_image_that_somebody_releases_by_hand_is_for_others(check: Check, event: str, kind: Kind) -> None:
    files = {
        "requirements.txt": "fastapi\n",
        "app.py": "app = FastAPI()\n",
        "Dockerfile": "FROM python\n",
        ".github/FUNDING.yml": "github: acme\n",
        ".github/workflows/image.yml": f"on: {event if event.startswith('{') else '{' + event + '}'}\njobs:\n  i:\n    runs-on: x\n"
        "    steps:\n      - uses: docker/build-push-action@v6\n",
    }
    assert check(files).kind is kind


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("# Protocol Reference Implementation\n", ()),
        ("# Shop Reference Application\n", (Flag.TPL,)),
        ("A sample implementation of a shop.\n", (Flag.TPL,)),
        ("A production-ready example of a multi-tenant application.\n", (Flag.TPL,)),
        ("Each application comes with an example of a policy.\n", ()),
        ("# Commerce\n\nThis template uses server components.\n", (Flag.TPL,)),
        ("# Mailer\n\nThe template uses variables of the mail.\n", ()),
        ("A production-ready stack for your next SaaS application.\n", (Flag.TPL,)),
        ("Colours for your next application.\n", ()),
        ("# Stack\n" + "\n" * 20 + "You can either use this repository as a template, or clone it.\n", (Flag.TPL,)),
        ("# Shop\n" + "\n" * 80 + "Feel free to use this repository as a template.\n", ()),
        ("# Mailer\n\nUse this page as a template of a mail.\n", ()),
    ],
)
def test_the_reference_implementation_of_something_is_no_template(check: Check, readme: str, expected: tuple[Flag, ...]) -> None:
    assert check({"requirements.txt": "fastapi\n", "app.py": "app = FastAPI()\n", "README.md": readme}).flags == expected


@pytest.mark.parametrize(("released", "expected"), [(True, ()), (False, (Flag.TPL,))])
def test_a_package_that_is_released_may_be_called_after_templates(
    check: Check, released: bool, expected: tuple[Flag, ...]
) -> None:
    files = {"admin_template.gemspec": "Gem::Specification.new\n", "lib/a.rb": "module A\nend\n", "lib/b.rb": "module B\nend\n"}
    workflow = "on: push\njobs:\n  r:\n    runs-on: x\n    steps:\n      - uses: rubygems/release-gem@v1\n"
    released_by = {".github/workflows/r.yml": workflow} if released else {}
    assert check({**files, **released_by}, name="acme+admin_template").flags == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [("A payment application to demonstrate testing methods", (Flag.TPL,)), ("An application to send payments", ())],
)
def test_a_package_may_say_that_it_is_a_demonstration(check: Check, description: str, expected: tuple[Flag, ...]) -> None:
    package = f'{{"private": true, "description": "{description}", "dependencies": {{"express": "5"}}}}'
    assert check({"package.json": package, "server.js": "app.listen(3000);\n"}).flags == expected


@pytest.mark.parametrize(
    ("name", "kind"), [("manifest_firefox.json", Kind.SPA), ("manifest-chrome.json", Kind.SPA), ("versions.json", Kind.CLI)]
)
def test_an_extension_may_have_a_manifest_for_each_browser(check: Check, name: str, kind: Kind) -> None:
    files = {
        f"src/{name}": '{"manifest_version": 3}',
        "src/worker.js": "chrome.runtime.connect();\n",
        "src/popup.js": "show();\n",
    }
    assert check({**files, "src/icon.js": "draw();\n", "build.sh": "zip -r x.zip src\n"}).kind is kind
