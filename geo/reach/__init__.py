"""Who can be there in time, and why: the model, its results and their explanations."""
