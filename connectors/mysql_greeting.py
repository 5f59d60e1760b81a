"""Whether a MariaDB or MySQL server answers at an address, asked with a limit of time.

DuckDB's scanner waits for a server's greeting as long as it takes: behind a firewall that drops
what we send, or at the port of something else, for ever.
"""

import socket

_PROTOCOLS = (9, 10)
_REFUSAL = 0xFF
"""Instead of a greeting, such as for too many connections; the scanner says it in words."""


class NoServerError(Exception):
    """No server of this kind answers there; the message says what does, in words of ours."""


def wait_for_greeting(host: str, port: int, seconds: float) -> None:
    """Returns once a server has greeted us. Raises ``NoServerError``."""
    try:
        with socket.create_connection((host, port), timeout=seconds) as line:
            # Length and number of the packet, then the version of the protocol.
            greeting = line.recv(5, socket.MSG_WAITALL)
    except TimeoutError:
        raise NoServerError("timed out while connecting") from None
    except OSError:
        raise NoServerError("Can't connect") from None
    if len(greeting) < 5 or greeting[4] not in (*_PROTOCOLS, _REFUSAL):
        raise NoServerError("no server of this kind")
