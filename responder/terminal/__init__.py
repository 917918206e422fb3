"""What commands and processes share: console, database URL, logs."""
