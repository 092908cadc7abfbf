"""``python -m keyaccount`` is the command line."""

import sys

from keyaccount.cli import main

sys.exit(main())
