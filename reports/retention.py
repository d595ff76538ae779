"""How long things are kept. One table; deeds write the resulting dates into the report."""

import datetime as dt

CAPABILITY = dt.timedelta(days=2 * 365)  # the reporter's own page
CONFIRMATION = dt.timedelta(days=7)  # the button that confirms an address
CONTACT_AT_MOST = dt.timedelta(days=2 * 365)  # from receipt, whatever happens
CONTACT_AFTER_CLOSING = dt.timedelta(days=90)
REPORT_AT_MOST = dt.timedelta(days=10 * 365)
REPORT_AFTER_CLOSING = dt.timedelta(days=3 * 365)
