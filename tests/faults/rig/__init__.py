"""The rig that looks for lost and misdirected alerts: town, robot devices, driver, oracle and checker."""
