"""Replace what identifies a person by stable tokens, and check what leaves for a model."""

from core.flow.pseudonymise.names import identities_of
from core.flow.pseudonymise.outgoing import check_outgoing
from core.flow.pseudonymise.people import name_like
from core.flow.pseudonymise.step import (
    PSEUDONYMISER_VERSION,
    Policy,
    Pseudonymised,
    pseudonymise,
)

__all__ = [
    "PSEUDONYMISER_VERSION",
    "Policy",
    "Pseudonymised",
    "check_outgoing",
    "identities_of",
    "name_like",
    "pseudonymise",
]
