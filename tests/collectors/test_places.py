"""Every row is a path that somebody's repository really has, or one shaped like it."""

import pytest

from collectors.places import place_of
from rungwise.model import Place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("app/models/user.rb", Place.SOURCE),
        (".github/workflows/test.yml", Place.SOURCE),
        (".github/workflow-templates/ci.yml", Place.SAMPLES),
        ("web/src/features/billing/server.ts", Place.SOURCE),
        ("features/steps/login.rb", Place.TESTS),
        ("templates/accounts/login.html", Place.SOURCE),
        ("templates/nextjs/package.json", Place.SAMPLES),
        ("charts/app/templates/deployment.yaml", Place.SOURCE),
        ("requirements.txt", Place.SOURCE),
        ("requirements/dev.txt", Place.SOURCE),
        ("docs/setup.md", Place.DOCS),
        ("README.md", Place.DOCS),
        ("src/docs/page.ts", Place.SOURCE),
        ("node_modules/x/index.js", Place.VENDORED),
        ("web/assets/syntaxes/Packages/Rails/syntax_test_rails.rb", Place.VENDORED),
        ("editor/go.tmLanguage.json", Place.VENDORED),
        ("shop/static/pdfjs/web/viewer.mjs", Place.VENDORED),
        ("public/libs/tinymce/plugins/table/plugin.js", Place.VENDORED),
        ("assets/js/editor/codemirror/theme.js", Place.SOURCE),
        ("src/pdfjs/open.ts", Place.SOURCE),
        ("editor/Ruby.sublime-syntax", Place.VENDORED),
        ("src/syntax/test_parser.py", Place.TESTS),
        ("vendor/github.com/x/y.go", Place.VENDORED),
        ("packages/ui/dist/index.js", Place.BUILT),
        ("public/app.min.js", Place.BUILT),
        ("convex/_generated/api.ts", Place.GENERATED),
        ("proto/user.pb.go", Place.GENERATED),
        ("internal/reader/testdata/feed.xml", Place.FIXTURES),
        ("tests/fixtures/dependabot.yml", Place.FIXTURES),
        (".semgrep/celery.py", Place.FIXTURES),
        ("assets/Rails/syntax_test_rails.rb", Place.VENDORED),
        (".semgrep/celery.yml", Place.SOURCE),
        ("src/test/java/org/x/OwnerTests.java", Place.TESTS),
        ("src/Ordering.UnitTests/Order.cs", Place.TESTS),
        ("tests/Ordering.FunctionalTests/Order.cs", Place.TESTS),
        ("app/main_test.go", Place.TESTS),
        ("web/login.spec.ts", Place.TESTS),
        ("hc/api/tests/test_ping.py", Place.TESTS),
        ("app/conftest.py", Place.TESTS),
        ("test/livebook/session_test.exs", Place.TESTS),
        ("src/contest/rules.py", Place.SOURCE),
        ("app/latest/view.py", Place.SOURCE),
        ("examples/basic/app.py", Place.SAMPLES),
        ("src/{{ name }}/main.py", Place.SAMPLES),
        ("src/Button.stories.tsx", Place.DOCS),
        ("owners/src/main/java/org/springframework/samples/petclinic/Owner.java", Place.SOURCE),
        ("samples/petclinic/src/main/kotlin/org/x/Owner.kt", Place.SAMPLES),
        ("src/main/java/com/x/demo/DemoApplication.java", Place.SOURCE),
        ("src/main/java/com/acme/adapter/out/persistence/Orders.java", Place.SOURCE),
        ("internal/adapters/out/mail.go", Place.SOURCE),
        ("api/target/classes/a.js", Place.BUILT),
        ("coverage/lcov-report/index.html", Place.BUILT),
        ("gen/go/orders/v1/orders.go", Place.GENERATED),
        ("cmd/gen/main.go", Place.SOURCE),
    ],
)
def test_place(path: str, place: Place) -> None:
    assert place_of(path) is place
