from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TownhallConfig(AppConfig):
    name = "townhall"
    verbose_name = _("Town hall")

    def ready(self) -> None:
        from townhall.models import AccountEvent
        from townhall.trail import trails

        trails.register(trails.Trail("account", AccountEvent, "user", ("kind", "at")))
