"""Endpoints of channels: services, one's own contacts, answers without the page, and the proof."""
