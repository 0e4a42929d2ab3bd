"""The steps every piece of AI work passes, one module or package each; no step imports another."""
