"""Sums of money: currencies stand apart, but where the settings give a rate."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from plaintextcrm.model.dates import Money
from plaintextcrm.model.settings import Settings

_CENTS = Decimal("0.01")


def money(amount: float, currency: str) -> Money:
    """An amount of the book, to the cent."""
    exact = Decimal(amount).quantize(_CENTS)
    whole = exact.to_integral_value()
    return Money(whole if whole == exact else exact, currency)


def sums(amounts: Iterable[tuple[float, str]], settings: Settings) -> tuple[Money, ...]:
    """The sum in each currency, after the settings' rates; the settings' own currency comes first."""
    found: dict[str, float] = defaultdict(float)
    for amount, currency in amounts:
        converted, into = settings.converted(amount, currency)
        found[into] += converted
    order = sorted(found, key=lambda one: (one != settings.currency.upper(), one))
    return tuple(money(found[currency], currency) for currency in order)


def apart(currencies: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """What is to be said of amounts that could not be added up, if anything."""
    known = {settings.converted(1, currency)[1] for currency in currencies}
    others = sorted(known - {settings.currency.upper()})
    if len(known) < 2:
        return ()
    named = ", ".join(one or "no currency" for one in others)
    return (f"Amounts in {named} stand apart: `rates` of the settings turn currencies into one.",)
