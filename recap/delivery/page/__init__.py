"""The customer's page: what it shows, and how it is made."""

from recap.delivery.page.content import CustomerPage, PageCard, PagePicture
from recap.delivery.page.templates import PageTemplates

__all__ = ["CustomerPage", "PageCard", "PagePicture", "PageTemplates"]
