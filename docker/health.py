"""A container's health: ``health.py URL [PART]``.

Succeeds when the URL answers well; with PART, when the JSON it answers also calls that part of
Airflow healthy.
"""

import json
import sys
import urllib.request


def main(url: str, part: str = "") -> int:
    """Exit code 0 when healthy, 1 when not, with one line that says why not."""
    # Straight to the neighbour, whatever proxy this machine has for the world outside.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            body = answer.read()
    except OSError as error:
        print(f"{url}: {error}")
        return 1
    status = json.loads(body)[part]["status"] if part else "healthy"
    if status != "healthy":
        print(f"{part} is {status}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
