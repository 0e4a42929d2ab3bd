"""What people call an assessor; its version string stays what records are matched by."""

import re

_BUILT_IN = re.compile(r"built-?in[-/](\w[\w.]*)")
_MODEL = re.compile(r"model-\S+ prompt-(\S+) (\S+)")


def assessor_name(version: str) -> str:
    """Name an assessor in plain words, e.g. ``Built-in assessor, version 6``.

    What changed inside one version (word lists, embeddings) is not told apart here.
    """
    if found := _BUILT_IN.match(version):
        return f"Built-in assessor, version {found[1]}"
    if found := _MODEL.match(version):
        return f"AI model {found[2].partition('@')[0]}, instructions version {found[1]}"
    return f"Assessor {version}"
