"""Repositories of drills: plans, runs, replays, observations, records and findings."""
