"""A sitting at a case: who sees and changes what, as plain messages that any page can carry."""

from dxkit.workshop.session import Session
from dxkit.workshop.visitors import Visitor, visitor

__all__ = ["Session", "Visitor", "visitor"]
