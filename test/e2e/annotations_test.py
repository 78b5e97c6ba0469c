# SPDX-License-Identifier: Apache-2.0
"""Annotations of runs, steps and sessions: written, listed in pages and beside the run, kept over a restart,
deleted, refused with a sentence."""

import http.client
import json
from typing import Any

from support import cases
from support.senders import Fate, HttpSender
from support.server import TRACES, Answer, Server

ANNOTATIONS = "/api/v1/annotations"
STEP = f"{2:016x}"


class AnnotationsTest(cases.FaultTest):
    def request(self, server: Server, method: str, path: str, body: Any = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def add(self, server: Server, **body: Any) -> dict[str, Any]:
        answer = self.request(server, "POST", ANNOTATIONS, body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def run_of(self, server: Server) -> str:
        spans = cases.make_trace(2)
        sender = HttpSender(server)
        self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
        sender.close()
        return spans[0].trace_id.hex()

    def test_they_are_listed_beside_their_run_and_kept(self) -> None:
        server = self.start_server()
        run, other = self.run_of(server), self.run_of(server)
        first = self.add(server, trace_id=run.upper(), text="Why Oslo?\n\u00e9", author="ada")
        self.assertEqual((first["trace_id"], first["span_id"], first["text"]), (run, None, "Why Oslo?\n\u00e9"))
        step = self.add(server, execution_id=run, span_id=STEP.upper(), text="Slow.")
        talk = self.add(server, session_id="talk", text="Angry.", author="bob")
        self.assertEqual((step["span_id"], talk["session_id"], talk["trace_id"]), (STEP, "talk", None))
        self.assertEqual(server.stop(), 0)
        server.start()
        listed = lambda **query: server.get_json(ANNOTATIONS, **query)["annotations"]
        self.assertEqual(listed(), [talk, step, first], "the newest first")
        self.assertEqual(listed(trace_id=run.upper()), [step, first])
        self.assertEqual(listed(execution_id=run, span_id=STEP), [step])
        self.assertEqual(listed(session_id="talk"), [talk])
        self.assertEqual(listed(author="ada"), [first])
        page = server.get_json(ANNOTATIONS, limit=2)
        self.assertEqual(page["annotations"], [talk, step])
        rest = server.get_json(ANNOTATIONS, limit=2, cursor=page["next_cursor"])
        self.assertEqual(rest, {"annotations": [first], "next_cursor": None})
        for path in (f"{TRACES}/{run}", f"{TRACES}/{run}/rows"):
            self.assertEqual(server.get_json(path)["annotations"], [step, first])
        self.assertEqual(server.get_json(f"{TRACES}/{other}")["annotations"], [])
        where = f"{ANNOTATIONS}/{step['id']}"
        self.assertEqual(self.request(server, "DELETE", where).json(), {"deleted": 1})
        self.assertEqual(self.request(server, "DELETE", where).status, 404)
        self.assertEqual(listed(trace_id=run), [first])

    def test_bad_ones_are_refused(self) -> None:
        server = self.start_server()
        run = self.run_of(server)
        for body, status, part in (
            ({"text": "x"}, 400, "one of trace_id, execution_id and session_id"),
            ({"trace_id": run, "session_id": "s", "text": "x"}, 400, "one of trace_id, execution_id and session_id"),
            ({"trace_id": run}, 400, "bad field text"),
            ({"trace_id": run, "text": " \n"}, 400, "bad field text"),
            ({"trace_id": run, "text": "x" * 5001}, 400, "bad field text"),
            ({"trace_id": run, "text": "a\0b"}, 400, "bad field text"),
            ({"trace_id": "xyz", "text": "x"}, 400, "bad field trace_id"),
            ({"trace_id": run, "text": "x", "autor": "a"}, 400, "the nearest is 'author'"),
            ({"session_id": "s", "span_id": "1" * 16, "text": "x"}, 400, "bad field span_id"),
            ({"execution_id": "nobody", "text": "x"}, 404, "run 'nobody' is not known"),
        ):
            with self.subTest(part):
                answer = self.request(server, "POST", ANNOTATIONS, body)
                self.assertEqual(answer.status, status, answer.body)
                self.assertIn(part, answer.json()["detail"])
        self.assertEqual(server.get_json(ANNOTATIONS)["annotations"], [])


if __name__ == "__main__":
    cases.main()
