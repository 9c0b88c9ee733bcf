"""The figures of a large case library: ``python -m bench.large FOLDER`` writes them there as bench.json."""

import os
import sys
from pathlib import Path
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 -- Django first

from bench import indexing, library, nation, searching  # noqa: E402
from bench.figures import write  # noqa: E402


def main(folder: Path) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    if not library.made_cases().exists():
        nation.people(Random(nation.SEED), nation.PREFECTURES, nation.PREFECTURES)  # noqa: S311 -- invented data
        library.load()
    figures = indexing.run()
    library.settle()
    write([*figures, *searching.run()], folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
