from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import correspondence, topics

        topics.register()
        correspondence.register()
