"""One HTML page that needs nothing else: no script runs in it, nothing is fetched, one style holds."""

from base64 import b64encode
from hashlib import sha256
from html import escape

STYLE = """\
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
body { color: #1f2328; background: #fff; }
h1 { line-height: 1.2; }
h2 { margin-top: 2.5rem; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } }
@media print { body { margin: 0; max-width: none; padding: 0; color: #000; background: none; } }
"""


def page(title: str, body: str, style: str = "", language: str = "en") -> str:
    """A page of this title; `body` is HTML in which all texts are escaped, `style` is added to ours."""
    looks = f"\n{STYLE}{style}"
    digest = b64encode(sha256(looks.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return f"""\
<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>{looks}</style>
</head>
<body>
{body}
</body>
</html>
"""
