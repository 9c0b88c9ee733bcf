"""The chips' colours for the states of an answer sheet; the word always stands beside."""

from assessments.enums import ResponseState

TONES = {
    ResponseState.NOT_STARTED: "gray",
    ResponseState.IN_PROGRESS: "blue",
    ResponseState.IN_REVIEW: "purple",
    ResponseState.SUBMITTED: "green",
    ResponseState.CONFIRMED: "green",
    ResponseState.RETURNED: "red",
}
