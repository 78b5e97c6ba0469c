# SPDX-License-Identifier: Apache-2.0
"""What is set wrong is told in one clear line with exit code 2; what is set right counts in the order
flag, environment, file, default."""

import json
import socket
import subprocess

from support import cases
from support.server import BINARY, clean_environment, run_command, wait_until


class ConfigTest(cases.FaultTest):
    def refused(self, *arguments: str, **env: str) -> str:
        """The one line with which `sightline serve` refuses to start."""
        done = run_command("serve", *arguments, env=clean_environment(**env))
        self.assertEqual(done.returncode, 2, done.stderr)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertTrue(lines[0].startswith("sightline: "), lines[0])
        return lines[0]

    def config_file(self, text: str) -> str:
        path = self.directory / "sightline.toml"
        path.write_text(text)
        return str(path)

    def test_a_wrong_flag_is_named(self) -> None:
        for flag, value, expected in (
            ("--port", "x", "0 to 65535"),
            ("--port", "65536", "0 to 65535"),
            ("--port", "-1", "0 to 65535"),
            ("--port", "80 ", "0 to 65535"),
            ("--retention-days", "1.5", "number"),
            ("--seal-rows", "0", "number"),
            ("--log-level", "loud", "debug, info, warning or error"),
            ("--cors-origins", "ops.example", "origins"),
        ):
            with self.subTest(flag=flag, value=value):
                line = self.refused(f"{flag}={value}")
                self.assertIn(f"'{value}'", line)
                self.assertIn(flag, line)
                self.assertIn(expected, line)

    def test_a_flag_without_its_value_is_named(self) -> None:
        self.assertIn("--data-dir", self.refused("--data-dir="))
        self.assertIn("--port", self.refused("--port"))

    def test_an_unknown_flag_is_named(self) -> None:
        self.assertIn("--no-such-flag", self.refused("--no-such-flag", "1"))

    def test_an_unknown_command_is_named(self) -> None:
        for arguments in ((), ("fly",)):
            with self.subTest(arguments=arguments):
                done = run_command(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn("sightline", done.stderr)

    def test_a_wrong_environment_variable_is_named(self) -> None:
        line = self.refused(SIGHTLINE_OTLP_GRPC_PORT="many")
        self.assertIn("SIGHTLINE_OTLP_GRPC_PORT", line)
        self.assertIn("'many'", line)

    def test_a_wrong_value_in_the_file_is_named(self) -> None:
        path = self.config_file('port = "x"\n')
        line = self.refused("--config", path)
        self.assertIn("port", line)
        self.assertIn(path, line)

    def test_an_unknown_key_in_the_file_is_named(self) -> None:
        self.assertIn("no_such_key", self.refused("--config", self.config_file("no_such_key = 1\n")))

    def test_a_file_that_cannot_be_read_is_named(self) -> None:
        missing = str(self.directory / "missing.toml")
        self.assertIn(missing, self.refused("--config", missing))
        broken = self.config_file("port = [1\n")
        self.assertIn(broken, self.refused("--config", broken))

    def test_a_data_directory_that_cannot_be_made_is_named(self) -> None:
        file = self.directory / "file"
        file.write_text("")
        self.assertIn(str(file), self.refused("--data-dir", str(file / "data")))

    def test_a_taken_port_is_named(self) -> None:
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = taken.getsockname()[1]
        for flag in ("--port", "--otlp-grpc-port", "--otlp-http-port"):
            with self.subTest(flag=flag):
                ports = {"--port": "0", "--otlp-grpc-port": "0", "--otlp-http-port": "0"}
                ports[flag] = str(port)
                arguments = [f"{name}={value}" for name, value in ports.items()]
                done = run_command("serve", f"--data-dir={self.directory / 'data'}", *arguments)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(str(port), done.stderr)

    def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(self) -> None:
        path = self.config_file("max_in_flight_bytes = 7340032\n")
        flag, variable = "--max-in-flight-bytes=5242880", {"SIGHTLINE_MAX_IN_FLIGHT_BYTES": "6291456"}
        for arguments, env, expected in (
            (["--config", path, flag], variable, 5242880),
            (["--config", path], variable, 6291456),
            (["--config", path], {}, 7340032),
            (["--config", path], {"SIGHTLINE_MAX_IN_FLIGHT_BYTES": ""}, 7340032),
            ([], {}, 96 << 20),
        ):
            with self.subTest(arguments=arguments, env=env):
                self.assertEqual(self.in_flight_limit(arguments, env), expected)

    def in_flight_limit(self, arguments: list[str], env: dict[str, str]) -> int:
        """The setting as /metrics shows it, of a server that gets its ports by the environment."""
        server = self.new_server()
        ports = {f"SIGHTLINE_{name}": "0" for name in ("PORT", "OTLP_GRPC_PORT", "OTLP_HTTP_PORT")}
        server.process = subprocess.Popen(
            [BINARY, "serve", "--data-dir", str(server.data_dir), *arguments],
            env=clean_environment(**ports, **env),
            stderr=subprocess.DEVNULL,
        )
        server.wait_until_ready()
        limit = int(server.metrics()["sightline_ingest_in_flight_limit_bytes"])
        self.assertEqual(server.stop(), 0)
        return limit

    def test_ports_json_names_the_chosen_ports_while_the_server_runs(self) -> None:
        server = self.start_server()
        ports = json.loads((server.data_dir / "ports.json").read_text())
        self.assertEqual(set(ports), {"http", "otlp_grpc", "otlp_http"})
        self.assertEqual(len(set(ports.values())), 3)
        for name, port in ports.items():
            with self.subTest(name=name):
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
        wait_until(lambda: f"127.0.0.1:{ports['http']}" in server.log(), 30, "the log names the port")

    def test_ports_json_is_gone_when_the_server_is(self) -> None:
        server = self.start_server()
        path = server.data_dir / "ports.json"
        self.assertEqual(server.stop(), 0)
        self.assertFalse(path.exists(), "after a stop")
        server.start()
        server.kill()
        self.assertTrue(path.exists(), "a crash leaves it behind")
        # The next start takes it away before anything can go wrong, here a port that is taken.
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = run_command("serve", f"--data-dir={server.data_dir}", f"--port={port}")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertFalse(path.exists(), "after a start that failed")


if __name__ == "__main__":
    cases.main()
