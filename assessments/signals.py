"""What rooms above may listen to. Always sent after the commit, so a receiver reads what is stored.

``response_moved``: response_id, survey_id, organization_id, from_state, to_state.
``survey_changed``: survey_id, state.
``tiers_changed``: survey_id; a run came into force, or a classification moved, was adjusted or published.
"""

from django.dispatch import Signal

response_moved = Signal()
survey_changed = Signal()
tiers_changed = Signal()
