"""Countries by the names that addresses and settings have for them, as their two letters."""

import re
from functools import lru_cache

from plaintextcrm.text.fold import fold

# What people write instead of the two letters: their own name, the English one, neighbours' ones. A name that
# is missing here means that nothing is known of numbers without a `+`.
_NAMES = {
    "AT": "austria, osterreich, rakousko, rakusko",
    "AU": "australia",
    "BE": "belgium, belgie, belgique, belgien",
    "BG": "bulgaria, balgariya, bulharsko",
    "BR": "brazil, brasil",
    "CA": "canada, kanada",
    "CH": "switzerland, schweiz, suisse, svizzera, svycarsko, svajciarsko",
    "CY": "cyprus, kypr",
    "CZ": "czechia, czech republic, the czech republic, cesko, ceska republika, cr, cze, tschechien,"
          " tschechische republik, czechy",
    "DE": "germany, deutschland, nemecko, niemcy, ger, deu, brd",
    "DK": "denmark, danmark, dansko",
    "EE": "estonia, eesti, estonsko",
    "ES": "spain, espana, spanelsko, hiszpania",
    "FI": "finland, suomi, finsko",
    "FR": "france, frankreich, francie, francja",
    "GB": "united kingdom, uk, great britain, britain, england, scotland, wales, velka britanie,"
          " wielka brytania, anglie",
    "GR": "greece, hellas, recko",
    "HR": "croatia, hrvatska, chorvatsko",
    "HU": "hungary, magyarorszag, madarsko, wegry",
    "IE": "ireland, eire, irsko",
    "IN": "india, bharat, indie",
    "IT": "italy, italia, italien, italie, taliansko, wlochy",
    "JP": "japan, nippon, japonsko",
    "LT": "lithuania, lietuva, litva, litwa",
    "LU": "luxembourg, luxemburg, lucembursko",
    "LV": "latvia, latvija, lotyssko",
    "MT": "malta",
    "MX": "mexico, mexiko",
    "NL": "netherlands, the netherlands, nederland, holland, nizozemsko, holandia, niederlande",
    "NO": "norway, norge, norsko, norwegia",
    "NZ": "new zealand",
    "PL": "poland, polska, polsko, polen, pol",
    "PT": "portugal, portugalsko",
    "RO": "romania, rumunsko",
    "RS": "serbia, srbija, srbsko",
    "SE": "sweden, sverige, svedsko, szwecja",
    "SI": "slovenia, slovenija, slovinsko",
    "SK": "slovakia, slovak republic, slovensko, slovenska republika, sr, svk, slowakei, slowacja",
    "TR": "turkey, turkiye, turecko",
    "UA": "ukraine, ukraina, ukrajina",
    "US": "usa, united states, united states of america, the united states, america, spojene staty",
}  # fmt: skip
_CODES = {name: code for code, names in _NAMES.items() for name in names.split(", ")}
_TWO = re.compile(r"[A-Za-z]{2}")


@lru_cache(maxsize=256)
def country_code(name: str) -> str:
    """`CZ` for `cz`, `Česko` or `Czech Republic`; empty where the name is not known."""
    plain = " ".join(fold(name).replace(".", "").split())
    return _CODES.get(plain) or (plain.upper() if _TWO.fullmatch(plain) else "")
