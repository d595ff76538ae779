"""German lost-property law (§§ 965–984 BGB) as tables and pure functions.

Money is whole cents, days are civil dates of Europe/Berlin, working days are handed in. No Django,
no clock, no words for a screen: answers are codes with the paragraph they rest on. Not legal
advice; what is our own reading (`Certainty.READING`) is a setting in `Policy`.
"""

from lostfound.law.agenda import agenda
from lostfound.law.disposal import can_auction, next_steps
from lostfound.law.fees import fee
from lostfound.law.grounds import Answer, Certainty, Ground
from lostfound.law.kinds import Kind, handling
from lostfound.law.ownership import Course, Owner, Standing, standing
from lostfound.law.periods import finder_owns_from, last_day, local_day
from lostfound.law.policy import Policy
from lostfound.law.publication import can_publish, can_show_photo
from lostfound.law.regime import Regime, ruling
from lostfound.law.release import can_release
from lostfound.law.retention import retention_of
from lostfound.law.reward import finders_reward, reward_of

__all__ = [
    "Answer",
    "Certainty",
    "Course",
    "Ground",
    "Kind",
    "Owner",
    "Policy",
    "Regime",
    "Standing",
    "agenda",
    "can_auction",
    "can_publish",
    "can_release",
    "can_show_photo",
    "fee",
    "finder_owns_from",
    "finders_reward",
    "handling",
    "last_day",
    "local_day",
    "next_steps",
    "retention_of",
    "reward_of",
    "ruling",
    "standing",
]
