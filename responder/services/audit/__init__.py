"""The audit log read and verified, and data that is kept no longer."""
