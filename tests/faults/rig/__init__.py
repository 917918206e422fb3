"""The rig that looks for lost and misdirected alerts: a town, robot devices, a driver, an oracle, a checker."""
