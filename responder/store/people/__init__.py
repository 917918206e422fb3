"""Tables and queries of people: accounts, memberships, sessions, invitations."""
