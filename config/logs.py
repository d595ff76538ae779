"""What logs may not hold, and how their lines look."""

import json
import logging
import re
from datetime import UTC, datetime

# By their doors, and by their length behind any other (townhall/capabilities.py): 43 characters.
_CAPABILITY = re.compile(
    r"(/(?:r|own|meine|gefahr|alarms|betrifft|folgen|voices)/)[^/\s?\"']+|(?<=/)[\w-]{43}(?![\w-])"
)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*", re.ASCII)
# PostgreSQL explains an error by the row that caused it.
_ROW = re.compile(r"^(\s*(?:DETAIL|CONTEXT|HINT):).*$", re.MULTILINE)


def hide(text: str) -> str:
    """Without tokens of residents' own pages, mail addresses and rows of the database."""
    return _ROW.sub(r"\1 …", _ADDRESS.sub("…@…", _CAPABILITY.sub(_without, text)))


def _without(found: re.Match[str]) -> str:
    return f"{found[1] or ''}…"


class WithoutCapabilities(logging.Filter):
    """Hides the tokens of residents' own pages: whoever has one may read, edit and withdraw."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        hidden = _CAPABILITY.sub(_without, text)
        if hidden != text:
            record.msg, record.args = hidden, None
        return True


class Lines(logging.Formatter):
    """For people: one line, and under it what went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))


class JsonLines(logging.Formatter):
    """For collectors: one JSON object per line, whatever is in the message."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": hide(record.getMessage()),
            "process": record.process,
        }
        if record.exc_info:
            facts["error"] = record.exc_info[0].__name__ if record.exc_info[0] else ""
            facts["traceback"] = hide(self.formatException(record.exc_info))
        return json.dumps(facts, ensure_ascii=False)
