"""Owners and targets, by a teams file or by CODEOWNERS."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rungwise.model import Signal, SignalKind, Stage
from rungwise.owners import (
    CODEOWNERS,
    GITHUB_TEAMS,
    Owner,
    owner_from_codeowners,
    owner_from_permissions,
    owner_from_property,
    owner_from_topic,
)
from rungwise.settings import SettingsError
from rungwise.teams import Ownership, Target, Teams, ownership, read_teams

FILE = """
[teams."Payments"]
repositories = ["acme/shop", "Acme/Billing", "acme/svc-*"]
target = 4
reason = "takes money"
review_on = 2027-01-31

[teams.Platform]
repositories = ["acme/svc-login"]

[repositories."Acme/shop"]
target = 5
reason = "strangers sign up"
"""


def teams(tmp_path: Path, text: str = FILE) -> Teams:
    path = tmp_path / "teams.toml"
    path.write_text(text, "utf-8")
    return read_teams(path)


def test_a_teams_file_says_who_owns_what_and_what_it_needs(tmp_path: Path) -> None:
    names = ("acme/Shop", "acme/billing", "acme/svc-mail", "acme/svc-login", "acme/svc-x/y", "other/svc-mail")
    found = ownership(dict.fromkeys(names), teams(tmp_path))
    payments, platform = Owner("Payments", "teams file"), Owner("Platform", "teams file")
    of_team = Target(Stage.PROTECTING, "takes money", "teams file, team Payments", date(2027, 1, 31))
    assert found == Ownership(
        {"acme/Shop": payments, "acme/billing": payments, "acme/svc-mail": payments, "acme/svc-login": platform},
        {
            "acme/Shop": Target(Stage.HARDENING, "strangers sign up", "teams file"),
            "acme/billing": of_team,
            "acme/svc-mail": of_team,
        },
    )


def test_codeowners_fill_in_what_the_file_leaves_out(tmp_path: Path) -> None:
    codeowners = {
        "acme/shop": "* @acme/core\n",
        "acme/web": "* @acme/core\n",
        "acme/docs": "* @Acme/Core\n",
        "acme/pay": "* @acme/pay-team\n",
        "acme/lost": "",
        "acme/none": None,
    }
    text = (
        FILE
        + '[teams."acme/Pay-Team"]\ntarget = 2\nreason = "staff use it"\n[repositories."acme/none"]\ntarget = 1\nreason = "toy"\n'
    )
    found = ownership(codeowners, teams(tmp_path, text))
    assert found.owners == {
        "acme/shop": Owner("Payments", "teams file"),
        "acme/docs": Owner("Acme/Core", "CODEOWNERS"),
        "acme/web": Owner("Acme/Core", "CODEOWNERS"),
        "acme/pay": Owner("acme/Pay-Team", "CODEOWNERS"),
    }
    assert {name: target.stage for name, target in found.targets.items()} == {"acme/shop": 5, "acme/pay": 2, "acme/none": 1}


def test_without_a_teams_file_codeowners_say_all() -> None:
    assert ownership({"a/b": "* @a/team", "a/c": None}) == Ownership({"a/b": Owner("a/team", "CODEOWNERS")}, {})


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("* @acme/core", "acme/core"),
        ("* @ann @acme/core @acme/other", "acme/core"),
        ("* @ann", "@ann"),
        ("* ann@acme.example", "ann@acme.example"),
        ("* @acme/old\n/docs @acme/docs\n* @acme/new # since May", "acme/new"),
        ("** @acme/core", "acme/core"),
        ("# * @acme/core\n\n/web @ann", None),
        ("*.js @acme/web\n/api/ @acme/api\n/lib/ @acme/api @ann @ann @ann", "acme/api"),
        ("# anyone\n*\n\n/.github/ @acme/platform", "acme/platform"),
        ("[Web site][2] @acme/web\n*.css\n*.js\n\n^[Docs]\ndocs/ @acme/docs", "acme/web"),
        ("[Everything] @acme/core\n*", "acme/core"),
        ("[Roles]\n* @@maintainers", None),
        ("a\\ * @acme/spaces\n", "acme/spaces"),
        ("\ufeff* @acme/core", "acme/core"),
        ("* #@acme/core", None),
        ("* someone", None),
        ("* @", None),
        ("", None),
    ],
)
def test_the_owner_by_codeowners(text: str, owner: str | None) -> None:
    assert owner_from_codeowners(text) == owner


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[teams", "is not valid TOML"),
        ("a = " + "[" * 5000, "is not valid TOML"),
        ("[team.A]", "the file has the unknown key 'team'; it takes teams, repositories, ownership."),
        ("owner = 1", "unknown key 'owner'; it takes teams, repositories, ownership."),
        ("teams = 3", "teams is 3 but has to be a table"),
        ("[teams]\nA = ['x']", '[teams."A"] is a list but has to be a table'),
        ("[teams.A]\nrepos = []", "[teams.\"A\"] has the unknown key 'repos'; it takes repositories, target, reason, review_on."),
        ("[teams.' ']", "empty name"),
        ("[teams.A]\nrepositories = 'a/b'", 'repositories in [teams."A"] has to be a list of names'),
        ("[teams.A]\nrepositories = ['a/b', 3]", 'repositories in [teams."A"] has to be a list of names'),
        ("[teams.A]\nrepositories = ['']", 'repositories in [teams."A"] has to be a list of names'),
        ("[teams.A]\nrepositories = ['a/b']\n[teams.B]\nrepositories = ['A/b']", "a/b is owned twice, by A and by B"),
        ("[teams.A]\nrepositories = ['a/*']\n[teams.B]\nrepositories = ['a/*']", "a/* is owned twice, by A and by B"),
        ("[teams.A]\ntarget = 7\nreason = 'x'", 'target in [teams."A"] is 7 but has to be a stage, a whole number from 1 to 6'),
        ("[teams.A]\ntarget = 0\nreason = 'x'", "is 0 but has to be a stage"),
        ("[teams.A]\ntarget = true\nreason = 'x'", "is true but has to be a stage"),
        ("[teams.A]\ntarget = 4.0\nreason = 'x'", "is 4.0 but has to be a stage"),
        ("[teams.A]\ntarget = '4'\nreason = 'x'", "is the text '4' but has to be a stage"),
        ("[teams.A]\ntarget = 4", 'the target in [teams."A"] has no reason; say why in a few words'),
        ("[teams.A]\ntarget = 4\nreason = ' '", 'the target in [teams."A"] has an empty reason'),
        ("[teams.A]\ntarget = 4\nreason = 3", 'the target in [teams."A"] has 3 as its reason'),
        ("[teams.A]\nreason = 'x'", '[teams."A"] has a reason but no target'),
        ("[teams.A]\nreview_on = 2027-01-31", '[teams."A"] has a review_on but no target'),
        ("[teams.A]\ntarget = 4\nreason = 'x'\nreview_on = '2027-01-31'", "has to be a date without quotes"),
        ("[teams.A]\ntarget = 4\nreason = 'x'\nreview_on = 2027-01-31T10:00:00", "has to be a date without quotes"),
        ("[repositories.'a/b']\nteam = 'A'", "[repositories.\"a/b\"] has the unknown key 'team'"),
        ("[repositories.'a/*']\ntarget = 4\nreason = 'x'", '[repositories."a/*"] is a pattern'),
        ("[repositories.'a/b']\ntarget = 4\nreason = 'x'\n[repositories.'A/b']\ntarget = 4\nreason = 'x'", "is there twice"),
        ("[repositories]\n'a/b' = 4", '[repositories."a/b"] is 4 but has to be a table'),
    ],
)
def test_a_wrong_teams_file_is_told_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        teams(tmp_path, text)
    assert says in str(error.value)
    assert str(error.value).startswith("teams.toml")
    assert "\n" not in str(error.value)


def test_patterns_of_two_teams_must_not_meet(tmp_path: Path) -> None:
    overlapping = teams(tmp_path, "[teams.A]\nrepositories = ['acme/svc-*']\n[teams.B]\nrepositories = ['acme/*-api']")
    assert ownership({"acme/svc-mail": None}, overlapping).owners == {"acme/svc-mail": Owner("A", "teams file")}
    with pytest.raises(SettingsError, match=r"acme/svc-api is owned twice, by A \('acme/svc-\*'\) and by B"):
        ownership({"acme/svc-api": None}, overlapping)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_teams(tmp_path / "missing.toml")
    with pytest.raises(SettingsError, match="directory"):
        read_teams(tmp_path)
    (tmp_path / "teams.toml").write_bytes(b"# \xff")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_teams(tmp_path / "teams.toml")


def test_an_empty_file_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    assert ownership({"acme/shop": None}, teams(tmp_path, "")).owners == {}
    assert teams(tmp_path, "\ufeff" + FILE).names == ("Payments", "Platform")


def _team(name: str, permission: str) -> Signal:
    return Signal(SignalKind.SETTING, "team", name.lower(), about=(("permission", permission), ("name", name)))


@pytest.mark.parametrize(
    ("teams", "owner"),
    [
        ([], None),
        ([_team("Web", "write")], None),
        ([_team("Web", "maintain"), _team("Everyone", "read")], "Web"),
        ([_team("Web", "maintain"), _team("Platform", "admin")], "Platform"),
        ([_team("Web", "admin"), _team("Platform", "admin")], None),
    ],
)
def test_the_strongest_team_on_github_owns_it_if_there_is_only_one(teams: list[Signal], owner: str | None) -> None:
    found = owner_from_permissions(teams)
    assert (found.team if found else None) == owner


def _property(name: str, value: str) -> Signal:
    return Signal(SignalKind.SETTING, "property", value, about=(("property", name),))


def _topic(topic: str) -> Signal:
    return Signal(SignalKind.SETTING, "topic", topic)


def test_a_custom_property_names_the_owner_where_it_names_one() -> None:
    told = [_property("Team", "Shop"), _property("tier", "1")]
    assert owner_from_property(told, "team") == Owner("Shop", "custom property team")
    assert owner_from_property(told, "squad") is None
    assert owner_from_property([*told, _property("team", "Web")], "team") is None


def test_a_topic_names_the_owner_where_one_begins_so() -> None:
    assert owner_from_topic([_topic("python"), _topic("team-shop")], "team-") == Owner("shop", "topic team-shop")
    assert owner_from_topic([_topic("team-"), _topic("python")], "team-") is None
    assert owner_from_topic([_topic("team-shop"), _topic("team-web")], "team-") is None


EVERYBODY = [_property("team", "By property"), _team("By GitHub", "admin"), _topic("team-by-topic")]
ORDERS = [
    ("", "By file"),
    ('[ownership]\norder = ["property", "file"]', "By property"),
    ('[ownership]\norder = ["codeowners", "property"]', "acme/by-codeowners"),
    ('[ownership]\norder = ["teams"]', "By GitHub"),
    ('[ownership]\norder = ["topic", "teams"]', "by-topic"),
    ('[ownership]\norder = ["property", "teams"]\nproperty = "squad"', "By GitHub"),
    ('[ownership]\norder = ["topic", "teams"]\ntopic = "squad-"', "By GitHub"),
]


@pytest.mark.parametrize(("text", "owner"), ORDERS)
def test_the_teams_file_says_which_source_wins(tmp_path: Path, text: str, owner: str) -> None:
    file = teams(tmp_path, f'[teams."By file"]\nrepositories = ["acme/shop"]\n{text}\n')
    found = ownership({"acme/shop": "* @acme/by-codeowners\n"}, file, None, {"acme/shop": EVERYBODY})
    assert found.owners["acme/shop"].team == owner


def test_the_usual_order_goes_from_what_people_decided_to_what_follows() -> None:
    told = {"acme/shop": EVERYBODY}

    def source(codeowners: str, *signals: Signal) -> str:
        found = ownership({"acme/shop": codeowners}, None, None, {"acme/shop": signals}).owners
        return found["acme/shop"].source if found else ""

    property_, team, topic = told["acme/shop"]
    assert source("* @acme/web\n", property_, team, topic) == "custom property team"
    assert source("* @acme/web\n", team, topic) == CODEOWNERS
    assert source("", team, topic) == GITHUB_TEAMS
    assert source("", topic) == "topic team-by-topic"
    assert source("") == ""


def test_what_another_source_calls_a_team_of_the_file_is_that_team(tmp_path: Path) -> None:
    found = ownership({"acme/new": None}, teams(tmp_path), None, {"acme/new": [_property("team", "payments")]})
    assert found.owners["acme/new"] == Owner("Payments", "custom property team")
    assert found.targets["acme/new"].stage is Stage.PROTECTING


def test_an_owner_by_a_file_that_was_not_read_again_keeps_its_place() -> None:
    before = {"acme/shop": Owner("acme/web", CODEOWNERS)}
    found = ownership({"acme/shop": None}, None, before, {"acme/shop": [_team("Admins", "admin")]})
    assert found.owners == before


WRONG_ORDERS = [
    ('order = ["files"]', "names the text 'files', which is no source"),
    ('order = ["file", "file"]', "names 'file' twice"),
    ("order = []", "has to be a list of sources"),
    ('order = "file"', "has to be a list of sources"),
    ("property = 1", "property in [ownership] is 1 but has to be a text"),
    ('topic = " "', "topic in [ownership] is the text ' '"),
    ('source = "file"', "unknown key 'source'"),
]


@pytest.mark.parametrize(("text", "says"), WRONG_ORDERS)
def test_what_is_wrong_with_the_order_is_said(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        teams(tmp_path, f"[ownership]\n{text}\n")
    assert says in str(caught.value)
