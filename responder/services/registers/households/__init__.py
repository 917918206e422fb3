"""Households: who lives behind a door and needs help to get out."""
