"""Display names of this product's users, for screens only."""

from core.ports import UnitOfWork


def user_names(uow: UnitOfWork) -> dict[str, str]:
    """Map user ids to display names."""
    return {account.id: account.display_name for account in uow.accounts.all()}
