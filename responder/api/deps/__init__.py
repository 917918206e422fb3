"""Dependencies of endpoints: who asks, what they may do, what the process has."""
