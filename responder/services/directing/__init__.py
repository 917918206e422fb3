"""An open incident directed: its stage, colour and place, what its recipients are told, its end."""
