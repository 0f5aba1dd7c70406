"""Collectors look at repositories and report signals. They never judge what they see."""
