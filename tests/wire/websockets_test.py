"""The wire, judged by Debian's python3-websockets: websockets_test.py PATH-OF-net_echo"""
import asyncio
import sys

import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatusCode
from websockets.frames import Opcode

PROTO, JSON = "kvali.v1.proto", "kvali.v1.json"


class Server:
    """net_echo as a child, on a port of its own choosing."""

    def __init__(self, *arguments):
        self.arguments = arguments

    async def __aenter__(self):
        self.child = await asyncio.create_subprocess_exec(
            sys.argv[1], *self.arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL)
        self.port = int(await self.child.stdout.readline())
        return self

    def stop(self):
        self.child.stdin.close()

    async def __aexit__(self, *_):
        self.stop()
        assert await asyncio.wait_for(self.child.wait(), 10) == 0, "net_echo did not end well"

    def connect(self, subprotocols=(JSON,), path="/v1/socket", **more):
        return websockets.connect(f"ws://127.0.0.1:{self.port}{path}", subprotocols=list(subprotocols),
                                  **({"ping_interval": None, "max_size": None} | more))


async def closing(ws):
    """Reads until the connection closes; the code and words it was closed with."""
    try:
        while True:
            await asyncio.wait_for(ws.recv(), 10)
    except ConnectionClosed:
        return ws.close_code, ws.close_reason


async def refusal(connecting):
    try:
        async with connecting:
            return 101
    except InvalidStatusCode as refused:
        return refused.status_code


async def echoes_text_and_binary(server):
    async with server.connect() as ws:
        assert ws.subprotocol == JSON and ws.extensions == [], (ws.subprotocol, ws.extensions)
        for text in ["", "a", "ąčęėįšųū", "x" * 65536]:
            await ws.send(text)
            assert await ws.recv() == text
    async with server.connect([PROTO]) as ws:
        for data in [b"", b"\x00\xff", bytes(range(256)) * 200]:
            await ws.send(data)
            assert await ws.recv() == data


async def chooses_the_subprotocol_it_knows(server):
    async with server.connect(["chat", PROTO, JSON]) as ws:
        assert ws.subprotocol == PROTO


async def joins_fragments(server):
    async with server.connect() as ws:
        await ws.send(["one ", "", "ž", "two"])
        assert await ws.recv() == "one žtwo"


async def answers_pings_in_the_middle_of_a_message(server):
    async with server.connect() as ws:
        await ws.write_frame(False, Opcode.TEXT, b"half ")
        await asyncio.wait_for(await ws.ping(b"are you there"), 10)
        await ws.write_frame(True, Opcode.CONT, b"whole")
        assert await ws.recv() == "half whole"


async def is_kept_by_its_pongs_and_closed_without(server):
    async with Server("--idle-ms", "200") as quick:
        async with quick.connect() as ws:
            await ws.send("hello")
            await ws.recv()
            try:
                await asyncio.wait_for(ws.recv(), 1)
                raise AssertionError("a message from nowhere")
            except asyncio.TimeoutError:
                assert ws.open
        async with quick.connect() as ws:
            await ws.send("hello")
            await ws.recv()

            async def no_pong(*_):
                pass
            ws.pong = no_pong
            assert (await closing(ws))[0] == 4012


async def hears_why_it_is_closed(server):
    for code, words in [(4014, "rights changed"), (4503, "ačiū"), (1000, "")]:
        async with server.connect() as ws:
            await ws.send(f"close {code} {words}")
            assert await closing(ws) == (code, words)


async def closes_with_its_own_code(server):
    for code in [1000, 1001, 3000, 4999]:
        ws = await server.connect()
        await asyncio.wait_for(ws.close(code, "bye"), 5)
        assert ws.close_code == code, ws.close_code


async def is_told_about_broken_text(server):
    for data in [b"\xc3\x28", b"\xf0\x9f\x98", b"\xed\xa0\x80"]:
        async with server.connect() as ws:
            await ws.write_frame(True, Opcode.TEXT, data)
            assert (await closing(ws))[0] == 1007


async def is_told_about_the_wrong_encoding(server):
    async with server.connect([PROTO]) as ws:
        await ws.send("text")
        assert (await closing(ws))[0] == 4506
    async with server.connect([JSON]) as ws:
        await ws.send(b"binary")
        assert (await closing(ws))[0] == 4506


async def is_told_about_oversized_messages(server):
    async with server.connect() as ws:
        await ws.send("a" * 65537)
        code, words = await closing(ws)
        assert code == 1009 and "65536" in words, (code, words)
    async with server.connect() as ws:
        await ws.send("hello")
        await ws.recv()
        await ws.send("a" * 1048576)
        assert len(await ws.recv()) == 1048576
        await ws.send(["a" * 600000, "b" * 600000])
        assert (await closing(ws))[0] == 1009


async def is_told_about_endless_fragments(server):
    async with server.connect() as ws:
        await ws.write_frame(False, Opcode.TEXT, b"")
        try:
            for _ in range(5000):
                await ws.write_frame(False, Opcode.CONT, b"")
        except ConnectionClosed:
            pass
        assert (await closing(ws))[0] == 4501


async def is_told_that_it_reads_too_slowly(server):
    async with server.connect(max_queue=1, read_limit=4096) as ws:
        await ws.send("flood 400 65536")
        await asyncio.sleep(0)
        reader = ws.transport
        reader.pause_reading()
        async with server.connect() as other:  # meanwhile another client is served
            await other.send("still here")
            assert await asyncio.wait_for(other.recv(), 10) == "still here"
        reader.resume_reading()
        assert (await closing(ws))[0] == 4008


async def is_refused_with_a_status(server):
    assert await refusal(server.connect(["chat"])) == 400
    assert await refusal(server.connect([])) == 400
    assert await refusal(server.connect(path="/elsewhere")) == 404
    assert await refusal(server.connect(path="/v1/socket?token=1")) == 404


async def is_let_in_by_its_origin(server):
    async with Server("--origin", "https://app.example") as listed:
        for origin, status in [("https://app.example", 101), (f"http://127.0.0.1:{listed.port}", 101), (None, 101),
                               ("https://evil.example", 403), ("null", 403), ("http://127.0.0.1:1", 403)]:
            assert await refusal(listed.connect(origin=origin)) == status, origin


async def many_are_served_at_once(server):
    async def one(number):
        async with server.connect() as ws:
            for i in range(50):
                await ws.send(f"{number} {i}")
            for i in range(50):
                assert await ws.recv() == f"{number} {i}"
    await asyncio.gather(*(one(number) for number in range(40)))


async def is_asked_to_come_back_when_the_server_stops(server):
    async with Server() as stopping:
        async with stopping.connect() as ws:
            stopping.stop()
            assert (await closing(ws))[0] == 4001

TESTS = [echoes_text_and_binary, chooses_the_subprotocol_it_knows, joins_fragments,
         answers_pings_in_the_middle_of_a_message, is_kept_by_its_pongs_and_closed_without, hears_why_it_is_closed,
         closes_with_its_own_code, is_told_about_broken_text, is_told_about_the_wrong_encoding,
         is_told_about_oversized_messages, is_told_about_endless_fragments, is_told_that_it_reads_too_slowly,
         is_refused_with_a_status, is_let_in_by_its_origin, many_are_served_at_once,
         is_asked_to_come_back_when_the_server_stops]


async def main():
    failed = 0
    async with Server() as server:
        for test in TESTS:
            try:
                await asyncio.wait_for(test(server), 30)
            except Exception as error:  # a failing test must not hide the others
                failed += 1
                print(f"FAILED websockets {test.__name__}: {type(error).__name__} {error}")
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0

sys.exit(asyncio.run(main()))
