"""A generated world for the iCIMS sandbox: two customers, their jobs, people and papers.

Nothing is stored. Every record and every file follows from (seed, number of people, date) and its
own id, so a million people cost no more memory than a hundred.
"""

from core.sandbox.icims.world.demo import DEFAULT_PEOPLE, DemoWorld

__all__ = ["DEFAULT_PEOPLE", "DemoWorld"]
