"""Areas within a travel time, drawn on a grid."""
