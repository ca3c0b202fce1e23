"""The other sites that may know a colleague, in the module in which allauth looks for them."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.provider import FeishuProvider
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from foundation.absolute_urls import absolute_url


class _Called:
    """An adapter to which the other site leads back below SITE_URL, whatever host was asked for."""

    provider_id: str

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return where the other site leads back to."""
        return absolute_url("sign_on_callback", self.provider_id)


class OidcAdapter(_Called, OpenIDConnectOAuth2Adapter):
    """Any site that speaks OpenID Connect; its signature is looked at in every case."""

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        """Return the tokens; how they came here spares no look at their signature."""
        data = super().get_access_token_data(*args, **kwargs)
        self.did_fetch_access_token = False
        if not data.get("id_token"):
            raise OAuth2Error("there is no ID token")
        return data

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Return the log-in. Raises OAuth2Error where both halves of it are not about one person
        (OpenID Connect Core, 5.3.2)."""
        login = super().complete_login(request, app, token, **kwargs)
        data = login.account.extra_data
        if "userinfo" in data and data["userinfo"].get("sub") != data["id_token"].get("sub"):
            raise OAuth2Error("the user info is somebody else's")
        return login


class _FeishuClient(FeishuOAuth2Client):
    @property
    def app_access_token_url(self) -> str:
        return f"{settings.FEISHU_URL}/open-apis/auth/v3/app_access_token/internal/"


class FeishuAdapter(_Called, FeishuOAuth2Adapter):
    """Feishu, or Lark: an app of one organisation, which its members alone can use."""

    @property
    def authorize_url(self) -> str:
        """Return where a colleague is asked."""
        return f"{settings.FEISHU_URL}/open-apis/authen/v1/index"

    @property
    def access_token_url(self) -> str:
        """Return where a code is given for a token."""
        return f"{settings.FEISHU_URL}/open-apis/authen/v1/access_token"

    @property
    def user_info_url(self) -> str:
        """Return where it is asked whose token it is."""
        return f"{settings.FEISHU_URL}/open-apis/authen/v1/user_info"

    def get_client(self, request: HttpRequest, app: Any) -> FeishuOAuth2Client:
        """Return who speaks with Feishu."""
        return _FeishuClient(
            request,
            app.client_id,
            app.secret,
            self.access_token_method,
            self.access_token_url,
            self.get_callback_url(request, app),
        )


class DingTalkAdapter(_Called, DingTalkOAuth2Adapter):
    """DingTalk; anybody who has it can use an app, so the organisation is looked at."""

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Return the log-in. Raises OAuth2Error for members of another organisation."""
        if kwargs["response"].get("corpId") != settings.DINGTALK_CORP_ID:
            raise OAuth2Error("another organisation")
        return super().complete_login(request, app, token, **kwargs)


class Oidc(OpenIDConnectProvider):
    """OpenID Connect by our adapter."""

    oauth2_adapter_class = OidcAdapter


class Feishu(FeishuProvider):
    """Feishu by our adapter."""

    oauth2_adapter_class = FeishuAdapter


class DingTalk(DingTalkProvider):
    """DingTalk by our adapter."""

    oauth2_adapter_class = DingTalkAdapter


provider_classes = [Oidc, Feishu, DingTalk]
