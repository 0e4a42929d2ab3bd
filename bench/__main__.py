"""Run every measurement, one process each: ``python -m bench`` (``make bench``)."""

import subprocess
import sys

MODULES = (
    "extract",
    "identity",
    "leaks",
    "swaps",
    "ranking",
    "verdicts",
    "end_to_end",
    "store",
    "events_in",
    "drain",
    "pages",
    "clicks",
    "rate",
)


def main() -> None:
    """Run them in turn; the exit code is the worst one."""
    worst = 0
    for name in MODULES:
        print(f"== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode)
    sys.exit(worst)


if __name__ == "__main__":
    main()
