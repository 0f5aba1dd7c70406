"""Go, Maven, Gradle, Cargo and NuGet."""

from __future__ import annotations

import pytest

from tests.collectors.manifest_samples import dependencies, fields, resolved, scopes, signals


def test_go_mod() -> None:
    found = signals(
        "go.mod",
        """
        module github.com/acme/shop

        go 1.26

        tool github.com/air-verse/air

        require github.com/gin-gonic/gin v1.10.0
        require (
            github.com/jackc/pgx/v5 v5.7.0 // direct
            go.opentelemetry.io/otel v1.30.0 // indirect
            github.com/air-verse/air v1.61.0 // indirect
        )

        tool (
            github.com/other/tool/cmd/x
        )

        replace github.com/gin-gonic/gin => ../gin
        exclude (
            github.com/bad/one v1.0.0
        )
        """,
    )
    assert dependencies(found) == [
        ("go:github.com/gin-gonic/gin", "runtime", 7),
        ("go:github.com/jackc/pgx", "runtime", 9),
        ("go:go.opentelemetry.io/otel", "indirect", 10),
        ("go:github.com/air-verse/air", "development", 11),
        ("go:github.com/other/tool/cmd/x", "development", 15),
    ]
    assert fields(found) == [("go:module", "github.com/acme/shop", 1)]


POM = """
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId></parent>
  <groupId>com.acme</groupId>
  <artifactId>shop</artifactId>
  <packaging>jar</packaging>
  <properties><sentry.group>io.sentry</sentry.group></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-bom</artifactId><type>pom</type><scope>import</scope></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><scope>test</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>${sentry.group}</groupId>
      <artifactId>sentry</artifactId>
      <exclusions><exclusion><groupId>a</groupId><artifactId>b</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><scope>test</scope></dependency>
    <dependency><groupId>jakarta.servlet</groupId><artifactId>servlet-api</artifactId><scope>provided</scope></dependency>
    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><scope>runtime</scope></dependency>
    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><optional>true</optional></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency>
    <dependency><groupId>${unknown}</groupId><artifactId>lost</artifactId></dependency>
  </dependencies>
  <build><plugins>
    <plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin>
    <plugin><artifactId>maven-surefire-plugin</artifactId></plugin>
  </plugins></build>
</project>
"""


def test_pom() -> None:
    found = signals("pom.xml", POM)
    assert dependencies(found) == [
        ("maven:io.sentry:sentry", "runtime", 14),
        ("maven:org.junit.jupiter:junit-jupiter", "development", 17),
        ("maven:jakarta.servlet:servlet-api", "development", 18),
        ("maven:org.postgresql:postgresql", "runtime", 19),
        ("maven:com.h2database:h2", "optional", 20),
        ("maven:com.acme:core", "runtime", 21),
    ]
    assert [field for field in fields(found) if field[0] != "maven:managed"] == [
        ("maven:packaging", "jar", 5),
        ("maven:artifactId", "shop", 4),
        ("maven:parent", "org.springframework.boot:spring-boot-starter-parent", 2),
        ("maven:name", "com.acme:shop", 4),
        ("maven:plugin", "org.springframework.boot:spring-boot-maven-plugin", 25),
        ("maven:plugin", "org.apache.maven.plugins:maven-surefire-plugin", 26),
    ]


def test_a_module_takes_the_scope_that_its_parent_manages() -> None:
    module = """
        <project><artifactId>web</artifactId><dependencies>
          <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId></dependency>
        </dependencies></project>
        """
    found = resolved({"pom.xml": POM, "web/pom.xml": module})
    assert scopes(found)["maven:org.slf4j:slf4j-nop"] == "development"
    assert scopes(resolved({"other/pom.xml": POM, "web/pom.xml": module}))["maven:org.slf4j:slf4j-nop"] == "runtime"
    assert not [field for field in fields(found) if field[0] == "maven:managed"]


def test_gradle_in_groovy() -> None:
    found = signals(
        "build.gradle",
        """
        buildscript {
          dependencies { classpath 'com.acme:build-plugin:1' }
        }
        plugins {
          id 'org.springframework.boot' version '4.0.3'
          id "java"
        }
        apply plugin: 'jacoco'
        // implementation 'com.acme:commented:1'
        dependencies {
          implementation platform('org.acme:bom:1')
          implementation 'org.flywaydb:flyway-core:11', /* and */
              "io.grpc:grpc-stub:${grpcVersion}"
          if (speed) {
            runtimeOnly('org.postgresql:postgresql') { exclude group: 'x', module: 'y' }
          }
          implementation group: 'io.sentry', name: 'sentry', version: '8'
          implementation project(':core')
          implementation "$group:generated:1"
          testImplementation 'org.junit.jupiter:junit-jupiter'
          compileOnly 'org.projectlombok:lombok'
          annotationProcessor 'org.projectlombok:lombok'
          developmentOnly 'org.springframework.boot:spring-boot-devtools'
          checkstyle "com.puppycrawl.tools:checkstyle:12"
          constraints { implementation 'com.acme:only-constrained:1' }
        }
        """,
    )
    assert dependencies(found) == [
        ("maven:com.acme:build-plugin", "development", 2),
        ("maven:org.flywaydb:flyway-core", "runtime", 12),
        ("maven:io.grpc:grpc-stub", "runtime", 13),
        ("maven:org.postgresql:postgresql", "runtime", 15),
        ("maven:io.sentry:sentry", "runtime", 17),
        ("maven:org.junit.jupiter:junit-jupiter", "development", 20),
        ("maven:org.projectlombok:lombok", "development", 21),
        ("maven:org.projectlombok:lombok", "development", 22),
        ("maven:org.springframework.boot:spring-boot-devtools", "development", 23),
        ("maven:com.puppycrawl.tools:checkstyle", "development", 24),
    ]
    assert fields(found) == [
        ("gradle:plugin", "org.springframework.boot", 5),
        ("gradle:plugin", "java", 6),
        ("gradle:plugin", "jacoco", 8),
    ]


CATALOGUE = """
[versions]
sentry = "8"
[libraries]
sentry-core = { module = "io.sentry:sentry", version.ref = "sentry" }
junit_jupiter = { group = "org.junit.jupiter", name = "junit-jupiter" }
flyway = "org.flywaydb:flyway-core:11"
flyway-postgres = "org.flywaydb:flyway-database-postgresql:11"
unused = "com.acme:unused:1"
[bundles]
migrations = ["flyway", "flyway-postgres"]
[plugins]
spring-boot = { id = "org.springframework.boot", version = "4" }
"""


def test_gradle_in_kotlin_with_a_version_catalogue() -> None:
    build = """
        plugins {
            kotlin("jvm")
            `java-library`
            alias(libs.plugins.spring.boot)
        }
        kotlin.sourceSets {
            val jvmTest by getting {
                dependencies { implementation(libs.sentry.core) }
            }
        }
        dependencies {
            implementation(libs.sentry.core)
            implementation(libs.bundles.migrations)
            implementation(projects.core.model)
            implementation(kotlin("reflect"))
            implementation(platform(libs.unused))
            implementation(deps.sentry.core)
            testImplementation(libs.junit.jupiter)
            "integrationTestImplementation"("org.testcontainers:postgresql:2")
            add("ksp", "com.acme:processor:1")
        }
        """
    found = resolved(
        {
            "gradle/libs.versions.toml": CATALOGUE,
            "app/build.gradle.kts": build,
            "settings.gradle.kts": 'rootProject.name = "shop"',
        }
    )
    assert dependencies(found) == [
        ("maven:io.sentry:sentry", "development", 8),
        ("maven:io.sentry:sentry", "runtime", 12),
        ("maven:org.flywaydb:flyway-core", "runtime", 13),
        ("maven:org.flywaydb:flyway-database-postgresql", "runtime", 13),
        ("maven:org.jetbrains.kotlin:kotlin-reflect", "runtime", 15),
        ("maven:org.junit.jupiter:junit-jupiter", "development", 18),
        ("maven:org.testcontainers:postgresql", "development", 19),
        ("maven:com.acme:processor", "development", 20),
    ]
    assert fields(found) == [
        ("gradle:plugin", "org.jetbrains.kotlin.jvm", 2),
        ("gradle:plugin", "java-library", 3),
        ("gradle:plugin", "org.springframework.boot", 4),
        ("gradle:name", "shop", 1),
    ]
    assert {signal.path for signal in found if signal.name == "maven:org.flywaydb:flyway-core"} == {"app/build.gradle.kts"}


def test_what_the_build_itself_needs_is_for_development() -> None:
    found = resolved({"buildSrc/build.gradle": "dependencies { implementation 'com.acme:tool:1' }"})
    assert scopes(found) == {"maven:com.acme:tool": "development"}


def test_cargo() -> None:
    found = signals(
        "Cargo.toml",
        """
        [package]
        name = "acme"
        publish = false
        [lib]
        name = "acme_lib"
        [[bin]]
        name = "acme-server"
        [lints]
        workspace = true
        [features]
        default = ["tracing"]
        tracing = ["dep:sentry", "serde?/derive"]
        [dependencies]
        Serde_Json = "1"
        sentry = { version = "1", optional = true }
        serde = { version = "1", optional = true }
        db = { package = "diesel", version = "2" }
        worker = { path = "crates/worker" }
        [dependencies.tokio]
        version = "1"
        [target.'cfg(unix)'.dependencies]
        libc = "0.2"
        [dev-dependencies]
        insta = "1"
        [build-dependencies]
        cc = "1"
        """,
    )
    assert dependencies(found) == [
        ("crates:serde-json", "runtime", 14),
        ("crates:sentry", "runtime", 15),
        ("crates:serde", "optional", 16),
        ("crates:diesel", "runtime", 17),
        ("crates:worker", "runtime", 18),
        ("crates:tokio", "runtime", 19),
        ("crates:insta", "development", 24),
        ("crates:cc", "development", 26),
        ("crates:libc", "runtime", 22),
    ]
    assert [field for field in fields(found) if field[0] != "crates:asked"] == [
        ("crates:name", "acme", 2),
        ("crates:publish", "false", 3),
        ("crates:lib", "acme_lib", 4),
        ("crates:bin", "acme-server", 7),
        ("crates:lints", "workspace", 8),
    ]


def test_a_cargo_workspace_only_offers_what_its_members_use() -> None:
    root = """
        [workspace]
        members = ["crates/*"]
        [workspace.lints.clippy]
        todo = "warn"
        [workspace.dependencies]
        db = { package = "diesel", version = "2" }
        unused = "1"
        acme-store = { path = "crates/store" }
        """
    server = """
        [package]
        name = "server"
        [dependencies]
        db.workspace = true
        acme-store = { workspace = true, features = ["full"] }
        """
    store = """
        [package]
        name = "acme_store"
        [features]
        full = ["cache"]
        cache = ["dep:redis"]
        [dependencies]
        redis = { version = "1", optional = true }
        mockall = { version = "1", optional = true }
        """
    found = resolved({"Cargo.toml": root, "crates/server/Cargo.toml": server, "crates/store/Cargo.toml": store})
    assert dependencies(found) == [
        ("crates:diesel", "runtime", 4),
        ("crates:acme-store", "runtime", 5),
        ("crates:redis", "runtime", 7),
        ("crates:mockall", "optional", 8),
    ]
    assert [field[:2] for field in fields(found) if field[0] in ("crates:workspace", "crates:lints")] == [
        ("crates:workspace", "crates/*"),
        ("crates:lints", "clippy"),
    ]


def test_msbuild_project() -> None:
    found = signals(
        "Shop.csproj",
        """
        <Project Sdk="Microsoft.NET.Sdk.Web/10.0">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <IsPackable>false</IsPackable>
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <PackageReference Include="Sentry.AspNetCore" Version="5" />
            <PackageReference Include="StyleCop.Analyzers" PrivateAssets="All" />
            <PackageReference Include="Microsoft.EntityFrameworkCore.Tools">
              <PrivateAssets>all</PrivateAssets>
            </PackageReference>
            <PackageReference Update="Only.Updated" Version="2" />
            <ProjectReference Include="..\\Core\\Core.csproj" />
          </ItemGroup>
          <ItemGroup Condition="'$(IsTestProject)' == 'true'">
            <PackageReference Include="xunit" />
          </ItemGroup>
        </Project>
        """,
    )
    assert dependencies(found) == [
        ("nuget:sentry.aspnetcore", "runtime", 8),
        ("nuget:stylecop.analyzers", "development", 9),
        ("nuget:microsoft.entityframeworkcore.tools", "development", 10),
        ("nuget:xunit", "development", 17),
    ]
    assert fields(found) == [
        ("nuget:Sdk", "Microsoft.NET.Sdk.Web", 1),
        ("nuget:OutputType", "Exe", 3),
        ("nuget:IsPackable", "false", 4),
        ("nuget:FrameworkReference", "Microsoft.AspNetCore.App", 7),
    ]


def test_central_versions_are_no_dependencies() -> None:
    found = signals(
        "Directory.Packages.props",
        """
        <Project><ItemGroup>
          <PackageVersion Include="RabbitMQ.Client" Version="7" />
          <GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3" />
        </ItemGroup></Project>
        """,
    )
    assert dependencies(found) == [("nuget:nerdbank.gitversioning", "development", 3)]


REFERENCE = '<ItemGroup><PackageReference Include="Polly" /></ItemGroup>'


@pytest.mark.parametrize(
    ("path", "content", "scope"),
    [
        ("src/Shop/Shop.csproj", f"<Project>{REFERENCE}</Project>", "runtime"),
        ("src/Contest/Contest.csproj", f"<Project>{REFERENCE}</Project>", "runtime"),
        ("src/Shop.Tests/Shop.Tests.csproj", f"<Project>{REFERENCE}</Project>", "development"),
        ("src/ShopTests/ShopUnitTests.csproj", f"<Project>{REFERENCE}</Project>", "development"),
        ("test/Helpers/Helpers.csproj", f"<Project>{REFERENCE}</Project>", "development"),
        (
            "src/A/A.csproj",
            f"<Project><PropertyGroup><IsTestProject>true</IsTestProject></PropertyGroup>{REFERENCE}</Project>",
            "development",
        ),
        ("src/A/A.csproj", f'<Project Sdk="MSTest.Sdk/4">{REFERENCE}</Project>', "development"),
    ],
)
def test_what_a_test_project_needs_is_for_development(path: str, content: str, scope: str) -> None:
    assert scopes(resolved({path: content})) == {"nuget:polly": scope}


def test_packages_config() -> None:
    found = signals(
        "packages.config",
        '<packages>\n<package id="NLog" version="5" />\n<package id="X" developmentDependency="true" />\n</packages>',
    )
    assert dependencies(found) == [("nuget:nlog", "runtime", 2), ("nuget:x", "development", 3)]
