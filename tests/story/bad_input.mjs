// What must not work over the wire: every bad byte meets a sentence, and leaves nothing behind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { check, finish } from "./check.mjs";
import { Client, binaryCodec, jsonCodec, soon, uuid7 } from "./client.mjs";
import { asked, done, localities, manager_of, open_cohort, opened, problem, publish, refused, register, text, us } from "./house.mjs";
import { Server, first_manager, fresh_folder, kvali, root } from "./server.mjs";

const canary = "Kanarėlė-7f3a9c";  // a personal text that must stand nowhere in clear
const bytes_of = (words) => [Buffer.from(words, "utf8"), Buffer.from(words, "utf16le"), Buffer.from(JSON.stringify(words).replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`))];

const server = await Server.start();
const binary = binaryCodec(await server.text("/v1/schema"));
const manager = await manager_of(server, "en");
await publish(manager);
const cohort = await open_cohort(manager, "season-2017");
const other_cohort = await open_cohort(manager, "season-2018");
const applicant_id = await register(manager, canary, "kanarele-7f3a9c@example.org");
const bearer = await server.bearer(applicant_id);
const applicant = await Client.sign_in(server.port, jsonCodec, bearer, "en");
const started = asked(cohort, { startInitiative: { fields: [{ name: "problem", value: text(canary + problem("one")) }] } });
const { created: initiative, cursor: after_start } = done(await applicant.call(started));
const { created: foreign } = done(await applicant.call(asked(other_cohort, { startInitiative: {} })));
await applicant.call(asked(cohort, { saveFields: { initiative, fields: [{ name: "contact", value: text(`${canary}@example.org`) }] } }));

const records = () => server.verify().records;

/** A bad thing and what is said to it; the journal is as long as before. */
async function leaves_nothing(name, run) {
  await check(name, async () => {
    const before = records();
    await run();
    assert.equal(records(), before, "records were written");
  });
}

/** The code with which the server closes a connection after `bad` was sent; it says why in words. */
async function closed_after(codec, bad, { signed_in = true } = {}) {
  const client = signed_in ? await Client.sign_in(server.port, codec, bearer) : await Client.open(server.port, codec);
  bad(client.ws, client);
  const { code, reason } = await soon(client.closed, () => "the connection was not closed");
  assert.match(reason, /\w+ \w+/, "closed without a sentence");
  return code;
}

/** One frame of RFC 6455 §5.2 with any first byte; masked, as a client's must be. */
function raw_frame(first, payload, { masked = true } = {}) {
  const body = Buffer.from(payload), mask = Buffer.from([1, 2, 3, 4]);
  const size = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 255];
  size[0] |= masked ? 0x80 : 0;
  return Buffer.concat([Buffer.from([first, ...size]), ...(masked ? [mask, body.map((byte, i) => byte ^ mask[i % 4])] : [body])]);
}

/** Opens a socket without a library, sends `bytes`, and reads until the server ends it: the head and its close frame. */
async function raw(bytes, { headers = "", half_closed = false } = {}) {
  const socket = net.connect(server.port, "127.0.0.1");
  const ended = new Promise((resolve) => { socket.on("close", resolve); socket.on("error", resolve); });
  let told = Buffer.alloc(0), sent = false;
  const head_end = () => told.indexOf("\r\n\r\n") + 4;
  const frame_end = () => head_end() + 2 + (told[head_end() + 1] ?? Infinity);
  socket.on("data", (data) => {
    told = Buffer.concat([told, data]);
    if (!sent && head_end() > 3) {
      sent = true;
      half_closed ? socket.end(bytes) : socket.write(bytes);
    }
    if (sent && told.length >= frame_end() && told[head_end()] === 0x88) socket.destroy();  // a close frame, whole
  });
  socket.write(`GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
               `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: kvali.v1.json\r\n${headers}\r\n`);
  await soon(ended, () => "a raw connection was not closed");
  const head = told.subarray(0, head_end()).toString(), frame = told.subarray(head_end());
  assert.match(head, /^HTTP\/1\.1 101/);
  return { head, code: frame.length >= 4 ? frame.readUInt16BE(2) : 0, reason: frame.subarray(4).toString() };
}

// It takes its ten seconds while the rest goes on.
const silent = await Client.open(server.port, jsonCodec);

const save = (fields, more = {}) => asked(cohort, { saveFields: { initiative, fields, ...more } });
const title = (words, more = {}) => [{ name: "title", value: text(words), ...more }];

// --- frames

const frame = (body) => ({ messages: [{ id: 9, ...body }] });
const call_frame = frame({ call: { command: save(title("half")) } });

await leaves_nothing("a truncated binary frame", async () =>
  assert.equal(await closed_after(binary, (ws) => ws.send(Buffer.from(binary.encode(call_frame)).subarray(0, -7))), 4501));
await leaves_nothing("a truncated JSON frame", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(JSON.stringify(call_frame).slice(0, -7))), 4501));
await leaves_nothing("half a websocket frame, and then nothing", () =>
  raw(Buffer.from([0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 0x55]), { half_closed: true }));
await leaves_nothing("compressed frames, reserved bits, broken control frames: 1002", async () => {
  const ping = JSON.stringify({ messages: [{ id: 1, ping: {} }] });
  const offer = { headers: "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" };
  for (const [what, bytes, options] of [
    ["a compressed frame that nobody agreed on", raw_frame(0xc1, ping)], ["a compressed frame that was only offered", raw_frame(0xc1, ping), offer],
    ["the second reserved bit", raw_frame(0xa1, ping)], ["the third", raw_frame(0x91, ping)],
    ["an opcode for later", raw_frame(0x83, ping)], ["a control opcode for later", raw_frame(0x8b, ping)],
    ["a ping in fragments", raw_frame(0x09, "x")], ["a ping of 126 bytes", raw_frame(0x89, "x".repeat(126))],
    ["a frame without a mask", raw_frame(0x81, ping, { masked: false })],
    ["a continuation of nothing", raw_frame(0x80, ping)], ["a text inside another's fragments", Buffer.concat([raw_frame(0x01, ping), raw_frame(0x81, ping)])],
    ["a close of one byte", raw_frame(0x88, "x")], ["a close with a code that is none", raw_frame(0x88, Buffer.from([0x03, 0xed]))],
    ["a close whose reason is not UTF-8", raw_frame(0x88, Buffer.from([0x03, 0xe8, 0xff]))],
    ["a length in more bytes than it needs", Buffer.from([0x81, 0xfe, 0, 1, 1, 2, 3, 4, 0x20])],
  ]) {
    const { head, code, reason } = await raw(bytes, options);
    assert.doesNotMatch(head, /Sec-WebSocket-Extensions/i, what);
    assert.equal(code, 1002, what);
    assert.match(reason, /\w+ \w+/, what);
  }
});
await leaves_nothing("a frame that says it has 4 GiB, or 2^63 bytes", async () => {
  for (const size of [[0, 0, 0, 1, 0, 0, 0, 0], [0x80, 0, 0, 0, 0, 0, 0, 1]]) {
    const { code, reason } = await raw(Buffer.from([0x81, 0xff, ...size, 1, 2, 3, 4]));
    assert.deepEqual([code, reason], [1009, "a message may have 65536 bytes before Welcome"]);
  }
});
await leaves_nothing("an oversized frame before Welcome", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send("x".repeat(64 * 1024 + 1)), { signed_in: false }), 1009));
await leaves_nothing("an oversized frame after it", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send("x".repeat(1024 * 1024 + 1))), 1009));
await leaves_nothing("text on a binary connection", async () =>
  assert.equal(await closed_after(binary, (ws) => ws.send(JSON.stringify(call_frame))), 4506));
await leaves_nothing("bytes on a text connection", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(Buffer.from(binary.encode(call_frame)))), 4506));
await leaves_nothing("text that is not UTF-8", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false })), 1007));
await leaves_nothing("a binary text that is not UTF-8", async () => {
  const bad = Buffer.from(binary.encode(call_frame));
  const at = bad.indexOf("half");
  bad[at] = 0xff;
  assert.equal(await closed_after(binary, (ws) => ws.send(bad)), 4501);
});
await leaves_nothing("JSON nested ten thousand deep", async () => {
  const deep = '{"list":{"values":['.repeat(10_000) + "]}}".repeat(10_000);
  const bad = JSON.stringify(call_frame).replace('{"text":"half"}', deep);
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(bad)), 4501);
});
await leaves_nothing("binary nested ten thousand deep", async () => {
  let deep = Buffer.alloc(0);  // Value.list = 8, Values.values = 1
  for (let i = 0; i < 5_000; ++i) for (const tag of [0x42, 0x0a]) {
    const size = [];
    for (let n = deep.length; ; n >>>= 7) { size.push(n > 127 ? (n & 127) | 128 : n); if (n <= 127) break; }
    deep = Buffer.concat([Buffer.from([tag, ...size]), deep]);
  }
  const wrap = (tag, body) => { const size = []; for (let n = body.length; ; n >>>= 7) { size.push(n > 127 ? (n & 127) | 128 : n); if (n <= 127) break; } return Buffer.concat([Buffer.from([...tag, ...size]), body]); };
  // messages{call{command{set_parameter{value}}}}
  const bad = wrap([0x0a], Buffer.concat([Buffer.from([0x08, 0x09]), wrap([0x1a], wrap([0x0a], wrap([0x8a, 0x02], wrap([0x12], deep))))]));
  assert.equal(await closed_after(binary, (ws) => ws.send(bad)), 4501);
});
await leaves_nothing("a field of the wrong type in JSON", async () => {
  for (const bad of [{ messages: "x" }, frame({ call: { command: { ...save([]), receivedAtUs: canary } } }), frame({ call: 7 }), frame({ call: [] }),
                     frame({ call: { command: save([{ name: "title", value: { text: { a: canary } } }]) } }), frame({ query: { limit: -1 } }),
                     frame({ ack: { seq: "1e400" } })])
    assert.equal(await closed_after(jsonCodec, (ws) => ws.send(JSON.stringify(bad))), 4501, JSON.stringify(bad));
  for (const bad of ["", "null", "[]", "7", "\"x\"", "{", "{\"messages\":[{]}"])
    assert.equal(await closed_after(jsonCodec, (ws) => ws.send(bad)), 4501, bad);
});
await leaves_nothing("257 messages in one frame", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(JSON.stringify({ messages: Array(257).fill({ id: 1, ping: {} }) }))), 4501));
await leaves_nothing("a message without an id", async () => {
  const client = await Client.sign_in(server.port, jsonCodec, bearer);
  const told = new Promise((resolve) => client.ws.once("message", (data) => resolve(JSON.parse(data))));
  client.send([{ ping: {} }]);
  assert.equal((await told).messages[0].error.code, "INVALID");
  await client.close();
});

await leaves_nothing("fields that nobody here knows are passed over", async () => {
  const json = await Client.sign_in(server.port, jsonCodec, bearer);
  assert.deepEqual(await json.ask({ ping: { sentUs: "7", colour: "red", deep: { list: [1, { none: null }] } }, zebra: [3] }), { pong: { sentUs: "7" } });
  await json.close();
  const bytes = await Client.sign_in(server.port, binary, bearer);
  const told = new Promise((resolve) => bytes.ws.once("message", (data) => resolve(binary.decode(data))));
  // {id 9, field 4095: "later", ping {sent_us 7, field 30: 1}}
  const message = Buffer.concat([Buffer.from([0x08, 9, 0xfa, 0xff, 0x01, 5]), Buffer.from("later"), Buffer.from([0x42, 5, 0x08, 14, 0xf0, 0x01, 1])]);
  bytes.ws.send(Buffer.concat([Buffer.from([0x0a, message.length]), message]));
  assert.deepEqual((await told).messages, [{ id: 9, pong: { sentUs: "7" } }]);
  await bytes.close();
});

// --- who asks

await leaves_nothing("a command before Hello", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(JSON.stringify(call_frame)), { signed_in: false }), 4502));
await leaves_nothing("a token that is none, or for something else", async () => {
  const link = await (await fetch(`${server.base}/v1/token`, { method: "POST", body: JSON.stringify({ as: applicant_id }), headers: { authorization: `Bearer ${server.operator}` } })).json();
  for (const bad of ["", "x", server.operator, link.token, bearer.slice(0, -1), `${bearer}A`])
    assert.equal(await closed_after(jsonCodec, (ws) => ws.send(JSON.stringify(frame({ hello: { protocol: 1, bearer: bad } }))), { signed_in: false }), 4500);
});
await leaves_nothing("a protocol that is not spoken", async () =>
  assert.equal(await closed_after(jsonCodec, (ws) => ws.send(JSON.stringify(frame({ hello: { protocol: 2, bearer } }))), { signed_in: false }), 4500));
await leaves_nothing("locales that are none", async () => {
  for (const locale of ["", "xx", "\u0000", "../../etc", "lt_LT.UTF-8@x", canary.repeat(100), "\ud800".toWellFormed?.() ?? "\ufffd"]) {
    const client = await Client.sign_in(server.port, jsonCodec, bearer, locale);
    assert.match(client.welcome.locale, /^[a-z]{2}(-[A-Za-z0-9]+)*$/);
    await client.close();
  }
});
await leaves_nothing("a second Hello", async () => {
  const client = await Client.sign_in(server.port, jsonCodec, bearer);
  refused(await client.ask({ hello: { protocol: 1, bearer } }), "INVALID");
  assert.ok((await client.ask({ ping: { sentUs: "7" } })).pong, "and goes on");
  await client.close();
});
await leaves_nothing("another's initiative, another cohort's, nobody's", async () => {
  const stranger_id = (await manager.query({ people: {} })).answer.people.find(({ id }) => id !== applicant_id).id;
  assert.notEqual(stranger_id, applicant_id);
  for (const [of, id] of [[cohort, foreign], [other_cohort, initiative], [cohort, "nothing"], ["nowhere", initiative], ["", initiative], [cohort, ""]]) {
    refused(await applicant.call(asked(of, { saveFields: { initiative: id, fields: title("x") } })), "NOT_FOUND");
    refused(await applicant.query({ initiative: { cohort: of, initiative: id } }), "NOT_FOUND");
    refused(await applicant.ask({ subscribe: { topic: "initiative", cohort: of, initiative: id } }), "NOT_FOUND");
  }
});
await leaves_nothing("what only a manager may", async () => {
  for (const body of [{ setQuota: { quota: "per_locality", places: 5 } }, { publishDecisions: {} }, { moveClock: { toUs: us("2017-01-01T00:00Z") } },
                      { assignRole: { person: applicant_id, role: "manager" } }, { dropDecision: { initiative } },
                      { setParameter: { name: "decisions_on", value: { date: { year: 2017, month: 1, day: 8 } } } },
                      { extendDeadline: { initiative, state: "application.draft", to: { year: 2017, month: 2, day: 1 }, reason: "x" } },
                      { bulkMove: { where: "true", move: "submit" } }])
    refused(await applicant.call(asked(cohort, body)), "FORBIDDEN");
  for (const body of [{ registerPerson: { name: text("x") } }, { grantRelation: { person: applicant_id, relation: "manager" } }, opened("mine"),
                      { publishProgram: { files: [{ path: "program.yaml", text: "program: mine" }] } }])
    refused(await applicant.call(asked("", body)), "FORBIDDEN");
  for (const query of [{ people: {} }, { log: { cohort } }]) refused(await applicant.query(query), "FORBIDDEN");
});

// --- commands

await leaves_nothing("an unknown command, and those of the engine", async () => {
  for (const body of [{}, { makeCoffee: {} }, { passTime: {} }, { reportEffect: { sequence: "1" } }])
    refused(await applicant.call(asked(cohort, body)), "UNKNOWN_OPERATION");
  refused(await applicant.ask({ brew: {} }), "UNKNOWN_OPERATION");
  refused(await applicant.ask({ query: {} }), "UNKNOWN_OPERATION");
});
await leaves_nothing("a value of another kind than its field", async () => {
  for (const value of [{ number: "7" }, { flag: true }, { date: { year: 2017 } }, {}, { list: { values: [text("x")] } }])
    assert.equal(refused(await applicant.call(save([{ name: "title", value }])), "INVALID").violations[0].field, "title");
  refused(await applicant.call(save([{ name: "locality", value: text("atlantis") }])), "INVALID");
  refused(await applicant.call(save([{ name: "no_such_field", value: text("x") }])), "INVALID");
  refused(await applicant.call(save(title("x".repeat(121)))), "INVALID");
  refused(await applicant.call(save([{ name: "plan", value: text("x".repeat(200_000)) }])), "INVALID");
  refused(await applicant.call(save([])), "INVALID");
});
await leaves_nothing("a state, a move, a role, a task, a program that does not exist", async () => {
  const error = refused(await manager.call(asked(cohort, { proposeException: { initiative, to: "application.sceening", reason: text("x") } })), "INVALID");
  assert.match(error.sentence, /sceening/);
  refused(await manager.call(asked(cohort, { extendDeadline: { initiative, state: "nowhere", to: { year: 2017, month: 1, day: 1 }, reason: "x" } })), "INVALID");
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "fly" } })), "PRECONDITION");
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "submit", from: "application.offered" } })), "PRECONDITION");
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "hand_in", task: "impact/1" } })), "NOT_FOUND");
  refused(await manager.call(asked(cohort, { assignRole: { person: applicant_id, role: "king" } })), "INVALID");
  refused(await manager.call(asked(cohort, { assignRole: { person: "nobody", role: "reviewer" } })), "NOT_FOUND");
  refused(await manager.call(asked(cohort, { assignRole: { person: applicant_id, role: "mentor", locality: "atlantis" } })), "INVALID");
  refused(await manager.call(asked("", opened("mine", { program: "none" }))), "NOT_FOUND");
  refused(await manager.call(asked("", opened("mine", { localities: localities.slice(1) }))), "INVALID");
  refused(await manager.call(asked("", opened("../mine"))), "INVALID");
  refused(await manager.call(asked("", opened(cohort))), "PRECONDITION");
});
await leaves_nothing("a date that does not exist", async () => {
  for (const date of [{ year: 2017, month: 2, day: 30 }, { year: 2017, month: 13, day: 1 }, { year: 2017, month: 4, day: 31 }, { year: 2017, month: 2, day: 29 },
                      { year: 2_000_000_000, month: 1, day: 1 }, { year: -5, month: 1, day: 1 }, { year: 2_000_000_000 }]) {
    refused(await manager.call(asked(cohort, { setParameter: { name: "decisions_on", value: { date } } })), "INVALID");
    refused(await manager.call(asked(cohort, { extendDeadline: { initiative, state: "application.draft", to: date, reason: "x" } })), "INVALID");
    refused(await manager.call(asked("", opened("mine", { holidays: [date] }))), "INVALID");
  }
  for (const toUs of ["-9223372036854775808", "9223372036854775807", "0", us("2016-11-01T00:00Z")])
    refused(await manager.call(asked(cohort, { moveClock: { toUs } })), "INVALID");
  for (const clockUs of ["-9223372036854775808", "9223372036854775807"])
    refused(await manager.call(asked("", opened("mine", { clockUs }))), "INVALID");
});
await leaves_nothing("a sealed value from a client", async () => {
  const value = { sealed: { subject: applicant_id, cipher: "AAAA", size: 300 } };
  refused(await applicant.call(save([{ name: "problem", value }])), "INVALID");
  refused(await manager.call(asked("", { registerPerson: { name: value } })), "INVALID");
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "withdraw", reason: value } })), "INVALID");
});
await leaves_nothing("a definition with faults, told with their places", async () => {
  const error = refused(await manager.call(asked("", { publishProgram: { files: [{ path: "program.yaml", text: "program: mine\nstages:\n  one:\n    satates: {}\n" }] } })), "INVALID");
  assert.ok(error.violations.some(({ sentence }) => /^program\.yaml:\d+:\d+: /.test(sentence)), JSON.stringify(error));
  for (const bad of ["", "\u0000", "program: [", "&a [*a, *a]", "program: mine\n" + "x: 1\n".repeat(60_000)])
    refused(await manager.call(asked("", { publishProgram: { files: [{ path: "program.yaml", text: bad }] } })), "INVALID");
  refused(await manager.call(asked("", { publishProgram: {} })), "INVALID");
});

// --- keys and versions

await leaves_nothing("a key that is none, or 15 days old", async () => {
  for (const id of ["", "x", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", uuid7(Date.now() - 15 * 24 * 3600_000)])
    refused(await applicant.call({ ...save(title("old")), id }), "INVALID");
});
await leaves_nothing("a command sent again", async () => {
  const again = done(await applicant.call(started));
  assert.deepEqual([again.replayed, again.created, typeof again.cursor], [true, initiative, typeof after_start]);
});
await leaves_nothing("its key with another request", async () => {
  refused(await applicant.call({ ...save(title("other")), id: started.id }), "IDEMPOTENCY_MISMATCH");
  refused(await manager.call(started), "IDEMPOTENCY_MISMATCH");
});
await check("a stale version meets both sides", async () => {
  done(await applicant.call(save(title("Mine", { ifVersion: 0 }))));
  const before = records();
  const error = refused(await applicant.call(save(title("Theirs", { ifVersion: 0 }))), "CONFLICT_VERSION");
  assert.deepEqual(error.conflicts, [{ field: "title", theirs: text("Mine"), theirVersion: 1 }]);
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "withdraw", reason: text("x"), ifVersion: 77 } })), "CONFLICT_VERSION");
  assert.equal(records(), before);
});
await leaves_nothing("a dry run, which says what would happen and why not", async () => {
  const would = done(await applicant.call(save(title("Dry")), { dryRun: true }));
  assert.equal(would.dryRun, true);
  assert.deepEqual(would.happened, [`fields_written ${initiative}`]);
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "submit" } }), { dryRun: true }), "INVALID");
  const { answer } = await applicant.query({ initiative: { cohort, initiative } });
  assert.equal(answer.rows[0].detail.fields.find(({ field }) => field.name === "title").value.text, "Mine");
});
await leaves_nothing("a move refused in the middle: its fields are not written either", async () => {
  const fields = [{ name: "locality", value: text("taurage") }];
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "submit", fields: [...fields, { name: "plan", value: { number: "1" } }] } })), "INVALID");
  refused(await applicant.call(asked(cohort, { makeMove: { initiative, move: "accept", fields } })), "PRECONDITION");
  const { answer } = await applicant.query({ initiative: { cohort, initiative } });
  assert.equal(answer.rows[0].detail.fields.find(({ field }) => field.name === "locality").value, undefined);
});
await leaves_nothing("cursors, pages and acks that were never given out", async () => {
  for (const query of [{ rows: { cohort }, page: "x" }, { rows: { cohort }, minCursor: "x" }]) {
    const told = await applicant.ask({ query });
    assert.ok(told.answer || told.error.code === "INVALID" || told.error.code === "UNRECOVERABLE_CURSOR", JSON.stringify(told));
  }
  applicant.send([{ ack: { subscription: 77, seq: "1", credit: 4294967295 } }, { unsubscribe: { subscription: 77 } }]);
  const flipped = after_start.slice(0, 9) + (after_start[9] === "A" ? "B" : "A") + after_start.slice(10);
  for (const cursor of ["x", flipped, after_start.slice(0, -1), bearer, "A".repeat(4_000)]) {
    const fold = await applicant.watch({ topic: "cohort", cohort, cursor });
    assert.equal(fold.phase, "RESET");
    applicant.send([{ id: 999_999, unsubscribe: { subscription: fold.subscription } }]);
  }
});
await leaves_nothing("a subscription too many, twice, to nothing", async () => {
  const client = await Client.sign_in(server.port, jsonCodec, bearer);
  refused(await client.ask({ subscribe: { topic: "weather", cohort } }), "INVALID");
  refused(await client.ask({ subscribe: { topic: "cohort", cohort: "nowhere" } }), "NOT_FOUND");
  for (let i = 0; i < client.welcome.limits.subscriptionsMax; ++i) await client.watch({ topic: "cohort", cohort });
  refused(await client.ask({ subscribe: { topic: "cohort", cohort } }), "LIMIT");
  assert.ok((await client.ask({ ping: { sentUs: "7" } })).pong, "and goes on");
  await client.close();
});

// --- from the shell

const run = (...args) => spawnSync(kvali, args, { encoding: "utf8", timeout: 60_000 });
await leaves_nothing("a clock that is sent to no time", () => {
  const to = (words) => run("clock", "--cohort", cohort, "--to", words, "--as", first_manager, "--data", server.data);
  for (const [words, sentence] of [["2017-02-30", /February 2017 has 28 days/], ["2017-13-01", /2017-13-01/], ["2017-03-26 03:30", /expected/],
                                   ["2017-01-09T25:00:00Z", /there is no time/], ["P1Z", /expected a period/], ["", /expected a period/]]) {
    const { status, stderr } = to(words);
    assert.equal(status, 2, words);
    assert.match(stderr, sentence);
  }
  const back = to("P-1D");
  assert.ok(back.status !== 0 && (back.stdout + back.stderr).length > 0);
});
await check("a definition with a fault: it is told, nothing is served, nothing is kept", () => {
  const folder = fresh_folder(), data = fresh_folder();
  cpSync(join(root, "workflows/socifaction-2017"), folder, { recursive: true });
  const program = join(folder, "program.yaml"), sound = readFileSync(program, "utf8");
  for (const [broken, sentence] of [[sound.replace("to: screening", "to: sceening"), /program\.yaml:\d+:\d+: no state `sceening`; did you mean `screening`\?/],
                                    [`${sound}\naccepted:\n  - {finding: endless-cycle, at: stages, why: It is none}\n`, /program\.yaml:\d+:\d+: there is no finding `endless-cycle`/],
                                    ["program: [", /program\.yaml:\d+:\d+: /], [Buffer.from([0xff, 0xfe, 0x00]), /program\.yaml:\d+:\d+: /]]) {
    writeFileSync(program, broken);
    const { status, stdout, stderr } = run("serve", "--data", data, "--listen", "127.0.0.1:0", "--demo", folder);
    assert.equal(status, 3);
    assert.match(stdout + stderr, sentence);
    assert.equal(run("log", "--data", data).stdout, "", "records were written");
  }
});
await check("a day that its zone leapt over", async () => {
  const folder = "workflows/socifaction-2017", sources = ["program.yaml", "texts/lt.yaml"].map((path) => {
    const words = readFileSync(join(root, folder, path), "utf8").replace("program: socifaction-2017", "program: apia").replace("Europe/Vilnius", "Pacific/Apia");
    return { path, text: words };
  });
  done(await manager.call(asked("", { publishProgram: { files: sources, message: "Samoa" } })));
  const { openCohort } = opened("apia", { program: "apia", holidays: [], clockUs: us("2011-11-01T00:00Z") });
  const closes = (day) => ({ year: 2011, month: 12, day });
  const open = (day) => manager.call(asked("", { openCohort: { ...openCohort, parameters: [...openCohort.parameters.slice(1), { name: "application_closes", value: { date: closes(day) } }] } }));
  assert.equal(openCohort.parameters[0].name, "application_closes");
  const before = records();
  assert.match(refused(await open(30), "INVALID").violations[0].sentence, /2011-12-30/);
  assert.equal(records(), before);
  done(await open(31));
  const after = records();
  refused(await manager.call(asked("apia", { setParameter: { name: "decisions_on", value: { date: closes(30) } } })), "INVALID");
  refused(await manager.call(asked("apia", { extendDeadline: { state: "application.draft", to: closes(30), reason: "x" } })), "INVALID");
  assert.equal(records(), after);
});
await check("who says nothing for ten seconds is sent away", async () => {
  const { code, reason } = await soon(silent.closed, () => "the silent connection was not closed");
  assert.deepEqual([code, reason], [4502, "no Hello in time"]);
});

// --- what is left of it all

await check("the canary stands nowhere in clear", async () => {
  const places = [["/metrics", Buffer.from(await server.text("/metrics"))], ["/readyz", Buffer.from(await server.text("/readyz"))],
                  ["stdout and stderr", Buffer.from(server.said.join("\n"))],
                  ...readdirSync(server.data).filter((name) => name !== "letters.jsonl").map((name) => [name, readFileSync(join(server.data, name))])];
  assert.ok(places.some(([name]) => name === "journal.sqlite-wal"));
  for (const words of [canary, "kanarele-7f3a9c"])
    for (const [name, bytes] of places) for (const form of bytes_of(words)) assert.ok(!bytes.includes(form), `${words} stands in ${name}`);
  const { answer } = await applicant.query({ initiative: { cohort, initiative } });
  assert.ok(JSON.stringify(answer).includes(canary), "but its owner reads it");
});
await check("it stops in order, and verify finds nothing", async () => {
  await server.stop();
  const report = server.verify();
  for (const name of readdirSync(server.data)) assert.ok(!readFileSync(join(server.data, name)).includes(Buffer.from(canary)), name);
  return `${report.records} records`;
});
finish();
