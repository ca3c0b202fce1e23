"""Response headers for browsers and caches, beside Django's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp import decorators
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]
Policy = dict[str, list[str]]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# The admin has scripts, all of them files, and Django's style sheets hold small pictures.
ADMIN: Policy = {"script-src": [SELF], "connect-src": [SELF], "img-src": ["data:"]}
# A mail is styled line by line, and has its pictures by their whole addresses.
WITH_MAIL: Policy = {"style-src": [UNSAFE_INLINE], "img-src": [settings.SITE_URL]}
# A page of this site in a frame, such as a mail, keeps its own policy.
WITH_FRAME: Policy = {"frame-src": [SELF]}
MAIL: Policy = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, settings.SITE_URL],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}
# A browser shows a PDF in a page of its own, with styles.
PDF: Policy = MAIL | {"object-src": [SELF], "img-src": [SELF]}


def has_policy(policy: Policy) -> Callable[[View], View]:
    """Return a decorator: the view's policy is this one."""
    return cast("Callable[[View], View]", decorators.csp(policy))


def allows(policy: Policy) -> Callable[[View], View]:
    """Return a decorator: the view's page may do what `policy` says, beside what all may."""
    return cast("Callable[[View], View]", decorators.csp_update(policy))


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The middleware of django-csp, with scripts in the admin and nowhere else."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002
    ) -> PolicyParts:
        """Return the parts of the policy for a response."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            update: dict[str, Any] = dict(parts.update or {})
            for directive, sources in ADMIN.items():
                update[directive] = [*sources, *update.get(directive, [])]
            parts.update = update
        return parts


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Return middleware: no page uses a device of the visitor's, nor may anything in it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response

    return middleware


def cookies_vary(get_response: GetResponse) -> GetResponse:
    """Return middleware: a page for a visitor with a cookie of ours is theirs alone. Without a
    cookie it is the same for all, and does not say that it depends on one, so that a cache which
    passes on requests with cookies may keep it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            patch_vary_headers(response, ("Cookie",))
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_vary_headers(response, ("Cookie",))
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True)
        return response

    return middleware
