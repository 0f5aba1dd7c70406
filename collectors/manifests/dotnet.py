"""MSBuild's project files and properties, and packages.config."""

from __future__ import annotations

from dataclasses import replace

import re2

from collectors.manifests import xml_tree
from collectors.manifests.reading import DEVELOPMENT, RUNTIME, Facts, Unreadable, replaced
from collectors.manifests.xml_tree import Element
from rungwise.model import Signal, SignalKind

_FIELDS = (
    "OutputType", "IsPackable", "PackageId", "PackAsTool", "IsTestProject", "TargetFramework", "TargetFrameworks", "UseMaui",
)  # fmt: skip
_TEST_PROJECT = re2.compile(r"(?:(?:^|[a-z0-9._-])(?:Tests?|Specs|Benchmarks?)|(?:^|[._-])(?:tests?|specs))\.\w+proj$")
_TEST_FOLDER = re2.compile(r"(?i)(?:^|/)tests?/")
_TEST_CONDITION = re2.compile(r"(?i)\$\(IsTestProject\)'?\s*==\s*'?true")


def project(name: str, data: bytes) -> list[Signal]:
    """PackageReference items and the properties that tell what is built. Central versions are no dependencies.

    Everything that a test project needs is for development, and so is what stays private to the build.
    """
    root = xml_tree.load(data)
    if root.name != "Project":
        raise Unreadable("not an MSBuild project")
    facts = Facts()
    for element in (root, *root.all("Sdk"), *root.all("Import")):
        sdk = element.attributes.get("Name" if element.name == "Sdk" else "Sdk", "")
        facts.field("nuget:Sdk", sdk.partition("/")[0], element.line)
    for field in _FIELDS:
        for element in root.all("PropertyGroup", field):
            facts.field(f"nuget:{field}", element.text.strip(), element.line)
    for element in root.all("ItemGroup", "FrameworkReference"):
        facts.field("nuget:FrameworkReference", element.attributes.get("Include"), element.line)
    tests = _is_test_project(name, root)
    for group in root.all("ItemGroup"):
        only_tests = tests or bool(_TEST_CONDITION.search(group.attributes.get("Condition", "")))
        for item in group.children:
            if item.name in ("PackageReference", "GlobalPackageReference"):
                private = item.name == "GlobalPackageReference" or _is_private(item)
                for package in item.attributes.get("Include", "").split(";"):
                    facts.dependency("nuget", package.strip(), DEVELOPMENT if only_tests or private else RUNTIME, item.line)
    return facts.signals


def _is_private(item: Element) -> bool:
    assets = item.attributes.get("PrivateAssets") or item.value("PrivateAssets")
    return assets.strip().lower() == "all"


def _is_test_project(name: str, root: Element) -> bool:
    return (
        bool(_TEST_PROJECT.search(name))
        or root.attributes.get("Sdk", "").startswith("MSTest.Sdk")
        or root.value("PropertyGroup", "IsTestProject").lower() == "true"
        or any(item.attributes.get("Include") == "Microsoft.NET.Test.Sdk" for item in root.all("ItemGroup", "PackageReference"))
    )


def packages_config(_name: str, data: bytes) -> list[Signal]:
    """The older list of packages."""
    root, facts = xml_tree.load(data), Facts()
    if root.name != "packages":
        raise Unreadable("not a list of NuGet packages")
    for package in root.all("package"):
        scope = DEVELOPMENT if package.attributes.get("developmentDependency", "").lower() == "true" else RUNTIME
        facts.dependency("nuget", package.attributes.get("id", ""), scope, package.line)
    return facts.signals


def resolve(signals: list[Signal]) -> list[Signal]:
    """What stands in a folder of tests is for development."""
    new = {
        index: [replace(signal, value=DEVELOPMENT)]
        for index, signal in enumerate(signals)
        if signal.kind is SignalKind.DEPENDENCY and signal.name.startswith("nuget:") and _TEST_FOLDER.search(signal.path or "")
    }
    return replaced(signals, new)
