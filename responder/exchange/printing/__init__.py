"""PDFs from HTML: elements that escape what people wrote, printed by a process of its own."""
