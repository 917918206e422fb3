"""Labels of shared facilities, as HTML and PDF."""
