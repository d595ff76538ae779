from django.apps import AppConfig


class LostfoundConfig(AppConfig):
    name = "lostfound"

    def ready(self) -> None:
        from lostfound import counter, topics

        topics.register()
        counter.register()
