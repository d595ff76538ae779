from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from geo.imports import echoes
        from reports import belongings, correspondence, desk, privacy, topics

        topics.register()
        correspondence.register()
        belongings.register()
        privacy.register()
        desk.register()
        echoes.register("reports.rerouting.echo")
