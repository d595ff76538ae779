"""Letters of one answer to many reports: one for each mailbox, whatever it reported or follows."""

from __future__ import annotations

from dataclasses import replace

from townhall.letters import Draft
from townhall.mailboxes import Mailbox


def told_once(draft: Draft, once: object) -> Draft:
    """`once` names the answer. The first of its letters to a mailbox is posted, no other."""
    return replace(draft, key=f"once:{once}:{Mailbox.of(draft.to).address}"[:200])
