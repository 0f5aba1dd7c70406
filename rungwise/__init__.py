"""Rungwise shows an organisation where its repositories stand in operational maturity, and what is worth doing next."""

__version__ = "0.1.0"
"""The same as in ``pyproject.toml``."""
