"""Plan, rehearse and run drills, and learn from them."""
