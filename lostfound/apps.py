from django.apps import AppConfig


class LostfoundConfig(AppConfig):
    name = "lostfound"

    def ready(self) -> None:
        from lostfound import counter, find_letters, find_panels, topics

        topics.register()
        counter.register()
        find_letters.register()
        find_panels.register()
