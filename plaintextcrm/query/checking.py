"""Is a query of the settings one that can be asked?"""

from datetime import date

from plaintextcrm.book.layout import columns
from plaintextcrm.model.errors import BadQuery
from plaintextcrm.model.settings import Fault, Settings
from plaintextcrm.query import Terms, compile_query

ANY_DAY = date(2000, 1, 1)  # whether a query can be read does not depend on the day


def fault_of(query: str, settings: Settings) -> Fault | None:
    """What is wrong with it under these settings, which may be new. What is wrong in another saved
    query is told there.
    """
    catalog = {column.name: column for column in columns(settings)}
    try:
        compile_query(query, Terms(catalog, settings, ANY_DAY))
    except BadQuery as error:
        if error.query != query:
            return None
        message, _stop, hint = error.what.partition(". ")
        message = f"{message[:1].lower()}{message[1:]}".rstrip(".")
        return Fault(error.column, message, f"{hint[:1].lower()}{hint[1:]}".rstrip("."))
    return None
