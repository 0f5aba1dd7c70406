"""One small file for each CI system but GitHub's, and what it comes to."""

from __future__ import annotations

from collectors.ci import ci_kind
from rungwise.model import Signal
from tests.collectors.ci_samples import events, lines_of, one, places, runs, signals, uses


def rows(found: list[Signal], *details: str) -> list[tuple[str, ...]]:
    return [(signal.value, *(signal.detail(name) for name in details)) for signal in found]


def test_gitlab() -> None:
    main = """
        include:
          - local: /ci/*.yml
          - template: Security/SAST.gitlab-ci.yml
          - project: group/ci
            ref: v1
            file: [/a.yml]
        default:
          before_script: [npm ci]
        .base:
          services: [postgres:16, {name: redis:7}]
          rules:
            - if: $CI_PIPELINE_SOURCE == "merge_request_event"
            - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
        test:
          extends: .base
          script:
            - npm test
            - !reference [.shared, script]
        lint:
          extends: .base
          before_script: []
          script: npm run lint
          allow_failure: true
        ship:
          before_script: []
          environment: {name: production}
          script:
            - |
              # helm in a comment
              helm upgrade x y || true
          only: [main, tags]
        each:
          before_script: []
          environment: $WHERE
          parallel: {matrix: [{WHERE: [a, b]}]}
          when: manual
          script: deploy
        nightly: {before_script: [], only: [schedules], script: [nightly]}
        never: {script: [never], when: never}
        child:
          trigger: {include: {local: ci/deep/child.yml}}
          rules: [{if: $CI_COMMIT_TAG}]
        other: {trigger: group/other}
    """
    shared = """
        .shared:
          script:
            - ./check.sh
    """
    found = signals(
        {
            ".gitlab-ci.yml": main,
            "ci/shared.yml": shared,
            "ci/deep/child.yml": "child-job: {script: [in-child]}",
            "check.sh": "pytest\n",
            "package.json": '{"scripts": {"test": "vitest"}}',
        }
    )
    both = "postgres:16 redis:7"
    default = "$CI_DEFAULT_BRANCH"
    assert rows(found, "on", "branches", "job", "environment", "services", "soft") == [
        ("Security/SAST.gitlab-ci.yml", "push", "", "", "", "", ""),
        ("group/ci/a.yml", "push", "", "", "", "", ""),
        ("npm ci", "merge_request push", default, "test", "", both, ""),
        ("npm test", "merge_request push", default, "test", "", both, ""),
        ("vitest", "merge_request push", default, "test", "", both, ""),
        ("./check.sh", "merge_request push", default, "test", "", both, ""),
        ("pytest", "merge_request push", default, "test", "", both, ""),
        ("npm run lint", "merge_request push", default, "lint", "", both, "true"),
        ("helm upgrade x y", "push tag", "main", "ship", "production", "", "true"),
        ("deploy", "workflow_dispatch", "", "each", "a", "", ""),
        ("deploy", "workflow_dispatch", "", "each", "b", "", ""),
        ("nightly", "schedule", "", "nightly", "", "", ""),
        ("in-child", "tag", "", "child-job", "", "", ""),
        ("group/other", "push", "", "other", "", "", ""),
    ]
    assert {signal.detail("system") for signal in found} == {"gitlab-ci"}
    test_line, helm = lines_of(main, "npm test", "helm upgrade")
    test_job = lines_of(main, "test:")[0] + 1
    assert (one(found, "npm test").line, one(found, "helm upgrade x y").line) == (test_line, helm)
    checked = one(found, "./check.sh")
    assert (checked.path, checked.line, checked.detail("via")) == (".gitlab-ci.yml", test_job, "ci/shared.yml:3")
    assert one(found, "pytest").detail("via") == "check.sh:1"


def test_gitlab_rules_for_the_whole_pipeline() -> None:
    found = signals(
        {
            ".gitlab-ci.yml": """
                workflow:
                  rules:
                    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
                    - if: $CI_COMMIT_TAG
                    - when: never
                a: {script: [a]}
                b: {script: [b], rules: [{changes: [x]}, {when: manual}]}
                c: {script: [c], rules: [{if: "$CI_PIPELINE_SOURCE == 'schedule'"}, {when: never}]}
                d: {script: [d], rules: [{when: never}]}
                e: {script: [e], extends: [e]}
            """
        }
    )
    assert events(found) == {
        "a": {"merge_request", "tag"},
        "b": {"merge_request", "tag", "workflow_dispatch"},
        "c": {"schedule"},
        "e": {"merge_request", "tag"},
    }


def test_circleci() -> None:
    content = """
        version: 2.1
        orbs: {node: circleci/node@5.1, slack: circleci/slack@4}
        executors:
          ex:
            parameters: {v: {type: string, default: "16"}}
            docker: [{image: cimg/python:3}, {image: "cimg/postgres:<< parameters.v >>"}]
        commands:
          setup:
            parameters: {tool: {type: string, default: pip}, steps: {type: steps, default: []}}
            steps:
              - run: << parameters.tool >> install
              - steps: << parameters.steps >>
        jobs:
          build:
            executor: ex
            steps:
              - checkout
              - setup: {tool: uv, steps: [{run: extra}]}
              - when: {condition: x, steps: [{run: {command: make lint, working_directory: sub}}]}
              - slack/notify: {event: fail}
          deploy:
            parameters: {env: {type: string}}
            docker: [{image: a}]
            steps: [{run: "deploy << parameters.env >>"}]
          unused: {docker: [{image: a}], steps: [{run: never}]}
        workflows:
          main:
            jobs:
              - build
              - node/test: {version: "20"}
              - deploy: {env: staging, name: ds, requires: [build], filters: {branches: {only: main}}}
              - hold: {type: approval, requires: [ds]}
              - deploy: {env: live, name: dl, requires: [hold]}
              - deploy: {name: dt, matrix: {parameters: {env: [a, b]}}, filters: {tags: {only: /v.*/}, branches: {ignore: /.*/}}}
          nightly:
            triggers: [{schedule: {cron: "0 0 * * *"}}]
            jobs: [deploy: {env: night}]
    """
    found = signals({".circleci/config.yml": content, "sub/Makefile": "lint:\n\truff check\n"})
    change, images = "push pull_request", "cimg/postgres:16"
    assert rows(found, "on", "branches", "job", "services") == [
        ("uv install", change, "", "build", images),
        ("extra", change, "", "build", images),
        ("make lint", change, "", "build", images),
        ("ruff check", change, "", "build", images),
        ("circleci/slack/notify", change, "", "build", images),
        ("circleci/node/test", change, "", "node/test", ""),
        ("deploy staging", "push", "main", "ds", ""),
        ("deploy live", "workflow_dispatch", "", "dl", ""),
        ("deploy a", "tag", "", "dt", ""),
        ("deploy b", "tag", "", "dt", ""),
        ("deploy night", "schedule", "", "deploy", ""),
    ]
    assert one(found, "circleci/slack/notify").detail("ref") == "4"
    assert one(found, "uv install").line == lines_of(content, "<< parameters.tool >>")[0]


def test_travis() -> None:
    found = signals(
        {
            ".travis.yml": """
                language: node_js
                services: [postgresql]
                branches: {only: [main]}
                install: npm ci
                jobs:
                  include:
                    - stage: nightly
                      if: type = cron
                      script: [npm run slow]
                    - node_js: 20
                deploy:
                  provider: npm
                  on: {tags: true}
            """
        }
    )
    assert rows(found, "on", "services", "branches") == [
        ("npm ci", "push pull_request", "postgresql", "main"),
        ("npm test", "push pull_request", "postgresql", "main"),
        ("travis/npm", "tag", "", "main"),
        ("npm run slow", "schedule", "postgresql", "main"),
    ]
    assert runs(signals({".travis.yml": "language: go\nscript: make"})) == ["make"]


def test_azure_pipelines() -> None:
    main = """
        trigger: {branches: {include: [main]}}
        pr: none
        schedules: [{cron: "0 0 * * *"}]
        resources: {containers: [{container: pg, image: "postgres:16"}]}
        stages:
        - stage: Build
          jobs:
          - job: test
            displayName: Tests
            services: {db: pg}
            continueOnError: true
            steps:
            - script: npm test
            - task: DotNetCoreCLI@2
              inputs: {command: test, projects: a.csproj}
            - ${{ if eq(variables.x, 'y') }}:
              - bash: |
                  echo hi
                  make x
            - template: steps.yml
              parameters: {target: live}
            - template: x.yml@other
            - {script: never, enabled: false}
          - deployment: ship
            environment: {name: production}
            strategy: {runOnce: {deploy: {steps: [{script: kubectl apply -f x}]}}}
        - stage: Off
          condition: false
          jobs: [{job: off, steps: [{script: never}]}]
    """
    found = signals(
        {
            "azure/main.yml": main,
            "azure/steps.yml": """
                parameters: {target: dev}
                steps:
                - script: deploy ${{ parameters.target }}
                - template: steps.yml
            """,
        }
    )
    assert rows(found, "on", "branches", "job", "environment", "services", "soft") == [
        ("npm test", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("DotNetCoreCLI", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("dotnet test a.csproj", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("make x", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("deploy live", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("steps.yml", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("x.yml", "push schedule", "main", "test", "", "postgres:16", "true"),
        ("kubectl apply -f x", "push schedule", "main", "ship", "production", "", ""),
    ]
    assert (one(found, "deploy live").path, one(found, "deploy live").line) == ("azure/steps.yml", 3)
    assert one(found, "deploy live").detail("workflow") == "azure/main.yml"
    assert one(signals({"azure-pipelines.yml": "steps: [{script: x}]"}), "x").detail("on") == "push pull_request"
    assert (
        one(signals({"azure-pipelines.yml": "trigger: none\npr: none\nsteps: [{script: x}]"}), "x").detail("on")
        == "workflow_dispatch"
    )


def test_jenkins() -> None:
    content = """
        @Library('shared@1') _
        // sh 'never'
        pipeline {
          stages {
            stage('Test') { steps { sh 'npm test' } }
            stage("Ship") {
              when { branch 'main' }
              steps {
                sh \"\"\"
                  ./gradlew check
                  kubectl apply -f x || true
                \"\"\"
                sh(script: 'make it', returnStdout: true)
              }
            }
            stage('Release') { when { buildingTag() } steps { bat "dotnet publish" } }
          }
        }
    """
    found = signals({"Jenkinsfile": content})
    test, gradle, kubectl = lines_of(content, "npm test", "gradlew", "kubectl")
    assert [(s.value, s.line, s.detail("job"), s.detail("on"), s.detail("branches"), s.detail("soft")) for s in found][1:4] == [
        ("npm test", test, "Test", "push pull_request", "", ""),
        ("./gradlew check", gradle, "Ship", "push", "main", ""),
        ("kubectl apply -f x", kubectl, "Ship", "push", "main", "true"),
    ]
    assert (uses(found), runs(found)[-2:]) == (["shared"], ["make it", "dotnet publish"])
    assert one(found, "dotnet publish").detail("on") == "tag"


def test_buildkite() -> None:
    found = signals(
        {
            ".buildkite/pipeline.yml": """
                steps:
                  - label: Tests
                    command: ["npm ci", "npm test"]
                    plugins: [docker-compose#v4.1: {run: app}]
                  - wait
                  - group: g
                    steps: [{command: lint, soft_fail: true, key: lint}]
                  - {command: main-only, branches: main}
                  - {command: tagged, if: build.tag != null}
                  - block: Go?
                  - {command: ./deploy.sh, key: deploy}
            """
        }
    )
    assert rows(found, "on", "branches", "job", "soft") == [
        ("npm ci", "push pull_request", "", "Tests", ""),
        ("npm test", "push pull_request", "", "Tests", ""),
        ("docker-compose", "push pull_request", "", "Tests", ""),
        ("lint", "push pull_request", "", "lint", "true"),
        ("main-only", "push", "main", "", ""),
        ("tagged", "tag", "", "", ""),
        ("./deploy.sh", "workflow_dispatch", "", "deploy", ""),
    ]


def test_bitbucket() -> None:
    found = signals(
        {
            "bitbucket-pipelines.yml": """
                definitions:
                  services: {postgres: {image: "postgres:15"}}
                  steps:
                    - step: &test {name: Test, services: [postgres, docker], script: [npm test]}
                pipelines:
                  default:
                    - parallel: {steps: [{step: *test}, {step: {script: [lint]}}]}
                  pull-requests: {'**': [{step: *test}]}
                  branches:
                    main:
                      - step: {deployment: staging, script: [ship]}
                      - step: {deployment: production, trigger: manual, script: [{pipe: 'atlassian/x:1.0', variables: {A: b}}]}
                  tags: {'v*': [{step: {script: [release]}}]}
                  custom: {any: [{step: {script: [custom]}}]}
            """
        }
    )
    assert rows(found, "on", "branches", "environment", "services") == [
        ("npm test", "push", "", "", "postgres:15 docker"),
        ("lint", "push", "", "", ""),
        ("ship", "push", "main", "staging", ""),
        ("atlassian/x", "workflow_dispatch", "main", "production", ""),
        ("npm test", "pull_request", "", "", "postgres:15 docker"),
        ("release", "tag", "", "", ""),
        ("custom", "workflow_dispatch", "", "", ""),
    ]


def test_drone_and_woodpecker() -> None:
    found = signals(
        {
            ".drone.yml": """
                kind: pipeline
                name: main
                services: [{name: db, image: "postgres:9"}]
                trigger: {event: [push, pull_request], branch: {include: [main]}}
                steps:
                - {name: test, image: golang, commands: [go test ./...], failure: ignore}
                - {name: ship, image: "plugins/docker:20", settings: {repo: x}, when: {event: tag}}
                ---
                kind: pipeline
                trigger: {event: cron}
                steps: [{name: n, image: a, commands: [nightly]}]
            """,
            ".woodpecker/build.yml": "when: [{event: push, branch: main}]\nsteps: {build: {image: x, commands: [make]}}\n",
        }
    )
    assert rows(found, "on", "branches", "services", "soft") == [
        ("go test ./...", "push pull_request", "main", "postgres:9", "true"),
        ("plugins/docker", "tag", "main", "postgres:9", ""),
        ("nightly", "schedule", "", "", ""),
        ("make", "push", "main", "", ""),
    ]
    assert one(found, "plugins/docker").detail("with") == "repo=x"


def test_cloudbuild_and_codefresh_say_nothing_about_their_events() -> None:
    found = signals(
        {
            "cloudbuild.yaml": """
                steps:
                - name: gcr.io/cloud-builders/docker
                  args: [build, -t, x, .]
                - name: gcr.io/cloud-builders/gcloud
                  entrypoint: bash
                  args: ['-c', 'npm test && gcloud run deploy x']
                - {name: node, script: npm run lint}
            """,
            "codefresh.yml": """
                steps:
                  t: {image: x, commands: [make]}
                  p: {type: parallel, steps: {q: {cmd: [go test]}}}
                  h: {type: helm}
            """,
        }
    )
    assert runs(found) == ["docker build -t x .", "npm test", "gcloud run deploy x", "npm run lint", "make", "go test"]
    assert uses(found) == ["gcr.io/cloud-builders/docker", "gcr.io/cloud-builders/gcloud", "node", "helm"]
    assert {signal.detail("on") for signal in found} == {""}


def test_semaphore() -> None:
    found = signals(
        {
            ".semaphore/semaphore.yml": """
                global_job_config: {prologue: {commands: [checkout]}}
                blocks:
                  - name: Tests
                    task: {jobs: [{name: Ruby, commands: [sem-service start postgres 15, bundle exec rspec]}]}
                  - {name: Off, skip: {when: "true"}, task: {jobs: [{commands: [never]}]}}
                promotions:
                  - {pipeline_file: live.yml, auto_promote: {when: "branch = 'main'"}}
                  - {pipeline_file: byhand.yml}
            """,
            ".semaphore/live.yml": "blocks: [{task: {jobs: [{commands: [cap production deploy]}]}}]",
            ".semaphore/byhand.yml": "blocks: [{task: {jobs: [{commands: [by-hand]}]}}]",
        }
    )
    assert events(found)["bundle exec rspec"] == {"push", "pull_request"}
    assert one(found, "bundle exec rspec").detail("services") == "postgres"
    assert events(found)["cap production deploy"] == {"push"}
    assert events(found)["by-hand"] == {"workflow_dispatch"}
    assert "never" not in runs(found)


def test_appveyor() -> None:
    found = signals(
        {
            "appveyor.yml": """
                services: [postgresql]
                build_script: [{cmd: msbuild}, {ps: ./x.ps1}]
                test_script: dotnet test
                deploy: {provider: NuGet}
            """
        }
    )
    assert rows(found, "on", "services") == [
        (value, "push pull_request", "postgresql") for value in ("msbuild", "./x.ps1", "dotnet test", "appveyor/NuGet")
    ]


def test_cirrus() -> None:
    content = """
        env: {A: b}
        unit_task:
          only_if: $CIRRUS_PR != ''
          container: {image: golang}
          additional_containers: [{name: db, image: "postgres:16"}]
          setup_script: make tools
          test_script:
            - make vet
            - go test ./...
        task:
          name: nightly
          only_if: $CIRRUS_CRON == 'nightly'
          script: |
            ./nightly.sh
        task:
          name: publish
          trigger_type: manual
          publish_script: ./publish.sh
        docs_task:
          allow_failures: true
          pipe:
            - build_script: mdbook build
    """
    found = signals({".cirrus.yml": content})
    assert rows(found, "job", "on", "services", "soft") == [
        ("make tools", "unit", "pull_request", "postgres:16", ""),
        ("make vet", "unit", "pull_request", "postgres:16", ""),
        ("go test ./...", "unit", "pull_request", "postgres:16", ""),
        ("./nightly.sh", "nightly", "schedule", "", ""),
        ("./publish.sh", "publish", "workflow_dispatch", "", ""),
        ("mdbook build", "docs", "push pull_request", "", "true"),
    ]
    assert one(found, "go test ./...").line == lines_of(content, "go test")[0]


def test_codebuild_and_sourcehut() -> None:
    found = signals(
        {
            "deploy/buildspec-test.yml": "phases: {pre_build: {commands: [npm ci]}, build: {commands: [npm test]}}\n",
            ".build.yml": "image: alpine\ntasks:\n  - test: make check\n  - lint: |\n      make lint\n",
            ".builds/arch.yml": "tasks: [{all: pytest}]\n",
        }
    )
    assert sorted(rows(found, "job", "on")) == [
        ("make check", "test", "push pull_request"),
        ("make lint", "lint", "push pull_request"),
        ("npm ci", "build", ""),
        ("npm test", "build", ""),
        ("pytest", "all", "push pull_request"),
    ]


def test_a_jenkinsfile_names_build_tools_in_steps_of_shared_libraries() -> None:
    content = """
        tools { gradle 'Gradle 8' }
        def gradleBuilder = new GradleBuilder(this, product)
        stage('Test') {
          gradleBuilder.gradle('endToEndTest')
          yarnBuilder.yarn("test:e2e")
          mvn 'clean verify'
          echo 'yarn.npm("never")'
          project.gradle = 'never'
        }
    """
    found = signals({"Jenkinsfile": content})
    assert runs(found) == ["gradle endToEndTest", "yarn test:e2e", "mvn clean verify"]
    assert one(found, "yarn test:e2e").line == lines_of(content, "yarnBuilder.yarn")[0]


def test_a_jenkinsfile_that_calls_the_library_of_all_plugins() -> None:
    content = "/* see the library */\nbuildPlugin(forkCount: '1C')\n// buildPlugin()\ndef buildPluginName = 'x'\n"
    assert rows(signals({"Jenkinsfile": content}), "on") == [("buildPlugin", "push pull_request")]


def test_the_system_is_told_by_the_path() -> None:
    paths = {
        ".gitlab-ci.yml": "gitlab-ci",
        ".gitlab/ci/x.yml": "gitlab-ci",
        ".circleci/config.yml": "circleci",
        ".travis.yml": "travis",
        "build/azure-pipelines.yml": "azure-pipelines",
        "Jenkinsfile": "jenkins",
        "ci/Jenkinsfile.deploy": "jenkins",
        ".buildkite/pipeline.yml": "buildkite",
        ".woodpecker.yml": "drone",
        ".cirrus.yml": "cirrus",
        "infra/buildspec.yml": "codebuild",
        ".builds/alpine.yml": "sourcehut",
        "cloudbuild.prod.yaml": "cloudbuild",
        ".github/actions/x/action.yml": "action",
        "action.yaml": "action",
        ".forgejo/workflows/x.yml": "github-actions",
        "web/package.json": "package.json",
        "mk/rules.mk": "make",
        "bin/ci": "shell",
        "web/scripts/x": "shell",
        "x/y.sh": "shell",
        "src/main.py": None,
        "README.md": None,
        "docs/index.md": None,
        "src/app/page.tsx": None,
        "bin/x.py": None,
    }
    assert {path: ci_kind(path) for path in paths} == paths


def test_steps_name_their_file_and_line() -> None:
    content = """
        steps:
          - command: a
          - command: |
              b
              c
    """
    found = signals({".buildkite/x.yml": content})
    assert places(found) == [("a", ".buildkite/x.yml", 2, ""), ("b", ".buildkite/x.yml", 4, ""), ("c", ".buildkite/x.yml", 5, "")]


def test_circleci_runs_the_steps_that_an_orb_is_handed() -> None:
    content = """
        version: 2.1
        orbs:
          gradle: circleci/gradle@4.1
          own:
            commands:
              prepare: {parameters: {what: {type: string}}, steps: [{run: "prepare << parameters.what >>"}, check]}
              check: {steps: [{run: inspect}]}
            jobs:
              publish: {docker: [{image: a}], steps: [checkout, {run: ./publish}]}
        commands:
          cached:
            parameters: {inner: {type: steps}}
            steps: [gradle/with_cache: {steps: << parameters.inner >>}]
        jobs:
          build:
            docker: [{image: a}, {image: "cimg/postgres:16"}]
            steps:
              - gradle/with_cache: {cache_key: v1, modules: [one, two], steps: [{run: ./gradlew check}, own/prepare: {what: all}]}
              - cached: {inner: [{run: ./gradlew jar}]}
              - gradle/around: {before: [{run: first}], except: [checkout]}
        workflows:
          main:
            jobs:
              - build
              - own/publish: {requires: [build]}
              - gradle/test: {context: [a], filters: {branches: {only: [main]}}, after-steps: [{run: last}]}
    """
    found = signals({".circleci/config.yml": content})
    change, images = "push pull_request", "cimg/postgres:16"
    assert rows(found, "on", "job", "services") == [
        ("circleci/gradle/with_cache", change, "build", images),
        ("./gradlew check", change, "build", images),
        ("prepare all", change, "build", images),
        ("inspect", change, "build", images),
        ("circleci/gradle/with_cache", change, "build", images),
        ("./gradlew jar", change, "build", images),
        ("circleci/gradle/around", change, "build", images),
        ("first", change, "build", images),
        ("./publish", change, "own/publish", ""),
        ("circleci/gradle/test", "push", "gradle/test", ""),
        ("last", "push", "gradle/test", ""),
    ]
    assert one(found, "./gradlew check").line == lines_of(content, "./gradlew check")[0]
