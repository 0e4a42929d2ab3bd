"""The iCIMS adapter: pure request and reply code, a thin HTTP layer, and the ``Ats`` port on top.

``search``, ``shapes``, ``writes``, ``hmac_signing`` and ``errors`` know the protocol and touch
nothing; ``http``, ``credentials`` and ``quota`` carry it; ``client`` joins them. ``events`` and
``event_access`` read what iCIMS sends unasked.

API calls per application, first pull: its share of a search (1/1000), the application (1), the
person (1), the resume (1). iCIMS has no bulk read, search gives ids only, and every record is read
with one ``fields=`` list, so none of these can be saved. Afterwards an application that changed
costs one call, a person only when ``person.updateddate`` moved, a resume only when its person did,
and an unchanged application nothing. Once per client and quarter of an hour comes one schema read,
which tells a hidden field from an empty one.
"""

from core.icims.client import IcimsClient
from core.icims.credentials import (
    BasicCredentials,
    Credentials,
    HmacCredentials,
    OAuthCredentials,
)
from core.icims.event_access import BasicAccess, EventAccess, SignedAccess, TokenAccess
from core.icims.field_map import FieldMap, load_field_map, parse_field_map

__all__ = [
    "BasicAccess",
    "BasicCredentials",
    "Credentials",
    "EventAccess",
    "FieldMap",
    "HmacCredentials",
    "IcimsClient",
    "OAuthCredentials",
    "SignedAccess",
    "TokenAccess",
    "load_field_map",
    "parse_field_map",
]
