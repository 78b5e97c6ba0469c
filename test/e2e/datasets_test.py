# SPDX-License-Identifier: Apache-2.0
"""Datasets of examples: taken from runs and steps or given, listed, exported as JSON lines, kept over a
restart, a kill, a backup and the end of their runs, refused with a sentence."""

import http.client
import json
import threading
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import Answer, Server, check, run_command

DATASETS = "/api/v1/datasets"
STEP = f"{2:016x}"
ODD = 'Wo ist "meine" Tasche?\n\u2028\U0001f45c\\ \u0000 </script>'


class DatasetsTest(cases.FaultTest):
    deadline_seconds = 120

    def request(self, server: Server, method: str, path: str, body: Any = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        text = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def ask(self, server: Server, method: str, path: str, body: Any = None) -> Any:
        answer = self.request(server, method, path, body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def refused(self, server: Server, status: int, part: str, method: str, path: str, body: Any = None) -> None:
        answer = self.request(server, method, path, body)
        self.assertEqual(answer.status, status, answer.body)
        self.assertIn(part, answer.json()["detail"])

    def dataset(self, server: Server, name: str = "bags") -> tuple[str, str]:
        """Its path and that of its examples."""
        path = f"{DATASETS}/{self.ask(server, 'POST', DATASETS, {'name': name})['id']}"
        return path, f"{path}/examples"

    def lines(self, server: Server, path: str) -> list[dict[str, Any]]:
        answer = server.get(f"{path}/export")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/x-ndjson"))
        self.assertTrue(answer.body == b"" or answer.body.endswith(b"\n"))
        return [json.loads(line) for line in answer.body.split(b"\n")[:-1]]

    def run_of(self, server: Server, text: str = "Where is my bag?", answer: str = "In Oslo.") -> str:
        """An agent that calls a model and then a tool."""
        root, call, tool = cases.make_trace(3)
        root.attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "finder"}
        if text:
            root.attributes |= {"input.value": text, "output.value": answer}
        said = [{"role": "user", "parts": [{"type": "text", "content": text}]}]
        told = [{"role": "assistant", "parts": [{"type": "text", "content": answer}], "finish_reason": "stop"}]
        call.attributes = {
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "m",
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be brief."}]),
            "gen_ai.input.messages": json.dumps(said), "gen_ai.output.messages": json.dumps(told),
            "gen_ai.tool.definitions": json.dumps([{"type": "function", "name": "find"}], indent=2),
        }
        tool.attributes = {
            "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "find",
            "gen_ai.tool.call.arguments": '{\n  "bag": 7\r\n}', "gen_ai.tool.call.result": "Oslo",
        }
        sender = HttpSender(server)
        self.assertEqual(sender.post(otlp.traces_request([root, call, tool])).status, 200)
        sender.close()
        return root.trace_id.hex()

    def test_examples_are_copied_from_runs_and_steps(self) -> None:
        server = self.start_server()
        run, odd = self.run_of(server), self.run_of(server, ODD, ODD)
        path, examples = self.dataset(server)
        whole = self.ask(server, "POST", examples, {"trace_id": run.upper(), "expected": "In Rome.",
                                                    "metadata": {"level": 3}})
        self.assertEqual((whole["input"], whole["output"]), ("Where is my bag?", "In Oslo."))
        self.assertEqual((whole["expected"], whole["metadata"]), ("In Rome.", {"level": 3}))
        self.assertEqual((whole["trace_id"], whole["execution_id"], whole["span_id"]), (run, run, None))
        self.assertEqual(whole["start_time"], server.trace(bytes.fromhex(run))["start_time"])
        call = self.ask(server, "POST", examples, {"execution_id": run, "span_id": STEP})
        self.assertEqual((call["trace_id"], call["span_id"], call["expected"]), (run, STEP, None))
        self.assertEqual(call["input"], {
            "messages": [
                {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
                {"role": "user", "parts": [{"type": "text", "content": "Where is my bag?"}]},
            ],
            "tools": [{"type": "function", "name": "find"}],
        })
        self.assertEqual(call["output"], {"messages": [
            {"role": "assistant", "parts": [{"type": "text", "content": "In Oslo."}], "finish_reason": "stop"}]})
        tool = self.ask(server, "POST", examples, {"trace_id": run, "span_id": f"{3:016x}"})
        self.assertEqual((tool["input"], tool["output"]), ({"bag": 7}, "Oslo"))
        strange = self.ask(server, "POST", examples, {"trace_id": odd})
        self.assertEqual((strange["input"], strange["output"]), (ODD, ODD))
        self.assertEqual(self.lines(server, path), [whole, call, tool, strange], "a line each")
        self.assertEqual(server.get_json(examples), {"examples": [whole, call, tool, strange], "next_cursor": None})
        self.refused(server, 409, "is of the same run", "POST", examples, {"trace_id": run})
        self.refused(server, 409, "is of the same step", "POST", examples, {"trace_id": run, "span_id": STEP})
        self.assertEqual(self.ask(server, "DELETE", f"{examples}/{whole['id']}"), {"deleted": 1})
        self.ask(server, "POST", examples, {"trace_id": run})

    def test_texts_stay_when_their_run_is_gone(self) -> None:
        server = self.start_server(retention_bytes=1, seal_seconds=1)
        run = self.run_of(server)
        path, examples = self.dataset(server)
        example = self.ask(server, "POST", examples, {"trace_id": run})
        self.assertEqual(server.stop(), 0)
        for day in (server.data_dir / "days").iterdir():
            for file in sorted(day.rglob("*"), reverse=True):
                file.rmdir() if file.is_dir() else file.unlink()
            day.rmdir() if day.is_dir() else day.unlink()
        for file in (server.data_dir / "journal").iterdir():
            file.unlink()
        server.start()
        self.assertIsNone(server.trace(bytes.fromhex(run)))
        self.assertEqual(self.lines(server, path), [example])

    def test_datasets_survive_a_restart_a_kill_and_a_backup(self) -> None:
        server = self.start_server()
        made = self.ask(server, "POST", DATASETS, {"name": " bags ", "description": "Where they are."})
        self.assertEqual((made["name"], made["examples"], made["bytes"]), ("bags", 0, 0))
        path = f"{DATASETS}/{made['id']}"
        first = self.ask(server, "POST", f"{path}/examples", {"input": {"q": ODD}, "output": [1, None, "x"]})
        self.assertEqual((first["input"], first["output"], first["trace_id"]), ({"q": ODD}, [1, None, "x"], None))
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(self.lines(server, path), [first])
        changed = self.ask(server, "PUT", f"{path}/examples/{first['id']}", {"expected": {"a": ODD}})
        self.assertEqual((changed["expected"], changed["created_at"]), ({"a": ODD}, first["created_at"]))
        renamed = self.ask(server, "PUT", path, {"name": "Bags"})
        self.assertEqual((renamed["name"], renamed["description"], renamed["examples"]), ("Bags", "Where they are.", 1))
        self.ask(server, "POST", "/api/v1/annotations", {"session_id": "talk", "text": ODD.replace("\0", "")})
        server.kill()  # What was answered is kept.
        server.start()
        self.assertEqual(server.get_json(DATASETS)["datasets"], [renamed])
        self.assertEqual(self.lines(server, path), [changed])
        done = run_command("backup", str(self.directory / "backup"), "--data-dir", str(server.data_dir))
        self.assertEqual(done.returncode, 0, done.stderr)
        cleared = self.ask(server, "PUT", f"{path}/examples/{first['id']}", {"expected": None})
        self.assertIsNone(cleared["expected"])
        self.assertEqual(self.ask(server, "DELETE", path), {"deleted": 1})
        self.assertEqual(server.stop(), 0)
        self.assertTrue(check(self.directory / "backup")[0])
        copy = self.start_server(self.directory / "backup")
        self.assertEqual(self.lines(copy, path), [changed])
        [note] = copy.get_json("/api/v1/annotations")["annotations"]
        self.assertEqual(note["text"], ODD.replace("\0", ""))

    def test_pages_and_names(self) -> None:
        server = self.start_server()
        path, examples = self.dataset(server, "b")
        self.dataset(server, "a")
        self.dataset(server, "\u00e9" * 100)
        self.assertEqual([d["name"] for d in server.get_json(DATASETS)["datasets"]], ["a", "b", "\u00e9" * 100])
        for i in range(7):
            self.ask(server, "POST", examples, {"input": i})
        found, cursor = [], ""
        while cursor is not None:
            page = server.get_json(examples, limit=3, cursor=cursor)
            self.assertLessEqual(len(page["examples"]), 3)
            found += [example["input"] for example in page["examples"]]
            cursor = page["next_cursor"]
        self.assertEqual(found, list(range(7)))
        long = "x" * ((1 << 20) - 2)  # And its quotes.
        for _ in range(3):
            self.ask(server, "POST", examples, {"input": long, "output": long, "expected": long})
        page = server.get_json(examples, limit=1000)
        self.assertEqual(len(page["examples"]), 9, "a page of large texts ends early")
        rest = server.get_json(examples, limit=1000, cursor=page["next_cursor"])
        self.assertEqual((len(rest["examples"]), rest["next_cursor"]), (1, None))
        self.assertEqual(len(self.lines(server, path)), 10)
        [_, dataset, _] = server.get_json(DATASETS)["datasets"]
        self.assertEqual((dataset["examples"], dataset["bytes"]), (10, 7 + 9 * (1 << 20)))

    def test_an_export_goes_as_fast_as_it_is_read_and_is_cut_off_when_its_dataset_goes(self) -> None:
        server = self.start_server()
        path, examples = self.dataset(server)
        long = "x" * (1 << 19)
        for _ in range(40):
            self.ask(server, "POST", examples, {"input": long, "output": long})
        slow = [http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=60) for _ in range(4)]
        answers = []
        for connection in slow:
            connection.request("GET", f"{path}/export")
            answers.append(connection.getresponse())
        self.refused(server, 503, "exports are on their way", "GET", f"{path}/export")
        self.ask(server, "GET", path)  # The others wait for nothing.
        whole = answers[0].read()
        self.assertEqual(len(whole.split(b"\n")), 41)
        self.assertEqual(self.ask(server, "DELETE", path), {"deleted": 1})
        for answer in answers[1:]:
            with self.assertRaises(http.client.IncompleteRead):
                answer.read()
        for connection in slow:
            connection.close()

    def test_many_writers_lose_nothing(self) -> None:
        server = self.start_server()
        path, examples = self.dataset(server)
        failures: list[BaseException] = []

        def write(writer: int) -> None:
            try:
                for i in range(10):
                    self.ask(server, "POST", examples, {"input": [writer, i]})
            except BaseException as error:  # Told by the test's own thread.
                failures.append(error)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        kept = {tuple(line["input"]) for line in self.lines(server, path)}
        self.assertEqual(kept, {(writer, i) for writer in range(10) for i in range(10)})

    def test_what_is_bad_is_refused(self) -> None:
        server = self.start_server()
        run = self.run_of(server)
        path, examples = self.dataset(server)
        for body, status, part in (
            ({}, 400, "bad field name"),
            ({"name": " "}, 400, "bad field name"),
            ({"name": "a\nb"}, 400, "bad field name"),
            ({"name": "x" * 201}, 400, "bad field name"),
            ({"name": "n", "nmae": "n"}, 400, "bad field nmae: no such field; the nearest is 'name'"),
            ({"name": "n", "description": "x" * 5001}, 400, "bad field description"),
            (b'{"name": "\xff"}', 400, "not JSON"),
            ('{"name": "\\ud800"}', 400, "not JSON"),
            ({"name": "n", "description": "x" * 100_000}, 413, "bytes"),
        ):
            with self.subTest(part=part, path=DATASETS):
                self.refused(server, status, part, "POST", DATASETS, body)
        for body, status, part in (
            ({}, 400, "bad field input"),
            ({"input": None}, 400, "bad field input"),
            ({"trace_id": "xyz"}, 400, "bad field trace_id"),
            ({"span_id": STEP}, 400, "bad field trace_id"),
            ({"trace_id": run, "span_id": "xyz"}, 400, "bad field span_id"),
            ({"trace_id": run, "input": "x"}, 400, "bad field input: it is taken from the run"),
            ({"trace_id": run, "output": "x"}, 400, "bad field output: it is taken from the run"),
            ({"session_id": "s"}, 400, "bad field session_id"),
            ({"input": 1, "metadata": [1]}, 400, "bad field metadata"),
            ({"trace_id": run, "span_id": "f" * 16}, 404, "f" * 16),
            ({"trace_id": "f" * 32}, 404, "f" * 32),
            ({"execution_id": "nobody"}, 404, "nobody"),
            ({"input": "x" * (1 << 20)}, 413, "the input has 1048578 bytes as JSON"),
            ({"input": 1, "metadata": {"x": "x" * 20_000}}, 413, "the metadata has"),
            ({"trace_id": self.run_of(server, "x" * (2 << 20))}, 413, "the input has 2097154 bytes"),
            ({"trace_id": self.run_of(server, "")}, 409, "neither input nor output"),
        ):
            with self.subTest(part=part, path=examples):
                self.refused(server, status, part, "POST", examples, body)
        self.assertEqual(server.get_json(path)["examples"], 0)
        example = self.ask(server, "POST", examples, {"input": 1})
        one = f"{examples}/{example['id']}"
        self.refused(server, 400, "bad field expected", "PUT", one, {})
        self.refused(server, 400, "bad field input", "PUT", one, {"expected": 1, "input": 2})
        for method, where, body in (
            ("GET", f"{DATASETS}/x", None), ("PUT", f"{DATASETS}/x", {"name": "n"}), ("DELETE", f"{DATASETS}/x", None),
            ("GET", f"{DATASETS}/x/examples", None), ("POST", f"{DATASETS}/x/examples", {"input": 1}),
            ("GET", f"{DATASETS}/x/export", None),
        ):
            with self.subTest(f"{method} {where}"):
                self.refused(server, 404, "no dataset 'x'", method, where, body)
        self.refused(server, 404, "no example 'x'", "PUT", f"{examples}/x", {"expected": 1})
        self.refused(server, 404, "no example", "DELETE", f"{DATASETS}/x/examples/{example['id']}")
        self.refused(server, 400, "bad parameter cursor", "GET", f"{examples}?cursor=x")
        self.assertEqual(server.get_json(examples)["examples"], [example])


if __name__ == "__main__":
    cases.main()
