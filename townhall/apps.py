from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TownhallConfig(AppConfig):
    name = "townhall"
    verbose_name = _("Town hall")
