"""Cuts the slices in this folder out of GitHub's own descriptions of its API.

    npm pack @octokit/graphql-schema@15.26.1 @octokit/openapi@23.0.2    (and unpack both)
    python -m tests.collectors.github.schemas.make SCHEMA.graphql api.github.com.json

Only what we ask for is kept. A query that asks for anything else is found out here, against the whole schema, and by the tests,
against the slice.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    parse,
    validate,
    visit,
)

from collectors.github import queries

HERE = Path(__file__).parent
GRAPHQL, REST = HERE / "github.graphql", HERE / "rest.json"
QUERIES = {
    "listing": queries.listing(queries.LISTING.values()),
    "details": queries.details(queries.DETAIL.values()),
    "workflows": queries.workflows(queries.WORKFLOW.values()),
    "owner": queries.OWNER,
    "heads": queries.HEADS,
    "teams": queries.ALL_TEAMS,
    "team": queries.ONE_TEAM,
    "commits": queries.EARLIER_COMMITS,
    "name": queries.STILL_THERE,
    "names": queries.NAMES,
}
OPERATIONS = (
    "/rate_limit",
    "/orgs/{org}/repos",
    "/repos/{owner}/{repo}/activity",
    "/repos/{owner}/{repo}/actions/workflows",
    "/repos/{owner}/{repo}/branches/{branch}",
    "/repos/{owner}/{repo}/code-scanning/default-setup",
)
TRADES = ("/app/installations/{installation_id}/access_tokens",)
"""What is posted; answered with 201."""
LEFT_OUT = ("repositories",)
"""Properties of answers that we do not read and that would bring half of the description with them."""
PROSE = ("description", "example", "examples", "title", "default", "deprecated", "nullable", "externalDocs")
LICENCE = "MIT, see LICENSE beside this file"


class Used(Visitor):
    """The types, fields and arguments that some queries use."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.schema, self.info = schema, info
        self.fields: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.types: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, field = self.info.get_parent_type(), self.info.get_field_def()
        if parent is None or field is None or node.name.value == "__typename":
            return
        given = {argument.name.value for argument in node.arguments or ()}
        self.fields[parent.name][node.name.value] |= given
        self.types |= {parent.name, get_named_type(field.type).name}
        self.types |= {get_named_type(field.args[name].type).name for name in given}

    def enter_inline_fragment(self, *_: object) -> None:
        if found := self.info.get_type():
            self.types.add(get_named_type(found).name)


def graphql_slice(schema: GraphQLSchema) -> str:
    """SDL of just the fields and arguments that our queries use."""
    info = TypeInfo(schema)
    used = Used(schema, info)
    for name, text in QUERIES.items():
        document: DocumentNode = parse(text)
        if errors := validate(schema, document):
            raise SystemExit(f"{name}: {errors[0].message}")
        visit(document, TypeInfoVisitor(info, used))
    # Concrete types that an answer can be of, though no query names them.
    used.types |= {"User", "Bot", "Node"}
    for interface, member in (
        ("Actor", "User"),
        ("Actor", "Bot"),
        ("RepositoryOwner", "User"),
        ("GitObject", "Commit"),
        ("RepositoryOwner", "Organization"),
    ):
        for field, given in used.fields[interface].items():
            used.fields[member][field] |= given
    for name in used.types:
        kind = schema.type_map[name]
        if name != "Query" and isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and "id" in kind.fields:
            used.fields[name]["id"] |= set()
    for name in list(used.types):
        kind = schema.type_map[name]
        if isinstance(kind, GraphQLInputObjectType):
            used.types |= {get_named_type(field.type).name for field in kind.fields.values()}
    return "\n\n".join(filter(None, (_definition(schema, name, used) for name in sorted(used.types))))


def _definition(schema: GraphQLSchema, name: str, used: Used) -> str:
    kind = schema.type_map[name]
    match kind:
        case GraphQLScalarType():
            return "" if name in ("String", "Int", "Boolean", "ID", "Float") else f"scalar {name}"
        case GraphQLEnumType():
            return f"enum {name} {{\n" + "".join(f"  {value}\n" for value in kind.values) + "}"
        case GraphQLInputObjectType():
            return f"input {name} {{\n" + "".join(f"  {key}: {field.type}\n" for key, field in kind.fields.items()) + "}"
        case GraphQLUnionType():
            members = [member.name for member in kind.types if member.name in used.types]
            return f"union {name} = {' | '.join(members)}"
        case GraphQLObjectType() | GraphQLInterfaceType():
            implements = [one.name for one in kind.interfaces if one.name in used.types and name != "Query"]
            head = f"{'type' if isinstance(kind, GraphQLObjectType) else 'interface'} {name}"
            head += f" implements {' & '.join(implements)}" if implements else ""
            lines = []
            for field, given in used.fields[name].items():
                definition = kind.fields[field]
                arguments = ", ".join(f"{key}: {definition.args[key].type}" for key in definition.args if key in given)
                lines.append(f"  {field}{f'({arguments})' if arguments else ''}: {definition.type}\n")
            return f"{head} {{\n{''.join(lines)}}}"
    raise SystemExit(f"{name} is of a kind that nothing was written for")


def rest_slice(description: Mapping[str, Any]) -> dict[str, Any]:
    """JSON schemas of the 200 answers of our operations, with everything that they refer to."""
    definitions: dict[str, Any] = {}

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[-1]
            if name not in definitions:
                definitions[name] = None
                definitions[name] = plain(description["components"]["schemas"][name])
            return {"$ref": f"#/$defs/{name}"}
        kept = {key: plain(value) for key, value in node.items() if key not in PROSE and not key.startswith("x-")}
        if "properties" in node:
            kept["properties"] = {name: plain(value) for name, value in node["properties"].items() if name not in LEFT_OUT}
        # OpenAPI 3.0 says "nullable" where JSON Schema names null as a type.
        return {"anyOf": [kept, {"type": "null"}]} if node.get("nullable") is True else kept

    paths = {
        path: plain(description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"])
        for path in OPERATIONS
    } | {
        path: plain(description["paths"][path]["post"]["responses"]["201"]["content"]["application/json"]["schema"])
        for path in TRADES
    }
    return {
        "$comment": f"From @octokit/openapi {description['info']['version']}, {LICENCE}",
        "paths": paths,
        "$defs": definitions,
    }


def main(graphql_file: str, openapi_file: str) -> None:
    schema = build_schema(Path(graphql_file).read_text(), assume_valid=True)
    GRAPHQL.write_text(f"# From @octokit/graphql-schema 15.26.1, {LICENCE}\n\n{graphql_slice(schema)}\n")
    description = json.loads(Path(openapi_file).read_text())
    REST.write_text(json.dumps(rest_slice(description), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
