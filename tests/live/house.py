"""The real sockets with topics made for the tests. Imported by the server process only.

`scratch:NAME` is public and reads a table that the tests write themselves; `desk:USERNAME` is for
that member of staff; `secret:TOKEN` opens with a capability and is rung by its digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from config.asgi import application  # isort: skip  # first: it makes Django ready

from django.db import models

from townhall.live import MISSED, TopicKind, Visitor, missed_condition, register
from townhall.live.fields import TransactionIdField

__all__ = ["application"]


class Note(models.Model):
    topic = models.TextField()
    code = models.TextField()
    version = models.IntegerField()
    xid = TransactionIdField()

    class Meta:
        app_label = "townhall"
        db_table = "live_scratch"
        managed = False


class Scratch(TopicKind):
    prefix = "scratch"
    is_public: ClassVar[bool] = True

    def canonical(self, name: str) -> str:
        if not name.isalnum():
            raise ValueError(name)
        return name

    def may_join(self, user: Visitor, name: str) -> bool:
        return True

    def missed(self, cursor: str, names: Sequence[str], user: Visitor) -> list[Mapping[str, Any]]:
        topics = [f"{self.prefix}:{name}" for name in names]
        rows = Note.objects.filter(missed_condition(cursor), topic__in=topics)
        newest = rows.values("code").annotate(version=models.Max("version"))
        return [{"kind": "note", **row} for row in newest[: MISSED + 1]]


class Desk(Scratch):
    prefix = "desk"
    is_public = False

    def may_join(self, user: Visitor, name: str) -> bool:
        return user.is_authenticated and user.username == name


class Secret(Scratch):
    prefix = "secret"
    is_public = False

    def canonical(self, name: str) -> str:
        return hashlib.sha256(name.encode()).hexdigest()

    def may_join(self, user: Visitor, name: str) -> bool:
        return Note.objects.filter(topic=f"{self.prefix}:{name}").exists()


for kind in (Scratch(), Desk(), Secret()):
    register(kind)
