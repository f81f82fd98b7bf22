"""`python -m plaintextcrm`: what git's hook and merge driver call, as it needs no PATH."""

from plaintextcrm.cli.main import main

main()
