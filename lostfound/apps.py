from django.apps import AppConfig


class LostfoundConfig(AppConfig):
    name = "lostfound"
