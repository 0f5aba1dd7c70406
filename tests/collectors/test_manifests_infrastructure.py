"""Terraform, Compose, Dockerfiles, GitHub actions and Helm charts."""

from __future__ import annotations

from tests.collectors.manifest_samples import dependencies, fields, signals


def test_terraform() -> None:
    found = signals(
        "main.tf",
        """
        terraform {
          backend "s3" {
            bucket = "state" # resource "aws_commented" "x" {
          }
          required_providers {
            aws = {
              source  = "hashicorp/aws"
              version = "~> 6.0"
            }
            dd = { source = "DataDog/datadog" }
            random = "~> 3.0"
          }
        }
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "a" {
          policy = <<-JSON
            { "Resource": "arn:aws:s3:::x/*" "unbalanced
            resource "heredoc_thing" "x" {
          JSON
        }
        resource "aws_s3_bucket" "b" {
          arn = "arn:aws:s3:::b/*"
        }
        /* resource "aws_hidden" "x" {} */
        data "google_project" "p" {}
        module "vpc" {
          source = "terraform-aws-modules/vpc/aws"
        }
        resource "aws_sqs_queue" "jobs" {}
        """,
    )
    assert dependencies(found) == [
        ("terraform:aws", "runtime", 6),
        ("terraform:datadog", "runtime", 10),
        ("terraform:random", "runtime", 11),
        ("terraform:google", "runtime", 27),
    ]
    assert fields(found) == [
        ("terraform:backend", "s3", 2),
        ("terraform:module", "terraform-aws-modules/vpc/aws", 29),
        ("terraform:resource", "aws_s3_bucket", 17),
        ("terraform:resource", "aws_sqs_queue", 31),
    ]


def test_terraform_cloud_is_a_backend() -> None:
    assert fields(signals("main.tf", 'terraform {\n  cloud {\n    organization = "x"\n  }\n}\n')) == [
        ("terraform:backend", "cloud", 2)
    ]


def test_compose_images() -> None:
    found = signals(
        "docker-compose.yml",
        """
        x-worker: &worker
          image: registry.example.org:5000/acme/worker:1.2
        services:
          db:
            build: .
            image: "postgres:18-alpine"
          cache:
            image: docker.io/library/redis@sha256:abc
          search:
            image: ${PREFIX:-}${REGISTRY:-ghcr.io}/acme/search:${TAG}
          web:
            image: ${IMAGE}
          own:
            build: .
          worker:
            <<: *worker
        """,
    )
    assert dependencies(found) == [
        ("image:postgres", "runtime", 6),
        ("image:redis", "runtime", 8),
        ("image:search", "runtime", 10),
        ("image:ghcr.io/acme/search", "runtime", 10),
        ("image:worker", "runtime", 2),
        ("image:registry.example.org:5000/acme/worker", "runtime", 2),
    ]
    assert [(signal.name, signal.detail("service")) for signal in found if signal.name == "image:redis"] == [
        ("image:redis", "cache")
    ]
    assert fields(found) == [
        ("compose:service", name, line)
        for name, line in zip(("db", "cache", "search", "web", "own", "worker"), (4, 7, 9, 11, 13, 15), strict=True)
    ]


def test_two_equal_keys_are_no_error() -> None:
    assert dependencies(signals("compose.yml", "services:\n  a:\n    image: one\n    image: two\n")) == [
        ("image:two", "runtime", 4)
    ]


def test_dockerfile() -> None:
    found = signals(
        "Dockerfile",
        """
        # FROM commented
        ARG VERSION=24
        ARG BASE="debian"
        ARG FLAVOUR
        ARG MIRROR=""
        FROM --platform=$BUILDPLATFORM node:${VERSION} AS Build
        FROM build AS test
        FROM ${BASE}-slim
        FROM acme-${FLAVOUR}
        FROM ${MIRROR}gcr.io/distroless/static
        from scratch
        COPY --from=build /a /a
        """,
    )
    assert dependencies(found) == [
        ("image:node", "runtime", 6),
        ("image:debian-slim", "runtime", 8),
        ("image:static", "runtime", 10),
        ("image:gcr.io/distroless/static", "runtime", 10),
    ]
    assert all(signal.about == (("from", "dockerfile"),) for signal in found)


def test_action_and_chart() -> None:
    assert fields(signals("action.yml", "description: x\nname: Set up\nruns:\n  using: composite\n")) == [
        ("actions:name", "Set up", 2),
        ("actions:using", "composite", 4),
    ]
    assert fields(signals("Chart.yaml", "apiVersion: v2\nname: shop\ntype: application\n")) == [
        ("helm:name", "shop", 2),
        ("helm:type", "application", 3),
    ]
