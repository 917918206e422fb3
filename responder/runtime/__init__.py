"""The processes: supervised, listening, serving, maintained."""
