"""One file per thing that a person does: load, ask the domain, record."""
