import json
import logging
import sys

from dxportal.core.tracing import job_id, request_id
from dxportal.logging import JsonFormatter, TraceFilter


def line(message="保存しました", *args, **fields):
    record = logging.LogRecord("dxportal.test", logging.INFO, __file__, 1, message, args, fields.pop("exc_info", None))
    vars(record).update(fields)
    TraceFilter().filter(record)
    return JsonFormatter().format(record)


def test_a_line_is_one_json_object_with_readable_japanese():
    text = line("%s件", 3)

    assert "\n" not in text
    assert json.loads(text)["message"] == "3件"
    assert "3件" in text


def test_a_line_carries_the_ids_of_request_and_job():
    tokens = request_id.set("request-1"), job_id.set("job-1")
    try:
        shown = json.loads(line())
    finally:
        request_id.reset(tokens[0])
        job_id.reset(tokens[1])

    assert (shown["request_id"], shown["job_id"]) == ("request-1", "job-1")
    assert "request_id" not in json.loads(line())


def test_extras_that_may_be_personal_are_left_out():
    assert "taro" not in line(user="taro@example.jp", request="GET /?name=taro", status_code=500)
    assert json.loads(line(status_code=500))["status_code"] == 500


def test_an_exception_stays_on_its_line():
    try:
        raise ValueError("だめ")
    except ValueError:
        text = line(exc_info=sys.exc_info())

    assert "\n" not in text
    assert "ValueError: だめ" in json.loads(text)["exception"]
