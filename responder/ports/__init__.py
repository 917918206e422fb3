"""What the services need from outside: a clock, a database and the roads; `store` has them."""

from responder.ports.clock import Clock
from responder.ports.database import Database, DatabaseAwayError, Transaction
from responder.ports.roads import Roads

__all__ = ["Clock", "Database", "DatabaseAwayError", "Roads", "Transaction"]
