"""The catalogue: a folder for each stage, a file for each practice, so that the listing is the ladder."""
