from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "house"


class SetUpConfig(AdminConfig):
    """The set-up pages, without tables of libraries that nobody should change by hand."""

    def ready(self) -> None:
        super().ready()
        for model in (
            "mfa.Authenticator",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "procrastinate.ProcrastinateJob",
        ):
            table = apps.get_model(model)
            if admin.site.is_registered(table):
                admin.site.unregister(table)
