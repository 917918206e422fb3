"""How long tests wait for others on a machine that does ten other things; what does not come, never comes."""

PATIENCE_S = 60.0
PATIENT = {"first_message_s": PATIENCE_S, "ping_timeout_s": PATIENCE_S}
"""Limits of a gateway that does not mistake a slow test for a client that says nothing."""
