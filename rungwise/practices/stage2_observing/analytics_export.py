"""Questions are asked of a copy."""

from rungwise.catalogue import Practice
from rungwise.clues import HCL, JAVASCRIPT, PYTHON, YAML, both, code, dependency, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PIPELINE = either(
    file(
        "dbt_project.yml", "meltano.yml", "**/airbyte*.{yml,yaml}", "**/debezium*.json", "dataform.json", "workflow_settings.yaml"
    ),
    code(
        r"^resource \"(google_bigquery_(dataset|table|data_transfer_config|job)|snowflake_\w+|databricks_\w+"
        r"|aws_redshift_\w+|google_datastream_stream|aws_dms_\w+|fivetran_\w+)\"",
        HCL,
        example='resource "google_bigquery_dataset" "orders" {',
    ),
    code(
        r"(?i)\b(name|chart|image): *\S*((data-)?(analytics|analytical|warehouse)(-data)?-(extract(or|ion)?|export(er)?|ingest(er|ion)?|replicat(or|ion)|loader|sync)"
        r"|(export|load|replicate|sync|copy)-(data-)?to-(the-)?(bigquery|snowflake|redshift|databricks|warehouse|data-?lake))\b",
        YAML,
        example="  - name: data-analytics-exporter",
        but_not=(".github/**", "**/{docs,node_modules}/**", "pnpm-lock.yaml"),
    ),
    code(
        r"^\s*source\s*=\s*\"[^\"\n]*[/_-](airbyte|fivetran|bigquery|snowflake|redshift|databricks|datastream)\b"
        r"|^resource \"airbyte_(connection|source|destination)\w*\"",
        HCL,
        example='  source = "terraform-google-modules/bigquery/google"',
    ),
    code(r"\bDAG\(|@dag\b", PYTHON, example='with DAG("load"):', files="**/dags/**"),
    both(
        dependency(pypi="google-cloud-bigquery"),
        code(r"\.(load_table_from_\w+|insert_rows(_json)?)\(", PYTHON, example="client.insert_rows_json(table, rows)"),
    ),
    # Sends each change of the tables that its configuration names to BigQuery.
    both(dependency(gem="dfe-analytics"), file("**/config/analytics{,_*}.yml", "**/config/initializers/*analytics*.rb")),
    both(
        dependency(npm="@google-cloud/bigquery"),
        code(r"\.table\([^)\n]*\)\s*\.(insert|load)\(", JAVASCRIPT, example="dataset.table('orders').insert(rows)"),
    ),
)
CLIENT = dependency(
    pypi="dbt-core dlt google-cloud-bigquery snowflake-connector-python databricks-sql-connector sqlmesh",
    npm="@google-cloud/bigquery snowflake-sdk @databricks/sql",
    go="cloud.google.com/go/bigquery",
    gem="google-cloud-bigquery dfe-analytics",
    maven="io.debezium:debezium-embedded com.google.cloud:google-cloud-bigquery",
)

PRACTICE = Practice(
    id="analytics-export",
    stage=Stage.OBSERVING,
    title="Data flows to a store made for analysis",
    why="Analytical questions put to the live database either slow users down or are never asked.",
    advice=(
        "First export a snapshot and query it with DuckDB.",
        "Then stream changes to BigQuery or Snowflake, and keep the models in dbt.",
    ),
    looked_for="a pipeline, a connector or models that carry data to a warehouse",
    role=Role.SUPPORTING,
    effort=Effort.LARGE,
    impact=1,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA),
    requires=(Fact.DATASTORE, Fact.TEAM_OPERATES),
    after=("event-table",),
    guide="https://stack.convex.dev/observability-in-production",
    question="How are analytical questions answered without touching production?",
    present=(PIPELINE,),
    partial=(CLIENT,),
)
