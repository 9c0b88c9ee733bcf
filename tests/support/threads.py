"""Works at once, as requests of two people are."""

import threading

from django.db import connection


def in_threads(*works):
    """Runs the works at once, each on a connection of its own; gives their results or exceptions."""
    results, start = {}, threading.Barrier(len(works))

    def run(number, work):
        start.wait(timeout=10)
        try:
            results[number] = work()
        except Exception as error:  # the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    [thread.start() for thread in threads]
    [thread.join(timeout=30) for thread in threads]
    return [results[number] for number in range(len(works))]
