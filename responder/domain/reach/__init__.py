"""What reach rests on and what is worked out from it: profiles, criticality."""
