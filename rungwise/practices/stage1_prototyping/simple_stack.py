"""No more moving parts than the product needs."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import HCL, YAML, Clue, Look, at_least, code, dependency, either, file
from rungwise.facts import RULES
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

HEAVY: dict[str, Clue] = {
    "container orchestration": either(
        file("Chart.yaml", "kustomization.yaml", "*.nomad", "helmfile.yaml"),
        code(r"^kind: (Deployment|StatefulSet|DaemonSet)\b", YAML, example="kind: Deployment"),
    ),
    "infrastructure code": either(
        file("Pulumi.yaml", "cdk.json"), code(r"^resource \"", HCL, example='resource "aws_vpc" "main" {')
    ),
    "a message broker": dependency(
        npm="kafkajs amqplib nats @google-cloud/pubsub",
        pypi="kafka-python confluent-kafka pika aiokafka aio-pika kombu nats-py google-cloud-pubsub",
        go="github.com/segmentio/kafka-go github.com/IBM/sarama github.com/rabbitmq/amqp091-go github.com/nats-io/nats.go"
        " github.com/twmb/franz-go",
        maven="org.apache.kafka:kafka-clients org.springframework.kafka:spring-kafka"
        " org.springframework.boot:spring-boot-starter-amqp"
        " com.google.cloud:google-cloud-pubsub",
        gem="bunny ruby-kafka karafka govuk_message_queue_consumer",
        nuget="RabbitMQ.Client Aspire.RabbitMQ.Client MassTransit Confluent.Kafka",
        crates="rdkafka lapin async-nats",
        composer="php-amqplib/php-amqplib",
    ),
    "a search engine": dependency(
        npm="@elastic/elasticsearch @opensearch-project/opensearch",
        pypi="elasticsearch opensearch-py",
        gem="elasticsearch opensearch-ruby searchkick",
        go="github.com/elastic/go-elasticsearch github.com/opensearch-project/opensearch-go",
        nuget="Elastic.Clients.Elasticsearch NEST",
        maven="org.elasticsearch.client:elasticsearch-rest-high-level-client co.elastic.clients:elasticsearch-java"
        " org.opensearch.client:opensearch-java",
        crates="elasticsearch opensearch",
        composer="elasticsearch/elasticsearch",
    ),
    "an analytical store": dependency(
        npm="@clickhouse/client @google-cloud/bigquery snowflake-sdk",
        pypi="clickhouse-driver clickhouse-connect google-cloud-bigquery snowflake-connector-python",
        go="github.com/ClickHouse/clickhouse-go cloud.google.com/go/bigquery",
        gem="google-cloud-bigquery",
    ),
    "many services": at_least(5, file("Dockerfile", "Dockerfile.*", "*.Dockerfile", but_not=("**/.devcontainer/**",))),
}
"""Parts that each tax every change."""
FEW = 2
LIGHT = either(RULES[Fact.HTTP_API].clue, RULES[Fact.FRONTEND].clue)


def judge(look: Look) -> Verdict | None:
    """Present with two heavy parts at most; more is worth a thought and no fault."""
    found = {name: signals for name, clue in HEAVY.items() if (signals := clue.find(look))}
    evidence = tuple(signals[0] for signals in found.values()) or LIGHT.find(look)[:1]
    if not evidence:
        return None
    named = ", ".join(found) or "none was seen"
    return Verdict(Status.PRESENT if len(found) <= FEW else Status.PARTIAL, evidence, f"Heavy parts: {named}.")


PRACTICE = Practice(
    id="simple-stack",
    stage=Stage.PROTOTYPING,
    title="The stack is no bigger than the product needs",
    why="Each extra moving part makes every change dearer while nobody knows yet whether the product is right.",
    advice=(
        "Start with one repository, one app and one transactional store, and prefer a managed product to a cloud's raw parts.",
        "Delete workflows, charts and services that nothing uses; they can come back when something asks for them.",
    ),
    looked_for="orchestration, infrastructure code, brokers and further data stores",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.SELF),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    question="Which parts of the stack would you take out today?",
    judge=judge,
    uses=(*HEAVY.values(), LIGHT),
)
