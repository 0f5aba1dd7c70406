"""What the pages are put together from: data, words, links and pictures."""
