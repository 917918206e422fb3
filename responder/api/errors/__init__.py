"""Errors as HTTP answers: statuses, problem documents, exception handlers."""
