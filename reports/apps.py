from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from geo.imports import echoes
        from reports import topics, trail
        from reports.desk import desk
        from reports.letters import correspondence, digest, returned
        from reports.personal import belongings, outsiders, privacy

        topics.register()
        trail.register()
        correspondence.register()
        digest.register()
        returned.register()
        belongings.register()
        outsiders.register()
        privacy.register()
        desk.register()
        echoes.register("reports.rerouting.echo")
