# SPDX-License-Identifier: Apache-2.0
"""A server with demo runs and the specimen, whose answers are held to the contract."""

import dataclasses
import http.client
import json
import re
import shutil
import tempfile
import unittest
import urllib.parse
from pathlib import Path
from typing import Any

from support.contract import Contract, Operation
from support.server import TRACES, Server, wait_until
from support.specimen import Specimen, small_runs

DEMO_SECONDS = 60
PAGED_SERVICE = "contract-pages"
PAGED_RUNS = 120
KEPT = ("views", "dashboards", "scores", "annotations")


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def content_type(self) -> str:
        return self.headers["Content-Type"]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclasses.dataclass(frozen=True)
class Request:
    """What an operation leaves open."""

    values: dict[str, str] = dataclasses.field(default_factory=dict)  # Of the path.
    query: dict[str, Any] = dataclasses.field(default_factory=dict)
    body: str | None = None
    content_type: str | None = None

    def target(self, path: str) -> str:
        for name, value in self.values.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe=""))
        return f"{path}?{urllib.parse.urlencode(self.query)}" if self.query else path

    def with_query(self, **query: Any) -> "Request":
        return dataclasses.replace(self, query=self.query | query)

    def with_value(self, name: str, value: str) -> "Request":
        return dataclasses.replace(self, values=self.values | {name: value})


class ServerTest(unittest.TestCase):
    """One server for all tests of a class."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.contract = Contract()
        cls.directory = Path(tempfile.mkdtemp(prefix="sightline-contract-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        config = cls.directory / "demo.toml"
        config.write_text("demo = true\n")
        server = Server(cls.directory / "data", config=config)
        cls.addClassCleanup(lambda: server.process is not None and server.kill())
        cls.server = server.start()
        cls.connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        cls.addClassCleanup(cls.connection.close)
        cls.specimen = Specimen()
        cls.send_otlp("/v1/traces", cls.specimen.traces())
        cls.send_otlp("/v1/logs", cls.specimen.logs())
        cls.send_otlp("/v1/metrics", cls.specimen.metrics())
        cls.send_otlp("/v1/traces", cls.specimen.slow_runs())
        cls.send_otlp("/v1/traces", cls.specimen.compared_runs())
        cls.send_otlp("/v1/traces", cls.specimen.blamed_runs())
        cls.send_otlp("/v1/traces", cls.specimen.baskets())
        cls.send_otlp("/v1/traces", small_runs(PAGED_SERVICE, PAGED_RUNS))
        cls.send_otlp("/v1/traces", cls.specimen.daily_runs())
        cls.send_otlp("/v1/traces", cls.specimen.strange_hour())
        cls.post_score({"trace_id": cls.specimen.trace_id, "name": "contract", "value": 0.75})
        cls.post_events(cls.specimen.heavy_run())
        cls.post_events(cls.specimen.open_run())
        cls.post_events(cls.specimen.young_run())

        def has_runs() -> bool:
            lists = [server.list_traces(status=s, limit=1) for s in ("completed", "failed")]
            return all(page["total"] > 1 for page in lists)

        wait_until(has_runs, DEMO_SECONDS, f"finished and failed demo runs; log:\n{server.log()}")

    @classmethod
    def send_otlp(cls, path: str, body: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", cls.server.ports["otlp_http"], timeout=30)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        if answer.status != 200 or answer.json() != {}:
            raise AssertionError(f"POST {path}: {answer.status} {answer.body!r}")

    @classmethod
    def post_score(cls, score: dict[str, Any]) -> None:
        answer = cls.ask("POST", "/api/v1/scores", {"Content-Type": "application/json"}, json.dumps(score))
        if answer.status != 200:
            raise AssertionError(f"POST scores: {answer.status} {answer.body!r}")

    @classmethod
    def post_events(cls, events: list[dict[str, Any]]) -> None:
        headers = {"Content-Type": "application/json"}
        answer = cls.ask("POST", "/api/v1/events", headers, json.dumps(events))
        if answer.status != 200 or answer.json()["rejected"]:
            raise AssertionError(f"POST events: {answer.status} {answer.body!r}")

    @classmethod
    def ask(
        cls, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> Answer:
        cls.connection.request(method, path, body, headers or {})
        return Answer(cls.connection.getresponse())

    def send(self, operation: Operation, request: Request, method: str | None = None) -> Answer:
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        target = request.target(operation.path)
        return self.ask(method or operation.method, target, headers, request.body)

    def check(self, operation: Operation, answer: Answer, where: str) -> Any:
        """Holds an answer to what the operation documents; gives its value."""
        documented = self.contract.response(operation, answer.status)
        self.assertIn(answer.content_type, documented["content"], where)
        self.check_request_id(answer, where)
        if answer.content_type != "application/json":
            return answer.body.decode()
        value = answer.json()
        schema = documented["content"]["application/json"]["schema"]
        faults = self.contract.faults(f"{operation} {answer.status}", schema, value)
        self.assertEqual(faults, [], where)
        return value

    def check_error(self, answer: Answer, status: int, part: str, where: str) -> None:
        self.assertEqual(answer.status, status, f"{where}: {answer.body[:300]!r}")
        self.assertEqual(answer.content_type, "application/json", where)
        self.assertEqual(self.contract.component_faults("Error", answer.json()), [], where)
        self.assertIn(part, answer.json()["detail"], where)
        self.check_request_id(answer, where)

    def check_request_id(self, answer: Answer, where: str) -> None:
        ids = answer.headers.get_all("X-Request-Id") or []
        self.assertEqual(len(ids), 1, where)
        self.assertRegex(ids[0], r"^[A-Za-z0-9._:-]{1,128}$", where)

    def operation(self, path: str, method: str = "GET") -> Operation:
        found = [o for o in self.contract.operations() if (o.path, o.method) == (path, method)]
        self.assertEqual(len(found), 1, path)
        return found[0]

    def get(self, path: str, values: dict[str, str] | None = None, **query: Any) -> Any:
        """The checked value of a documented GET."""
        operation, request = self.operation(path), Request(values or {}, query)
        return self.check_good(operation, request)

    def check_good(self, operation: Operation, request: Request) -> Any:
        where = f"{operation.method} {request.target(operation.path)}"
        if operation.method in ("DELETE", "PUT"):
            request = self.with_what_changes(operation, request)
        self.wait_for_repricings(operation)
        answer = self.send(operation, request)
        self.assertEqual(answer.status, 426 if operation.is_websocket else 200, answer.body[:300])
        return self.check(operation, answer, where)

    def with_what_changes(self, operation: Operation, request: Request) -> Request:
        """The request for something of its own, which is there for it alone."""
        if operation.path.endswith("/prices/{provider}/{model}"):
            if operation.method == "DELETE":
                self.set_price(operation, request)
            return request
        return dataclasses.replace(request, values=self.made(operation.path))

    def requests_of_datasets(self, operation: Operation) -> list[Request]:
        """Each for a dataset of its own that has examples."""
        made = self.made(operation.path)
        if operation.method == "PUT":
            return [dataclasses.replace(body, values=made) for body in example_bodies(operation)]
        if operation.method == "POST":
            run = {"trace_id": self.specimen.trace_id}
            sources = (run, run | {"span_id": self.specimen.span_id(2)})
            copied = [Request(made, {}, json.dumps(source), "application/json") for source in sources]
            return [*copied, *(dataclasses.replace(body, values=made) for body in example_bodies(operation))]
        return [Request(made)]

    def made(self, path: str) -> dict[str, str]:
        """Makes what the path names by ids of the server, one in the other, and gives the ids."""
        values: dict[str, str] = {}
        for place in re.finditer(r"/{(\w+)}", path):
            operation = self.operation(path[: place.start()], "POST")
            self.wait_for_repricings(operation)
            answer = self.send(operation, dataclasses.replace(example_bodies(operation)[0], values=values))
            self.assertEqual(answer.status, 200, answer.body)
            made, name = answer.json(), place[1]
            made = made["scores"][0] if "scores" in made else made
            values = values | {name: made.get(name) or made["id"]}
        return values

    def wait_for_repricings(self, operation: Operation) -> None:
        """Until the operation may begin another one."""
        if operation.method != "POST" or not operation.path.endswith("/reprice"):
            return

        def all_are_over() -> bool:
            jobs = self.server.get_json(operation.path)["repricings"]
            return all(job["state"] != "running" for job in jobs)

        wait_until(all_are_over, DEMO_SECONDS, "the end of a repricing")

    def set_price(self, operation: Operation, request: Request) -> None:
        """So that there is one to delete."""
        price: dict[str, Any] = {"prices": {"input": 1}}
        if start := request.query.get("effective_from"):
            price["effective_from"] = start
        headers = {"Content-Type": "application/json"}
        answer = self.ask("PUT", Request(request.values).target(operation.path), headers, json.dumps(price))
        self.assertEqual(answer.status, 200, answer.body)

    def good_requests(self, operation: Operation) -> list[Request]:
        """Requests that an operation answers with success; feeds as far as plain HTTP goes."""
        trace = {"trace_id": self.specimen.trace_id}
        span = trace | {"span_id": self.specimen.span_id(2)}
        run = {"trace_id": self.specimen.run_id}
        match operation.path.removeprefix("/api/v1/observability"):
            case "/traces/{trace_id}" | "/traces/{trace_id}/rows" | "/ws/traces/{trace_id}":
                return [Request(trace), Request(run)]
            case "/traces/{trace_id}/resources":
                heavy = {"trace_id": self.specimen.heavy_run_id}
                return [Request(trace), Request(trace, {"span_id": self.specimen.span_id(2)}), Request(heavy)]
            case "/traces/{trace_id}/transcript" | "/traces/{trace_id}/attribution":
                return [Request(trace), Request(run), Request({"trace_id": self.specimen.team_trace_id})]
            case "/traces/{trace_id}/spans/{span_id}":
                return [Request(span), Request(span | run)]
            case "/traces/{trace_id}/spans/{span_id}/content":
                return [Request(span, {"field": "attributes", "key": "gen_ai.input.messages"})]
            case "/traces/{trace_id}/logs/{log_id}/content":
                log = self.get(f"{TRACES}/{{trace_id}}", trace)["logs"][1]
                return [Request(trace | {"log_id": log["id"]}, {"field": "message"})]
            case "/ws/executions/{execution_id}":
                return [Request({"execution_id": self.specimen.run_id})]
            case "/aggregate":
                grouped = {"measure": "count,cost,p95_duration", "by": "agent,model", "bucket": "86400"}
                labelled = {"by": "version,tag,prompt_version", "environment": "test"}
                judged = {"by": "score.contract"}
                return [Request(), Request(query=grouped), Request(query=labelled), Request(query=judged)]
            case "/facets":
                return [Request(query={"fields": "status,agent,tag"}), Request(query={"fields": "model"})]
            case "/histogram":
                return [Request(), Request(query={"by": "status"})]
            case "/sessions/{session_id}":
                return [Request({"session_id": self.specimen.session_id})]
            case "/users/{user_id}":
                return [Request({"user_id": self.specimen.user_id})]
            case "/compare":
                services = [f"service={service}" for service in self.specimen.basket_services]
                pairs = (self.specimen.compared_ids, services, (f"{services[0]}&user_id=nobody", services[1]))
                return [Request(query=dict(zip("ab", pair))) for pair in pairs]
            case "/differences":
                unlucky = {"of": f"workflow_id={self.specimen.blamed_workflow_id}", "selected": "status=failed"}
                return [Request(query=unlucky), Request(query={"selected": "min_score.contract=0.5"})]
            case "/profile":
                mine = Request(query={"workflow_id": self.specimen.compared_workflow_id})
                return [mine, mine.with_query(format="folded", weight="tokens")]
            case "/traces/{trace_id}/remaining":
                young = {"trace_id": self.specimen.young_run_id}
                return [Request(trace), Request(run), Request(young)]
            case "/forecast":
                daily = {"workflow_id": self.specimen.daily_workflow_id, "amount": "0.02"}
                return [Request(), Request(query=daily), Request(query=daily | {"measure": "runs"})]
            case "/metrics/query":
                return [Request(query={"name": name}) for name in self.specimen.metric_names]
        if operation.path.endswith("/enhanced-monitoring/logs/{execution_id}"):
            ids = (self.specimen.trace_id, self.specimen.run_id)
            return [Request({"execution_id": execution_id}) for execution_id in ids]
        price = {"provider": "contract", "model": "own/model"}
        if operation.path.endswith("/prices/{provider}/{model}"):
            if operation.method == "DELETE":
                return [Request(price)]
            return [dataclasses.replace(body, values=price) for body in example_bodies(operation)]
        if operation.path.endswith("/reprice/{reprice_id}"):
            return [Request(self.made(operation.path))]
        if operation.path.startswith("/api/v1/datasets/{"):
            return self.requests_of_datasets(operation)
        if operation.path.startswith(tuple(f"/api/v1/{kind}/{{" for kind in KEPT)):
            made = self.made(operation.path)
            if operation.method == "PUT":
                return [dataclasses.replace(body, values=made) for body in example_bodies(operation)]
            return [Request(made)]
        if "{workflow_id}" in operation.path:
            ids = (
                self.specimen.workflow_id,
                self.specimen.slow_workflow_id,
                self.specimen.compared_workflow_id,
                self.specimen.blamed_workflow_id,
                self.specimen.daily_workflow_id,
                self.specimen.heavy_workflow_id,
            )
            return [Request({"workflow_id": workflow_id}) for workflow_id in ids]
        if operation.path.endswith("/compare/workflows"):
            return [Request(query={"ids": self.specimen.workflow_id})]
        self.assertNotIn("{", operation.path, "the test knows no values for its path parameters")
        if "requestBody" not in operation.node:
            return [Request()]
        return example_bodies(operation)


def example_bodies(operation: Operation) -> list[Request]:
    """A request with each example of a body that the document has."""
    return [
        Request(body=as_body(example["value"]), content_type=media_type)
        for media_type, media in operation.node["requestBody"]["content"].items()
        for example in media["examples"].values()
    ]


def as_body(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
