"""The numbers of the live line. docs/live.md tells them to strangers; keep the two alike."""

PAYLOAD_BYTES = 7_900
"""Of one NOTIFY; PostgreSQL refuses 8,000 and more."""

CURSOR_CHARACTERS = 6_000
"""Of a cursor: room for 250 transactions that run at the same moment."""

MISSED = 500
"""More missed messages than this are not sent: the page is told to read everything anew."""

MESSAGE_CHARACTERS = 32_768
"""Of one message from a client: 300 long topics and a cursor."""

TOPICS_PER_SOCKET = 300
TOPIC_CHARACTERS = 120

SUBSCRIBES_PER_SECOND = 2.0
"""In the long run; the next message is read later when a client asks more often."""

SUBSCRIBE_BURST = 20
MISTAKES = 10
"""After this many nonsensical messages the socket is closed."""

QUEUE = 1_000
"""Messages that may wait for one reader before it is dropped."""

SEND_SECONDS = 10.0
"""How long one message may take to leave before its reader is dropped."""

CLOSE_SECONDS = 1.0
"""How long a reader that is dropped may take to hear why."""

ANSWER_SECONDS = 10.0
"""How long the database may take to answer the listener."""

LISTEN_SECONDS = 5.0
"""How long a subscriber waits for a listener that is just connecting."""

BACK_OFF_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Waits between attempts of the listener to reach the database; the last one repeats."""

PULSE_SECONDS = 1.0
"""How often a relay says that it lives. Of several live processes with Redis."""

SILENT_SECONDS = 3.0
"""After so long, and up to a second more, followers of a silent relay listen by themselves."""

RELAY_SECONDS = 2.0
"""How long Redis may take for one message."""

RELAY_QUEUE = 10_000
"""Notifications that may wait for Redis before they are left out."""
