"""Bulletins, and the topics that readers follow in them."""

from publications.models.bulletin import Bulletin
from publications.models.colleague import Membership, Role
from publications.models.topic import Alias, Topic, key_of

__all__ = ["Alias", "Bulletin", "Membership", "Role", "Topic", "key_of"]
