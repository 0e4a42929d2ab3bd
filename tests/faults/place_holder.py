"""Processes that hold a place until they are killed.

Run as a script it imports everything once, then for every line ``URL LIMIT person|other`` on its
input forks a process that says its number, takes a place and says which. They end with its input.
"""

import os
import signal
import sys

from tests.store_bench import HandClock, open_for


def hold(url: str, limit: str, who: str) -> None:
    """Take a place, say which, wait to be killed."""
    os.write(1, f"{os.getpid()}\n".encode())
    places = open_for(url, HandClock(), "4711").places(int(limit))
    place = places.take(person=who == "person", seconds=20)
    os.write(1, f"{place}\n".encode())
    while True:
        signal.pause()


def main() -> None:
    """Fork a holder for every line of input; end them all when the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        url, limit, who = line.split()
        child = os.fork()
        if child == 0:
            hold(url, limit, who)
        children.append(child)
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
