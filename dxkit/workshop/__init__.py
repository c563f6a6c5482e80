"""A sitting at a case: who sees and changes what, as plain messages that any page can carry."""

from dxkit.workshop.seeing.visitors import Visitor, visitor
from dxkit.workshop.session import Session

__all__ = ["Session", "Visitor", "visitor"]
