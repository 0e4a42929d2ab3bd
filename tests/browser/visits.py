"""Every screen there is, as an address that somebody opens on the in-memory App."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visit:
    """Who opens which address."""

    name: str
    path: str
    who: str = "rosa"


VISITS = (
    Visit("requisitions", "/requisitions"),
    Visit("pipeline", "/pipeline?req=1017"),
    Visit("application", "/application?app=20001"),
    Visit("compare", "/compare?apps=20001&apps=20002&apps=20003"),
    Visit("queue", "/queue"),
    Visit("criteria", "/criteria?req=1017"),
    Visit("approvals", "/approvals"),
    Visit("audit_log", "/audit_log", "carla"),
    Visit("prompts", "/prompts", "adam"),
    Visit("what_left", "/what_left", "carla"),
    Visit("what_left_run", "/what_left?run=run-1", "carla"),
    Visit("connection", "/connection", "adam"),
    Visit("operations", "/operations", "adam"),
    Visit("users", "/users", "adam"),
    Visit("controls", "/controls", "adam"),
    Visit("password", "/password"),
)
SIGN_IN = Visit("sign_in", "/")
STATES = ("full", "empty", "failing")
