"""The frame of every page: menu, acting membership, session limit, and the pages for failures."""
