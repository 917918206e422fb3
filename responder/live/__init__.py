"""The live gateway, a process of its own: messages, snapshot, audience, hub, relay, gateway."""
