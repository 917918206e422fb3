"""What the services need from outside: a clock, a database and the roads; `store` has them."""

from responder.services.ports.clock import Clock
from responder.services.ports.database import Database, DatabaseAwayError, Transaction
from responder.services.ports.roads import Roads

__all__ = ["Clock", "Database", "DatabaseAwayError", "Roads", "Transaction"]
