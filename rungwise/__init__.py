"""Rungwise shows an organisation where its repositories stand in operational maturity, and what is worth doing next."""
