"""`/metrics` in the text format of Prometheus: numbers alone, and only for those who may read them."""

import secrets
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import groupby
from typing import Any

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from gdt import jobs, outgoing
from gdt.access import public
from gdt.certification.log.queries import count_entries
from gdt.operation.request_counts import BUCKETS, RequestCounts

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def init_app(app: Flask) -> None:
    app.extensions["request_counts"] = RequestCounts(app.config["DATA_DIR"] / "metrics.db")
    app.before_request(_begin)
    app.after_request(_count)


@public
def metrics() -> ResponseReturnValue:
    """Counters of requests, long work, mails and certificates; for anybody else there is nothing here."""
    if not (_has_token() or _is_allowed_address()):
        abort(404)
    registry = CollectorRegistry()
    registry.register(_Everything())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").encode()
    return token is not None and secrets.compare_digest(given, f"Bearer {token}".encode())


def _is_allowed_address() -> bool:
    """Behind a proxy everybody has the proxy's address, so a forwarded request needs the token."""
    if any(header in request.headers for header in _FORWARDED) or not request.remote_addr:
        return False
    here = ip_address(request.remote_addr)
    return any(here in ip_network(allowed) for allowed in current_app.config["METRICS_ALLOW"])


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    counts: RequestCounts = current_app.extensions["request_counts"]
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    counts.add(request.endpoint or "none", request.method, response.status_code, seconds)
    return response


class _Everything(Collector):
    """All metrics, read at the moment somebody asks."""

    def collect(self) -> Iterator[Metric]:
        yield from _requests(current_app.extensions["request_counts"].read())
        waiting = GaugeMetricFamily("gdt_jobs_unfinished", "Long work to be done, by kind", labels=["kind"])
        for kind, count in jobs.count_unfinished().items():
            waiting.add_metric([kind], count)
        mails = GaugeMetricFamily("gdt_mails", "Mails by state", labels=["state"])
        for state, count in outgoing.count_by_state().items():
            mails.add_metric([state], count)
        entries = CounterMetricFamily("gdt_log_entries", "Entries of the log: issued, revoked, replaced")
        entries.add_metric([], count_entries())
        yield from (waiting, mails, entries)


def _requests(rows: list[Any]) -> Iterator[Metric]:
    labels = ["route", "method", "status"]
    requests = CounterMetricFamily("gdt_requests", "Requests answered", labels=labels)
    durations = HistogramMetricFamily("gdt_request_seconds", "How long answers took", labels=labels[:2])
    for (route, method, status), found in groupby(rows, key=lambda row: row[:3]):
        requests.add_metric([route, method, str(status)], sum(row[4] for row in found))
    for place, found in groupby(rows, key=lambda row: row[:2]):
        took = list(found)
        upto = [(_bound(b), sum(row[4] for row in took if row[3] <= b)) for b in BUCKETS]
        durations.add_metric(list(place), upto, sum_value=sum(row[5] for row in took))
    yield from (requests, durations)


def _bound(seconds: float) -> str:
    return "+Inf" if seconds == float("inf") else str(seconds)
