"""Where the development data is."""

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Return the folder named by ``COPILOT_BENCH_DATA``; exits with a sentence without it."""
    name = os.environ.get("COPILOT_BENCH_DATA", "")
    folder = Path(name)
    if not name or not folder.is_dir():
        sys.exit("Set COPILOT_BENCH_DATA to the folder with the development data.")
    return folder
