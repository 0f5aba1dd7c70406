"""Protecting the app from yourself."""
