"""People: accounts, roles and permissions, partners, invitations."""
