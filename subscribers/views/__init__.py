"""The readers' pages."""

from subscribers.views.entrance import sign_up, signed_up
from subscribers.views.readers import confirm, leave, pause, preferences, stop

__all__ = ["confirm", "leave", "pause", "preferences", "sign_up", "signed_up", "stop"]
