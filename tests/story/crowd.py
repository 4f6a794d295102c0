"""Many people on their own connections, by Debian's python3-websockets and protobuf JSON: crowd.py PORT.
Told what to do in JSON lines on standard input, it answers in JSON lines with the same `n`:
  {"n", "open": KEY, "bearer", "locale"}         signs KEY in
  {"n", "on": KEY, "ask": BODY}                  one message → {"answer": BODY}
  {"n", "on": KEY, "watch": SUBSCRIBE}           folds a subscription → {"answer": its number}
  {"n", "on": KEY, "settled": NUMBER}            → {"answer": rows}, once they equal a fresh snapshot; {"fault"} when they never do
"""
import asyncio
import json
import sys

import websockets

PATIENCE_S = 60


class Fold:
    def __init__(self, subscribe):
        self.subscribe, self.rows, self.whole, self.seq = subscribe, {}, False, 0
        self.moved = asyncio.Event()

    def take(self, kind, body):
        if kind == "subState" and body["phase"] == "RESET":
            self.rows, self.whole, self.seq = {}, False, 0
        elif kind == "snapshot":
            self.rows.update((row["key"], row) for row in body.get("rows", []))
            self.whole = self.whole or body.get("last", False)
        elif kind == "delta":
            self.seq += 1
            assert int(body["seq"]) == self.seq, "a delta is missing"
            self.rows.update((row["key"], row) for row in body.get("upsert", []))
            for key in body.get("remove", []):
                del self.rows[key]
        self.moved.set()


class Person:
    def __init__(self, ws):
        self.ws, self.next_id, self.answers, self.folds, self.fault = ws, 1, {}, {}, None
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        try:
            await self.read_all()
        except websockets.ConnectionClosed as closed:
            for answer in self.answers.values():
                answer.done() or answer.set_exception(closed)

    async def read_all(self):
        async for frame in self.ws:
            for message in json.loads(frame).get("messages", []):
                number = message.pop("id", 0)
                for kind, body in message.items():
                    if kind in ("subState", "snapshot", "delta") and body["subscription"] in self.folds:
                        try:
                            self.folds[body["subscription"]].take(kind, body)
                        except (AssertionError, KeyError) as fault:
                            self.fault = self.fault or repr(fault)
                        if kind == "delta":
                            await self.send({"ack": {"subscription": body["subscription"], "seq": body["seq"], "credit": 1}})
                if number in self.answers:
                    self.answers.pop(number).set_result(message)

    async def send(self, message):
        await self.ws.send(json.dumps({"messages": [message]}))

    async def ask(self, body):
        number, self.next_id = self.next_id, self.next_id + 1
        answer = self.answers[number] = asyncio.get_running_loop().create_future()
        if "subscribe" in body:
            self.folds[number] = Fold(body["subscribe"])
        await self.send({"id": number, **body})
        return number, await asyncio.wait_for(answer, PATIENCE_S)

    async def watch(self, subscribe):
        number, answer = await self.ask({"subscribe": subscribe})
        assert "error" not in answer, answer
        fold = self.folds[number]
        while not fold.whole:
            await self.moving(fold)
        return number

    async def moving(self, *folds):
        for fold in folds:
            fold.moved.clear()
        waits = [asyncio.create_task(fold.moved.wait()) for fold in folds]
        done, pending = await asyncio.wait(waits, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        for one in pending:
            one.cancel()
        assert done, "nothing was pushed any more"

    async def settled(self, number):
        fold = self.folds[number]
        again = await self.watch(fold.subscribe)
        fresh = self.folds[again]
        while fold.rows != fresh.rows:
            await self.moving(fold, fresh)
        await self.send({"unsubscribe": {"subscription": again}})
        del self.folds[again]
        assert self.fault is None, self.fault
        return list(fold.rows.values())


class Crowd:
    def __init__(self, port):
        self.port, self.people = port, {}

    async def do(self, task):
        if "open" in task:
            ws = await websockets.connect(f"ws://127.0.0.1:{self.port}/v1/socket", subprotocols=["kvali.v1.json"],
                                          ping_interval=None, max_size=None, compression=None)
            person = self.people[task["open"]] = Person(ws)
            _, answer = await person.ask({"hello": {"protocol": 1, "client": "crowd", "bearer": task["bearer"], "locale": task["locale"]}})
            return answer
        person = self.people[task["on"]]
        if "ask" in task:
            return (await person.ask(task["ask"]))[1]
        if "watch" in task:
            return await person.watch(task["watch"])
        return await person.settled(task["settled"])

    async def answer(self, task):
        try:
            line = {"n": task["n"], "answer": await self.do(task)}
        except Exception as fault:  # whatever it is, the story tells it
            line = {"n": task["n"], "fault": repr(fault)}
        print(json.dumps(line), flush=True)


async def main():
    crowd, reader, tasks = Crowd(int(sys.argv[1])), asyncio.StreamReader(limit=1 << 26), set()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        task = asyncio.create_task(crowd.answer(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


asyncio.run(main())
