"""What somebody sends about their own account."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """A code of the app (six digits) or of the paper (eight). Blanks don't count."""

    use_required_attribute = False
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={
            "required": _("Enter the code."),
            "max_length": _("A code has six digits, one from the paper eight."),
        },
    )

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split())
        if not (code.isascii() and code.isdigit() and len(code) in {6, 8}):
            raise forms.ValidationError(_("A code has six digits, one from the paper eight."))
        return code


class PasskeyForm(forms.Form):
    """What the browser made of the passkey; a script fills it in."""

    credential = forms.JSONField(
        error_messages={
            "required": _("The passkey was not read. Try again."),
            "invalid": _("The passkey was not read. Try again."),
        }
    )


class NewPasskeyForm(PasskeyForm):
    name = forms.CharField(label=_("Name of the passkey"), max_length=60, required=False)

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip() or str(_("Passkey"))


class PasswordForm(forms.Form):
    """One's own password, once more."""

    use_required_attribute = False
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        error_messages={"required": _("Enter your password.")},
    )


class NewPasswordForm(PasswordChangeForm):
    """Says in full sentences what is wrong."""

    use_required_attribute = False
    error_messages = {  # noqa: RUF012 - Django's name and type
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("That is not your present password. Type it once more."),
        "password_mismatch": _("The two new passwords differ. Type them once more."),
    }
