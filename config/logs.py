"""What logs may not hold."""

import logging
import re

_CAPABILITY = re.compile(r"(/r/)[^/\s?\"']+")


class WithoutCapabilities(logging.Filter):
    """Hides the tokens of residents' own pages: whoever has one may edit and withdraw."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        hidden = _CAPABILITY.sub(r"\1…", text)
        if hidden != text:
            record.msg, record.args = hidden, None
        return True
