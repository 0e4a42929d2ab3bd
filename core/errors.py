"""The error tree: every error says who can act on it and whether trying again can help.

Messages are written for the person named by ``audience``. They carry ids, never personal data.
"""

from enum import StrEnum

_LONGEST_ID = 40


class Audience(StrEnum):
    """Who can do something about an error."""

    USER = "user"
    TENANT_ADMIN = "tenant_admin"
    OPERATOR = "operator"


class CopilotError(Exception):
    """Base of every error this product raises on purpose."""

    audience = Audience.OPERATOR
    retryable = False


# --- The person at the screen can act ------------------------------------------------------


class UserError(CopilotError):
    """The request itself cannot be carried out; the message says what to change."""

    audience = Audience.USER


class InvalidInput(UserError):
    """A value is missing, malformed or out of range."""


class NotFound(UserError):
    """The record does not exist, or this person may not know that it does."""


class Unknown(NotFound):
    """What was asked for by its ``id`` is not there, or is not this person's to know of.

    One answer for both, naming nothing but what was asked for: ``what`` it is and its ``id``, of
    which 40 characters are kept.
    """

    def __init__(self, what: str, id: str) -> None:
        self.what, self.id = what, id if len(id) <= _LONGEST_ID else f"{id[:_LONGEST_ID]}…"
        super().__init__(f"{what} {self.id} does not exist or is not yours")


class NotAllowed(UserError):
    """The actor's role, kind or relation to the record does not permit the command."""


class SessionEnded(UserError):
    """The sign-in behind the request has expired, was idle too long or was revoked."""


class ApprovalRefused(UserError):
    """A proposal cannot be approved or undone as asked."""


class ContentChanged(ApprovalRefused):
    """The hash the person was shown is not the hash of the proposal as it is now."""


class ProposalExpired(ApprovalRefused):
    """The proposal is past its expiry."""


class RecordMoved(ApprovalRefused):
    """The iCIMS record changed since the proposal was made or approved."""


class CriteriaRefused(UserError):
    """A criterion is not lawful or not complete; the message names it."""


class DocumentRefused(UserError):
    """A file cannot be read: broken, encrypted, empty, too large or of an unknown kind."""


class ReadingStopped(DocumentRefused):
    """Reading took too long: the file's fault or a busy machine's, so it may be tried again."""

    retryable = True


# --- The tenant's iCIMS administrator can act ----------------------------------------------


class TenantError(CopilotError):
    """The iCIMS connection or its configuration needs a change."""

    audience = Audience.TENANT_ADMIN


class FieldMapInvalid(TenantError):
    """The field map is unreadable or names fields the tenant does not have."""


class AtsDenied(TenantError):
    """iCIMS refused the credentials or hides the record from the integration user."""


class AtsRejected(TenantError):
    """iCIMS understood the request and refused it; ``fields`` names what it asked for."""

    def __init__(self, message: str, *, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class QuotaExhausted(TenantError):
    """The daily iCIMS request budget, or the share open to this work, is used up."""

    retryable = True

    def __init__(self, message: str, *, resets_in: float) -> None:
        super().__init__(message)
        self.resets_in = resets_in


# --- The operator can act, or time will -----------------------------------------------------


class OutsideError(CopilotError):
    """An outside service failed in a way that may pass."""

    retryable = True


class AtsUnavailable(OutsideError):
    """iCIMS did not answer, or answered with a server error or something unreadable."""


class WriteInDoubt(OutsideError):
    """A write was sent but its fate is unknown: read the record back before anything else."""


class WorkStopped(OutsideError):
    """The worker is to end or the work was cancelled: leave off here, somebody goes on later."""

    def __init__(self, message: str = "stopped; it goes on later") -> None:
        super().__init__(message)


class StoreUnavailable(OutsideError):
    """The database did not answer, or could not take the transaction now."""


class BrokerUnavailable(OutsideError):
    """The message broker did not take what it was told; the jobs are still in the table."""


class ModelUnavailable(OutsideError):
    """The language model did not give a usable reply."""


class ModelWithheld(ModelUnavailable):
    """A language model was not asked, on purpose; the message is a sentence that says why."""


class IntegrityError(CopilotError):
    """A safeguard found something that must not be; work stops."""


class LeakDetected(IntegrityError):
    """Text bound for a model still holds something that identifies a person."""


class ChainBroken(IntegrityError):
    """The audit log does not verify; the message names the row."""
