"""GitHub as the source: asked for what git cannot tell, many repositories to a query; contents come by git.

    client = Client.from_environment(os.environ)
    client.greet()
    organisation = find_organisation(client, "acme")
    for collected in collect(client, organisation, Collector(wanted), known_heads, workdir):
        ...

:mod:`collectors.github.settings` holds the vocabulary of SETTING signals, :func:`plan` says beforehand what a collection costs.
"""

from __future__ import annotations

from collectors.github.client import Client
from collectors.github.clones import Limits
from collectors.github.collecting import Collected, Outcome, brought_up_to_date, collect, gone, worth_asking_again
from collectors.github.errors import GitHubError
from collectors.github.governor import Clock, Meter
from collectors.github.listing import Organisation, find_organisation
from collectors.github.planning import REQUESTS_EACH, Plan, Spent, plan, progress
from collectors.github.probing import Probe, probe
from collectors.github.server import Server

__all__ = [
    "REQUESTS_EACH",
    "Client",
    "Clock",
    "Collected",
    "GitHubError",
    "Limits",
    "Meter",
    "Organisation",
    "Outcome",
    "Plan",
    "Probe",
    "Server",
    "Spent",
    "brought_up_to_date",
    "collect",
    "find_organisation",
    "gone",
    "plan",
    "probe",
    "progress",
    "worth_asking_again",
]
