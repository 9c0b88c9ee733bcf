"""What rooms above may listen to. Always sent after the commit, so a receiver reads what is stored.

``response_moved``: response_id, survey_id, organization_id, from_state, to_state.
``answers_saved``: response_id, survey_id, organization_id.
``survey_changed``: survey_id, state.
"""

from django.dispatch import Signal

response_moved = Signal()
answers_saved = Signal()
survey_changed = Signal()
