"""The routes of the door: all of them in the admin, and no more than are used. Names with
`account_` and `mfa_` are those that allauth looks for; single sign-on is nowhere (404) where no
setting names a site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import path

from accounts.views import log_in, passwords, second_factor, sessions, sign_on


def staff(view: Any) -> Any:
    """Return a view for who is in, and the log-in for who is not."""
    return admin.site.admin_view(view)


SIGN_ON = [
    path("admin/login/with/<slug:provider>/", sign_on.sign_on, name="sign_on"),
    path("admin/me/with/<slug:provider>/", staff(sign_on.join), name="sign_on_join"),
    path("admin/login/with/<slug:provider>/back/", sign_on.callback, name="sign_on_callback"),
]
ROUTES = [
    path("admin/login/", log_in.LogInView.as_view(), name="account_login"),
    path("admin/login/code/", second_factor.CodeView.as_view(), name="mfa_authenticate"),
    path("admin/login/passkey/", log_in.PasskeyLogInView.as_view(), name="mfa_login_webauthn"),
    path("admin/login/forgotten/", passwords.forgotten, name="admin_password_reset"),
    path("admin/login/new/<str:token>/", passwords.set_password, name="set_password"),
    path("admin/password_change/", staff(passwords.change)),
    path("admin/me/", staff(second_factor.OwnLogInView.as_view()), name="mfa_index"),
    path(
        "admin/me/password/",
        staff(second_factor.PasswordAgainView.as_view()),
        name="account_reauthenticate",
    ),
    path("admin/me/code/", staff(second_factor.CodeAgainView.as_view()), name="mfa_reauthenticate"),
    path(
        "admin/me/passkey/",
        staff(second_factor.PasskeyAgainView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("admin/me/app/", staff(second_factor.AddAppView.as_view()), name="mfa_activate_totp"),
    path(
        "admin/me/app/remove/",
        staff(second_factor.RemoveAppView.as_view()),
        name="mfa_deactivate_totp",
    ),
    path(
        "admin/me/passkeys/add/",
        staff(second_factor.AddPasskeyView.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "admin/me/passkeys/<int:pk>/remove/",
        staff(second_factor.RemovePasskeyView.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "admin/me/passkeys/<int:pk>/rename/",
        staff(second_factor.RenamePasskeyView.as_view()),
        name="mfa_edit_webauthn",
    ),
    path(
        "admin/me/codes/",
        staff(second_factor.RecoveryCodesView.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "admin/me/codes/new/",
        staff(second_factor.NewRecoveryCodesView.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("admin/me/sessions/", staff(sessions.end_own), name="end_sessions"),
    path(
        "admin/auth/user/<int:user_id>/sessions/", staff(sessions.of_colleague), name="sessions_of"
    ),
    path(
        "admin/auth/user/<int:user_id>/sign-ons/<int:pk>/end/",
        staff(sign_on.end_of_colleague),
        name="sign_on_end",
    ),
]
urlpatterns = [*ROUTES, *SIGN_ON]
