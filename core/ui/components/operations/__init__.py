"""The work behind the screens."""
