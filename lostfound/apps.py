from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LostfoundConfig(AppConfig):
    name = "lostfound"
    verbose_name = _("Lost property office")

    def ready(self) -> None:
        from lostfound import counter, topics, trail
        from lostfound.claiming import letters as claim_letters
        from lostfound.ending import entitlement_letters
        from lostfound.ending import panels as deadline_panels
        from lostfound.finders import letters as find_letters
        from lostfound.finders import origin as find_origin
        from lostfound.finders import panels as find_panels
        from lostfound.losing import letters as loss_letters
        from lostfound.losing import match_panel
        from lostfound.losing import panel as loss_panel
        from lostfound.personal import belongings, privacy
        from lostfound.receiving import report_origin
        from lostfound.releasing import panels as release_panels
        from lostfound.searching import panel as listing_panel
        from lostfound.storing import panel as storage_panel
        from lostfound.views import desk

        topics.register()
        trail.register()
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
