"""The editor of a journey logs in to the admin."""

from __future__ import annotations

from playwright.sync_api import Page


def log_in(page: Page, url: str) -> None:
    """By the name and the password that the journeys give their editor."""
    page.goto(f"{url}/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "for this journey only")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
