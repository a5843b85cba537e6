"""What schemathesis sends an interface made after its own document: what fits it, and what does not."""

from collections.abc import Iterator, Sequence
from typing import Any

import schemathesis
from flask import Flask, g
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

# Each case may fail in its own way; these are what P13 promises: no server error, no break of the document.
PROMISED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "negative_data_rejection",
)


def attack(
    app: Flask,
    tokens: Sequence[str],
    known: dict[str, Any],
    *,
    examples: int,
    is_random: bool = False,
    only: str = "",
) -> Iterator[tuple[str, int, list[str]]]:
    """Yield (operation, requests sent, what broke); the tokens take turns at the operations.

    `known` are keys of records there are, by the name of their place in an address: each operation is sent
    half of its requests about these, half about anything.
    """
    schemathesis.checks.load_all_checks()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _as_if_alone(app))
    for turn, found in enumerate(schema.get_all_operations()):
        operation = found.ok()
        if not operation.label.endswith(only):
            continue
        here = {name: known[name] for name in known if f"{{{name}}}" in operation.path}
        sent, broken = 0, []
        for mode in GenerationMode:
            for fixed in (None, here) if here else (None,):
                strategy = operation.as_strategy(generation_mode=mode, path_parameters=fixed)
                count, failure = _tried(strategy, tokens[turn % len(tokens)], examples, is_random=is_random)
                sent, broken = sent + count, [*broken, *failure]
        yield operation.label, sent, broken


def _tried(strategy: Any, token: str, examples: int, *, is_random: bool) -> tuple[int, list[str]]:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    sent = 0

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=not is_random,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def probe(case: Any) -> None:
        nonlocal sent
        sent += 1
        names = PROMISED[:-1] if _sends_less_than_it_says(case) else PROMISED
        case.call_and_validate(headers=headers, checks=schemathesis.checks.CHECKS.get_by_names(names))

    try:
        probe()
    except Unsatisfiable:  # nothing about this operation can be wrong
        return sent, []
    except (Exception, BaseExceptionGroup) as error:  # each tool has kinds of its own
        return sent, [f"{error} {getattr(error, 'exceptions', '')!r}"]
    return sent, []


def _sends_less_than_it_says(case: Any) -> bool:
    """Whether what is wrong with a request does not reach the server: nothing stands in no address."""
    return any(value in ([], {}, None) for value in (case.query or {}).values())


def _as_if_alone(app: Flask) -> Any:
    """The application, whose every request begins with nothing in the `g` of the test around it."""

    def answer(environ: Any, start_response: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return app(environ, start_response)

    return answer
