"""Prototyping."""
