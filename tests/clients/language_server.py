"""The real yaml-language-server, as VS Code, Neovim, Helix and others ask it.

It speaks JSON-RPC over its standard streams (the Language Server Protocol, 3.17); `install.sh` puts
it in place.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from shutil import which
from threading import Thread
from typing import IO, Any

from .programs import HERE, MissingProgram

PATIENCE = 60  # seconds for an answer; a machine under load starts node slowly
SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
# No look at schemastore.org: the schema is the one that the file names.
SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "hover": True, "completion": True}}

Message = dict[str, Any]


class Editor:
    """An editor with files open in it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to: IO[bytes] = process.stdin
        self._said: Queue[Message] = Queue()
        self._number = 0
        Thread(target=_listen, args=(process.stdout, self._said), daemon=True).start()

    def start(self, folder: Path) -> None:
        """Say hello as an editor that shows help and completes words."""
        offered = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": False}},
                "hover": {"contentFormat": ["plaintext"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True},
        }
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        hello = {"processId": None, "rootUri": folder.as_uri(), "capabilities": offered}
        self.ask("initialize", {**hello, "workspaceFolders": folders})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, file: Path) -> list[Message]:
        """Open a file; what the editor marks in it."""
        text = {"languageId": "yaml", "version": 1, "text": file.read_text("utf-8")}
        self._tell("textDocument/didOpen", {"textDocument": {"uri": file.as_uri(), **text}})
        return self._marks(file)

    def completion(self, file: Path, line: int, column: int) -> list[Message]:
        """What is offered at a place, counted from 0."""
        answer = self.ask("textDocument/completion", _place(file, line, column))
        items: list[Message] = answer["items"] if isinstance(answer, dict) else answer or []
        return items

    def hover(self, file: Path, line: int, column: int) -> str:
        """The help that is shown over a place, counted from 0."""
        answer = self.ask("textDocument/hover", _place(file, line, column))
        return json.dumps(answer, ensure_ascii=False)

    def ask(self, method: str, given: Message) -> Any:
        """The answer to a request."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": given})
        while True:
            message = self._next(method)
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")

    def _marks(self, file: Path) -> list[Message]:
        while True:
            message = self._next(f"the problems of {file.name}")
            if message.get("method") == "textDocument/publishDiagnostics":
                given = message["params"]
                if Path(given["uri"]).name == file.name:
                    marks: list[Message] = given["diagnostics"]
                    return marks

    def _next(self, wanted: str) -> Message:
        """The next message; what the server asks on the way is answered."""
        try:
            message = self._said.get(timeout=PATIENCE)
        except Empty:
            raise AssertionError(f"yaml-language-server says nothing about {wanted}") from None
        assert message, "yaml-language-server ended"
        if "method" in message and "id" in message:
            asked = message["params"].get("items", ()) if message.get("params") else ()
            result = [SETTINGS.get(item.get("section", ""), {}) for item in asked] or None
            self._send({"id": message["id"], "result": result})
        return message

    def _tell(self, method: str, given: Message) -> None:
        self._send({"method": method, "params": given})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._to.flush()


def _place(file: Path, line: int, column: int) -> Message:
    return {
        "textDocument": {"uri": file.as_uri()},
        "position": {"line": line, "character": column},
    }


def _listen(stream: IO[bytes], said: "Queue[Message]") -> None:
    """Put each message of the server into the queue, and an empty one at the end."""
    length = 0
    while header := stream.readline():
        name, _, value = header.decode().partition(":")
        if name.lower() == "content-length":
            length = int(value)
        elif not header.strip():
            said.put(json.loads(stream.read(length)))
    said.put({})


@contextmanager
def editor(folder: Path) -> Iterator[Editor]:
    """An editor that has a folder open. Raises MissingProgram."""
    node = which("node")
    if node is None:
        raise MissingProgram("node")
    if not SERVER.exists():
        raise MissingProgram("yaml-language-server")
    process = subprocess.Popen(
        [node, str(SERVER), "--stdio"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        opened = Editor(process)
        opened.start(folder)
        yield opened
    finally:
        process.kill()
        process.communicate()
