"""HTTP: one file per noun, authentication, and the table from error to status."""
