from consultations.models.action import Action, ActionTransition

__all__ = ["Action", "ActionTransition"]
