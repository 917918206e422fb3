"""The report on a drill: one self-contained HTML file, and a PDF printed from it."""
