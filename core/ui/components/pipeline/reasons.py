"""Why an application waits for a person's eyes, in words: sign, title, what it means."""

from core.domain.routing import Eyes

REASONS = {
    Eyes.UNGRADED: ("visibility", "Could not be graded",
                    "Please read the document yourself. This says nothing about the person."),
    Eyes.UNSURE: ("help", "Little to go on", "The document leaves much of what was asked open."),
    Eyes.UNREADABLE: ("scan", "Poorly readable", "Parts of the document may have been misread."),
    Eyes.CLOSE_CALL: ("balance", "Close calls",
                      "A little more or less, and the next step to consider is another one."),
    Eyes.FLAGGED: ("flag", "Something odd in the document",
                   "Hidden text, text meant for a machine, broken characters or the like."),
}  # fmt: skip
