"""Run drills: start, steer, report, observe, and give injects when they are due."""
