"""The services by which people are told, as local servers that can also behave badly."""

from tests.services_of_others.services import Account, ServicesOfOthers, services_of_others
from tests.services_of_others.unreliable import Fault, Unreliable

__all__ = ["Account", "Fault", "ServicesOfOthers", "Unreliable", "services_of_others"]
