"""Visits of the page over a slow line: the line, the installation behind it, and the phone that visits."""
