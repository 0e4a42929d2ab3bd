"""``python -m core``: every process and command of the product."""

from core.cli import main

if __name__ == "__main__":
    main()
