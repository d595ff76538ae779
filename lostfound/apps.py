from django.apps import AppConfig


class LostfoundConfig(AppConfig):
    name = "lostfound"

    def ready(self) -> None:
        from lostfound import (
            belongings,
            claim_letters,
            counter,
            deadline_panels,
            entitlement_letters,
            find_letters,
            find_origin,
            find_panels,
            listing_panel,
            loss_letters,
            loss_panel,
            match_panel,
            privacy,
            release_panels,
            report_origin,
            storage_panel,
            topics,
        )
        from lostfound.views import desk

        topics.register()
        claim_letters.register()
        counter.register()
        desk.register()
        deadline_panels.register()
        entitlement_letters.register()
        find_letters.register()
        find_origin.register()
        find_panels.register()
        listing_panel.register()
        loss_letters.register()
        loss_panel.register()
        match_panel.register()
        release_panels.register()
        report_origin.register()
        storage_panel.register()
        belongings.register()
        privacy.register()
