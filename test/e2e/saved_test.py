# SPDX-License-Identifier: Apache-2.0
"""What people save: views and dashboards survive a restart, are changed by one at a time, are refused
when no page could show them, and are told to be out of use when their file is damaged."""

import http.client
import json
from typing import Any

from support import cases
from support.server import Answer, Server

VIEWS = "/api/v1/views"
DASHBOARDS = "/api/v1/dashboards"
VIEW = {"name": " Failed ", "page": "runs", "query": {"status": "failed", "q": "wo ist \u2026"}}
PANEL = {
    "kind": "bars",
    "query": {"source": "runs", "measure": "count", "by": "agent"},
    "position": {"x": 0, "y": 0, "w": 6, "h": 3},
}


class SavedTest(cases.FaultTest):
    def request(self, server: Server, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"} | headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def ok(self, server: Server, method: str, path: str, body: Any = None) -> Any:
        answer = self.request(server, method, path, body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def refused(self, server: Server, status: int, part: str, method: str, path: str, body: Any = None) -> None:
        answer = self.request(server, method, path, body)
        self.assertEqual(answer.status, status, answer.body)
        self.assertIn(part, answer.json()["detail"])

    def test_views_survive_a_restart(self) -> None:
        server = self.start_server()
        view = self.ok(server, "POST", VIEWS, VIEW)
        self.assertEqual((view["name"], view["page"], view["query"]), ("Failed", "runs", VIEW["query"]))
        other = self.ok(server, "POST", VIEWS, {"name": "All", "page": "cost"})
        self.assertNotEqual(view["id"], other["id"])
        self.assertEqual(server.stop(), 0)
        server.start()
        listed = self.ok(server, "GET", VIEWS)["views"]
        self.assertEqual(listed, [other, view], "by name")
        self.assertEqual(self.ok(server, "GET", f"{VIEWS}?page=runs")["views"], [view])
        path = f"{VIEWS}/{view['id']}"
        changed = self.ok(server, "PUT", path, VIEW | {"name": "Broken", "query": {}})
        self.assertEqual((changed["name"], changed["query"]), ("Broken", {}))
        self.assertEqual(changed["created_at"], view["created_at"])
        self.assertEqual(self.ok(server, "GET", path), changed)
        self.assertEqual(self.ok(server, "DELETE", path), {"deleted": 1})
        self.refused(server, 404, view["id"], "GET", path)
        self.refused(server, 404, view["id"], "DELETE", path)

    def test_views_that_no_page_could_show_are_refused(self) -> None:
        server = self.start_server()
        for change, part in (
            ({"page": "run"}, "bad field page: 'run' is not known; the nearest is 'runs'"),
            ({"name": "  "}, "bad field name"),
            ({"name": "x" * 201}, "bad field name"),
            ({"name": "a\nb"}, "bad field name"),
            ({"querry": {}}, "bad field querry: no such field; the nearest is 'query'"),
            ({"query": {"a": 1}}, "bad field query.a: not a text"),
            ({"query": {"a": "x" * 4001}}, "bad field query.a"),
            ({"query": {str(i): "" for i in range(101)}}, "bad field query"),
            ({"query": [1]}, "bad field query: not an object"),
        ):
            with self.subTest(part):
                self.refused(server, 400, part, "POST", VIEWS, VIEW | change)
        self.refused(server, 400, "bad body", "POST", VIEWS, [])
        self.refused(server, 413, "", "POST", VIEWS, {"name": "x" * 100_000})
        self.refused(server, 400, "bad parameter page", "GET", f"{VIEWS}?page=run")
        self.assertEqual(self.ok(server, "GET", VIEWS)["views"], [])
        foreign = self.request(server, "POST", VIEWS, VIEW, Origin="https://evil.example")
        self.assertEqual(foreign.status, 403)

    def test_a_dashboard_is_changed_by_one_at_a_time(self) -> None:
        server = self.start_server()
        body = {"name": "Mine", "document": {"panels": [PANEL]}}
        first = self.ok(server, "POST", DASHBOARDS, body)
        self.assertEqual((first["version"], first["is_builtin"], first["panel_count"]), (1, False, 1))
        self.assertEqual(first["document"]["panels"][0]["id"], "panel-1")
        path = f"{DASHBOARDS}/{first['id']}"
        change = {"name": "Mine", "document": first["document"], "version": 1}
        second = self.ok(server, "PUT", path, change | {"description": "two"})
        self.assertEqual((second["version"], second["description"]), (2, "two"))
        self.refused(server, 409, "has version 2, not 1", "PUT", path, change)
        self.refused(server, 400, "bad field version", "PUT", path, body)
        self.assertEqual(self.ok(server, "GET", path), second)
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(self.ok(server, "GET", path), second)
        self.assertEqual(self.ok(server, "DELETE", path), {"deleted": 1})
        self.refused(server, 404, first["id"], "PUT", path, change)

    def test_dashboards_of_the_program_can_be_copied_but_not_changed(self) -> None:
        server = self.start_server()
        listed = self.ok(server, "GET", DASHBOARDS)["dashboards"]
        self.assertEqual([d["id"] for d in listed], ["agents", "models", "tools"])
        for summary in listed:
            path = f"{DASHBOARDS}/{summary['id']}"
            dashboard = self.ok(server, "GET", path)
            self.assertTrue(dashboard["is_builtin"])
            body = {"name": "Copy", "document": dashboard["document"]}
            copy = self.ok(server, "POST", DASHBOARDS, body)
            self.assertEqual(copy["document"], dashboard["document"])
            self.assertFalse(copy["is_builtin"])
            self.refused(server, 403, "comes with the program", "PUT", path, body | {"version": 1})
            self.refused(server, 403, "comes with the program", "DELETE", path)
            for panel in dashboard["document"]["panels"]:
                self.check_panel(server, panel["query"])
        self.assertEqual(len(self.ok(server, "GET", DASHBOARDS)["dashboards"]), 6)

    def check_panel(self, server: Server, query: dict[str, Any]) -> None:
        """What the panel asks is answered, with its variables empty and with all of them set."""
        for value in ("", "anything"):
            filters = {k: value if v.startswith("$") else v for k, v in query["filters"].items()}
            asked = {k: query[k] for k in ("measure", "by", "sort", "bucket", "limit") if query[k]}
            server.get_json("/api/v1/observability/aggregate", of=query["source"], **asked, **filters)

    def test_dashboards_that_could_not_be_shown_are_refused(self) -> None:
        server = self.start_server()
        bad = PANEL | {"query": PANEL["query"] | {"measure": "counts"}}
        for document, part in (
            ({"panels": [bad]}, "bad field document.panels[0].query.measure: 'counts' is not known; the nearest is 'count'"),
            ({"panels": [PANEL | {"kind": "pie"}]}, "bad field document.panels[0].kind"),
            ({"panels": [PANEL] * 51}, "bad field document.panels"),
            ({"charts": []}, "bad field document.charts: no such field"),
            ([], "bad field document: not an object"),
        ):
            with self.subTest(part):
                self.refused(server, 400, part, "POST", DASHBOARDS, {"name": "n", "document": document})
        self.refused(server, 400, "bad field document", "POST", DASHBOARDS, {"name": "n"})
        self.refused(server, 413, "", "POST", DASHBOARDS, {"name": "n" * 300_000})

    def test_a_damaged_file_is_told(self) -> None:
        server = self.start_server()
        self.ok(server, "POST", VIEWS, VIEW)
        self.assertEqual(server.stop(), 0)
        metadata = server.data_dir / "metadata.db"
        metadata.write_bytes(b"no database " * 1000)
        server.start()
        self.refused(server, 503, "restore the file from a backup", "GET", VIEWS)
        self.refused(server, 503, "restore the file from a backup", "POST", DASHBOARDS, {"name": "n", "document": {}})
        self.assertEqual(self.ok(server, "GET", f"{DASHBOARDS}/agents")["id"], "agents")


if __name__ == "__main__":
    cases.main()
