"""Completes the API's description: what every door may answer, with an example of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation

from frontend.problems import CONTENT_TYPE, document

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457, in the language of Accept-Language (de, en).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Field → sentences; only where single fields are to blame.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "blocked": {
            "type": "object",
            "description": "With 422 of a report that is not to be sent: whom to call instead.",
            "properties": {
                "title": {"type": "string"},
                "text": {"type": "string"},
                "call": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/NumberShape"},
                },
            },
        },
        "report": {
            "allOf": [{"$ref": "#/components/schemas/CaseAnswer"}],
            "description": "With 409 and 412 of a deed: what is true now.",
        },
    },
}
# Whatever a door does, these may come of it.
_ALWAYS = {
    406: "No such format: only JSON",
    500: "A fault of ours",
    503: "Too busy, or the database is away; Retry-After says when to come again",
}
_WITH_INPUT = {400: "Bad input, with a sentence per field"}
_WITH_NAME = {404: "Nothing here that you may see"}
_WITH_BODY = {
    408: "The body came too slowly",
    413: "The body is too large",
    415: "The body is in no format of this door",
    429: "Too often; Retry-After says when to come again",
}
_RATE_LIMIT = {
    "RateLimit-Policy": '`"reports";q=120;w=3600`: 120 in an hour',
    "RateLimit": '`"reports";r=119;t=30`: 119 are left, all of them again in 30 s',
}


def complete(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    with translation.override("en"):
        for path, method, operation in _operations(result):
            _tell_problems(path, method, operation)
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, doors in result["paths"].items():
        for method, operation in doors.items():
            yield path, method, operation


def _tell_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    answers: dict[str, Any] = operation["responses"]
    expected = dict(_ALWAYS)
    if "parameters" in operation or "requestBody" in operation:
        expected |= _WITH_INPUT
    if "{" in path or path.endswith("/areas/"):
        expected |= _WITH_NAME
    if method in {"post", "put", "patch", "delete"}:
        expected |= _WITH_BODY
    for status, words in expected.items():
        answers.setdefault(str(status), {"description": words})
    for code, answer in answers.items():
        if int(code) >= 400:
            answer["content"] = {CONTENT_TYPE: _example(int(code))}
        elif method == "post":
            answer["headers"] = {
                name: {"schema": {"type": "string"}, "description": words}
                for name, words in _RATE_LIMIT.items()
            }
    operation["responses"] = dict(sorted(answers.items()))


def _example(status: int) -> dict[str, Any]:
    errors = {"lat": ["This field is required."]} if status == 400 else {}
    detail = "This field is required." if errors else ""
    value = document(status, detail=detail, errors=errors)
    return {"schema": {"$ref": "#/components/schemas/Problem"}, "example": value}
