from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from geo.imports import echoes
        from reports import correspondence, topics

        topics.register()
        correspondence.register()
        echoes.register("reports.rerouting.echo")
