"""Is everything flowing: what comes in, what waits, what was given up."""

from core.domain.actor import Role
from core.ui.components.operations.board import board
from core.ui.guard import guard

actor = guard(Role.ADMIN)
board()
