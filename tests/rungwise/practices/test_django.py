"""What Django projects that others host say of themselves, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status

Check = Callable[..., Assessment]

SHOP = {
    "requirements.txt": "django==5.2\npsycopg==3.2\n",
    "manage.py": "import django\n",
    "web/urls.py": "urlpatterns = []\n",
    "Procfile": "web: gunicorn shop.wsgi\n",
    "shop/settings.py": "import os\nKEY = os.getenv('KEY')\n",
}
TESTS_IN_CI = {
    ".github/workflows/ci.yml": "on: pull_request\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: python manage.py test\n",
}


def status(assessment: Assessment, practice: str) -> Status:
    return next(finding.status for finding in assessment.findings if finding.practice == practice)


@pytest.mark.parametrize(
    ("extra", "started", "expected"),
    [
        ('sentry = ["sentry-sdk"]', "if DSN:\n    sentry_sdk.init(dsn=DSN)\n", Status.PRESENT),
        ('sentry = ["sentry-sdk"]', "", Status.ABSENT),
        ('docs = ["sphinx"]', "if DSN:\n    sentry_sdk.init(dsn=DSN)\n", Status.ABSENT),
    ],
)
def test_a_tracker_may_be_an_extra_of_those_who_host_it(check: Check, extra: str, started: str, expected: Status) -> None:
    manifest = f'[project]\nname = "shop"\ndependencies = ["django"]\n[project.optional-dependencies]\n{extra}\n'
    judged = check({**SHOP, "pyproject.toml": manifest, "shop/errors.py": started})
    assert status(judged, "error-tracking") is expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("for name in ('KEY', 'HOST'):\n    if not hasattr(conf, name):\n        raise ImproperlyConfigured(name)\n", True),
        ("for name in REQUIRED:\n    if name not in os.environ:\n        raise RuntimeError(name)\n", True),
        ("missing = [name for name in REQUIRED if not os.getenv(name)]\nif missing:\n    raise ValueError(missing)\n", True),
        ("for name in NAMES:\n    if name not in os.environ:\n        print(name)\n", False),
        ("for name in NAMES:\n    if name not in seen:\n        raise ValueError(name)\n", False),
    ],
)
def test_required_settings_are_looked_for_at_the_start(check: Check, settings: str, expected: bool) -> None:
    judged = check({**SHOP, "shop/settings.py": f"import os\nKEY = os.getenv('KEY')\n{settings}"})
    assert (status(judged, "env-var-checks") is Status.PRESENT) is expected


@pytest.mark.parametrize(
    ("kept", "workflow", "expected"),
    [
        ("shop/tests/query_counts.json", TESTS_IN_CI, Status.PRESENT),
        ("shop/tests/test_orders.perf.yml", TESTS_IN_CI, Status.PRESENT),
        ("shop/tests/query_counts.json", {}, Status.PARTIAL),
        ("shop/tests/orders.json", TESTS_IN_CI, Status.PARTIAL),
    ],
)
def test_query_counts_that_are_kept_are_compared(check: Check, kept: str, workflow: dict[str, str], expected: Status) -> None:
    test = "class T(TestCase):\n    def test_list(self):\n        with self.assertNumQueries(COUNTS['list']):\n            self.client.get('/')\n"
    judged = check({**SHOP, **workflow, "shop/tests/test_orders.py": test, kept: '{"list": 3}\n'})
    assert status(judged, "performance-regression-tests") is expected


def test_counts_that_nothing_compares_are_no_test_of_speed(check: Check) -> None:
    kept = {"shop/tests/query_counts.json": '{"list": 3}\n', "shop/tests/test_orders.py": "def test_list():\n    assert 1\n"}
    assert status(check({**SHOP, **TESTS_IN_CI, **kept}), "performance-regression-tests") is Status.ABSENT


KEEPS = "        message.append(object.changed_fields)\n        return super().log_change(request, object, message)\n"
CACHED = "def get(name):\n    cache_key = key_of(name)\n    redis.setex(cache_key, 300, pickle.dumps(found))\n"
RATE = 'import os\nSAMPLE_RATE = float(os.environ.get("SENTRY_SAMPLE_RATE", 0.1))\n'


@pytest.mark.parametrize(
    ("practice", "files", "expected"),
    [
        ("admin-audit-log", {"shop/admin.py": KEEPS}, Status.PRESENT),
        ("admin-audit-log", {"shop/admin.py": "        pass\n"}, Status.PARTIAL),
        ("cache-friendly-data", {"shop/flags.py": CACHED}, Status.PRESENT),
        # A code that somebody was sent is forgotten after a while.
        ("cache-friendly-data", {"shop/codes.py": CACHED.replace("cache_key", "code_key")}, Status.NOT_SEEN),
        ("data-integrity-checks", {"shop/management/commands/check_for_missing_orders.py": "x = 1\n"}, Status.PARTIAL),
        ("data-integrity-checks", {"shop/management/commands/check_for_migration_conflicts.py": "x = 1\n"}, Status.NOT_SEEN),
        ("request-tracing", {"shop/errors.py": f"{RATE}sentry_sdk.init(dsn=DSN, traces_sample_rate=SAMPLE_RATE)\n"}, Status.PRESENT),
        ("request-tracing", {"shop/errors.py": f"{RATE.replace('0.1', '0.0')}sentry_sdk.init(dsn=DSN, traces_sample_rate=SAMPLE_RATE)\n"}, Status.ABSENT),
    ],
)  # fmt: skip
def test_what_django_projects_do_by_hand(check: Check, practice: str, files: dict[str, str], expected: Status) -> None:
    if "shop/admin.py" in files:
        hook = "    def log_change(self, request, object, message):\n"
        files = {"shop/admin.py": f"@admin.register(Order)\nclass OrderAdmin(admin.ModelAdmin):\n{hook}{files['shop/admin.py']}"}
    users = {"shop/views.py": "from django.contrib.auth.decorators import login_required\n"}
    assert status(check({**SHOP, **users, **files}), practice) is expected
