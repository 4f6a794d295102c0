// The wire, judged by npm's ws: node ws_test.mjs PATH-OF-net_echo
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import WebSocket from "ws";

const PROTO = "kvali.v1.proto", JSON_ = "kvali.v1.json";

/** net_echo as a child, on a port of its own choosing. */
async function serve(...args) {
  const child = spawn(process.argv[2], args, { stdio: ["pipe", "pipe", "ignore"] });
  const [line] = await once(child.stdout, "data");
  return { port: Number(line), child };
}

async function stop(server) {
  const ended = once(server.child, "exit");
  server.child.stdin.end();
  assert.equal((await ended)[0], 0, "net_echo did not end well");
}

/** A websocket and what it has received; `next` waits for one more message, `closed` for the end. */
function dial(server, { protocols = [JSON_], path = "/v1/socket", ...options } = {}) {
  const ws = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, options);
  const messages = [], waiting = [];
  ws.on("message", (data, binary) => {
    const message = binary ? data : data.toString();
    waiting.length > 0 ? waiting.shift()(message) : messages.push(message);
  });
  ws.on("error", () => {});
  const closed = new Promise((resolve) => ws.on("close", (code, reason) => resolve([code, reason.toString()])));
  const opened = new Promise((resolve) => {
    ws.on("open", () => resolve(101));
    ws.on("unexpected-response", (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
  });
  const next = () => new Promise((resolve) => (messages.length > 0 ? resolve(messages.shift()) : waiting.push(resolve)));
  return { ws, opened, closed, next };
}

async function open(server, options) {
  const client = dial(server, options);
  assert.equal(await client.opened, 101);
  return client;
}

const tests = {
  async echoes_text_and_binary(server) {
    const text = await open(server, { perMessageDeflate: true });
    assert.equal(text.ws.protocol, JSON_);
    assert.equal(text.ws.extensions, "");
    for (const one of ["", "a", "ąčęėįšųū", "x".repeat(65536)]) {
      text.ws.send(one);
      assert.equal(await text.next(), one);
    }
    const binary = await open(server, { protocols: [PROTO] });
    for (const one of [Buffer.alloc(0), Buffer.from([0, 255]), Buffer.alloc(60000, 7)]) {
      binary.ws.send(one);
      assert.deepEqual(await binary.next(), one);
    }
  },
  async joins_fragments_around_a_ping(server) {
    const { ws, next } = await open(server);
    ws.send("one ", { fin: false });
    ws.ping("in between");
    ws.send("", { fin: false });
    ws.send("two", { fin: true });
    const [payload] = await once(ws, "pong");
    assert.equal(payload.toString(), "in between");
    assert.equal(await next(), "one two");
  },
  async is_kept_by_its_pongs_and_closed_without() {
    const quick = await serve("--idle-ms", "200");
    const kept = await open(quick), silent = await open(quick, { autoPong: false });
    for (const one of [kept, silent]) {
      one.ws.send("hello");
      await one.next();
    }
    assert.equal((await silent.closed)[0], 4012);
    for (let i = 0; i < 5; ++i) await once(kept.ws, "ping");
    assert.equal(kept.ws.readyState, WebSocket.OPEN);
    await stop(quick);
  },
  async hears_why_it_is_closed(server) {
    for (const [code, words] of [[4014, "rights changed"], [4503, "ačiū"], [1000, ""]]) {
      const { ws, closed } = await open(server);
      ws.send(`close ${code} ${words}`);
      assert.deepEqual(await closed, [code, words]);
    }
  },
  async closes_with_its_own_code(server) {
    for (const code of [1000, 1001, 3000, 4999]) {
      const { ws, closed } = await open(server);
      ws.close(code, "bye");
      assert.equal((await closed)[0], code);
    }
  },
  async is_told_about_broken_text(server) {
    const { ws, closed } = await open(server);
    ws.send(Buffer.from([0xc3, 0x28]), { binary: false });
    assert.equal((await closed)[0], 1007);
  },
  async is_told_about_text_broken_across_an_empty_end(server) {
    const { ws, closed } = await open(server);
    ws.send(Buffer.from([0x61, 0xc3]), { binary: false, fin: false });
    ws.send("", { fin: true });
    assert.equal((await closed)[0], 1007);
  },
  async is_told_about_the_wrong_encoding(server) {
    const proto = await open(server, { protocols: [PROTO] }), json = await open(server);
    proto.ws.send("text");
    json.ws.send(Buffer.from("binary"));
    assert.equal((await proto.closed)[0], 4506);
    assert.equal((await json.closed)[0], 4506);
  },
  async is_told_about_oversized_messages(server) {
    const early = await open(server), late = await open(server);
    early.ws.send("a".repeat(65537));
    assert.equal((await early.closed)[0], 1009);
    late.ws.send("hello");
    await late.next();
    late.ws.send("a".repeat(1048576));
    assert.equal((await late.next()).length, 1048576);
    late.ws.send("a".repeat(1048577));
    assert.equal((await late.closed)[0], 1009);
  },
  async is_told_about_endless_fragments(server) {
    const { ws, closed } = await open(server);
    for (let i = 0; i < 5000; ++i) ws.send("", { fin: false });
    assert.equal((await closed)[0], 4501);
  },
  async is_told_about_endless_pings(server) {
    const { ws, closed } = await open(server);
    for (let i = 0; i < 300; ++i) ws.ping();
    assert.equal((await closed)[0], 4013);
  },
  async is_told_that_it_reads_too_slowly(server) {
    const slow = await open(server);
    slow.ws.send("flood 400 65536");
    slow.ws.pause();
    const other = await open(server); // meanwhile another client is served
    other.ws.send("still here");
    assert.equal(await other.next(), "still here");
    slow.ws.resume();
    assert.equal((await slow.closed)[0], 4008);
  },
  async is_refused_with_a_status(server) {
    assert.equal(await dial(server, { protocols: ["chat"] }).opened, 400);
    assert.equal(await dial(server, { protocols: [] }).opened, 400);
    assert.equal(await dial(server, { path: "/elsewhere" }).opened, 404);
    assert.equal(await dial(server, { path: "/v1/socket?token=1" }).opened, 404);
  },
  async is_let_in_by_its_origin() {
    const listed = await serve("--origin", "https://app.example");
    const cases = [["https://app.example", 101], [`http://127.0.0.1:${listed.port}`, 101],
      ["https://evil.example", 403], ["null", 403], ["http://127.0.0.1:1", 403]];
    for (const [origin, status] of cases) assert.equal(await dial(listed, { origin }).opened, status, origin);
    await stop(listed);
  },
  async is_asked_to_come_back_when_the_server_stops() {
    const stopping = await serve();
    const { closed } = await open(stopping);
    await stop(stopping);
    assert.equal((await closed)[0], 4001);
  },
};

const patience_ms = 30_000;
const server = await serve();
let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("no end after 30 s")), patience_ms)));
  try {
    await Promise.race([test(server), late]);
  } catch (error) {
    ++failed;
    console.log(`FAILED ws ${name}: ${error.message}`);
  }
  clearTimeout(timer);
}
await stop(server);
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
