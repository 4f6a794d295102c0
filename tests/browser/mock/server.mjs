// A stand-in for the server, so that the screens can be built, looked at and tried without it: the same addresses, the same
// frames, the same headers. `node mock/server.mjs --port 8099 --journal FILE` prints one line of JSON: base and sign-in links.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { create, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import { WebSocketServer } from "ws";
import { ClientFrameSchema, ServerFrameSchema } from "../../../server/web/src/gen/kvali/v1/frame_pb.js";
import { COHORT, House, Refused } from "./house.mjs";
import { PEOPLE } from "./people.mjs";

const { values: options } = parseArgs({ options: { port: { type: "string", default: "8099" }, journal: { type: "string", default: "" }, "web-dir": { type: "string", default: fileURLToPath(new URL("../../../server/web/dist", import.meta.url)) } } });
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PROTO = "kvali.v1.proto";
const NAMES = { manager: "p-rasa", mentor: "p-m-taurage", coordinator: "p-c-silute", newcomer: "p-nobody" };

const house = new House((line) => options.journal !== "" && appendFileSync(options.journal, `${JSON.stringify(line)}\n`));
if (options.journal !== "" && existsSync(options.journal)) readFileSync(options.journal, "utf8").split("\n").filter(Boolean).forEach((line) => house.replay(JSON.parse(line)));
PEOPLE.push({ id: NAMES.newcomer, name: "Naujokė Išgalvotaitė" });

const applicantOf = (place, state) => [...house.initiatives.values()].find((one) => one.place === place && one.states.includes(state))?.applicant;
NAMES.applicant = applicantOf("taurage", "mentoring.sessions.open") ?? "p-a-1";
NAMES.writer = applicantOf("silute", "application.draft") ?? "p-a-1";

const tokens = new Map();
const tickets = new Map();
const base = `http://127.0.0.1:${options.port}`;
for (const [role, person] of Object.entries(NAMES)) tokens.set(`${role}-${randomUUID()}`, person);

// --- plain HTTP

async function body(request) {
  let bytes = "";
  for await (const part of request) bytes += part;
  return bytes;
}

const who = (request) => /kvali=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];

const server = createServer(async (request, response) => {
  const path = new URL(request.url, base).pathname;
  const answer = (status, value, headers = {}) => response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(value === undefined ? "" : JSON.stringify(value));
  if (path === "/v1/session" && request.method === "POST") {
    const { token } = JSON.parse(await body(request));
    const person = tokens.get(token);
    tokens.delete(token);
    return person === undefined ? answer(401, { code: "UNAUTHENTICATED" }) : answer(200, {}, { "Set-Cookie": `kvali=${person}; HttpOnly; SameSite=Strict; Path=/` });
  }
  if (path === "/v1/session" && request.method === "DELETE") return answer(204, undefined, { "Set-Cookie": "kvali=; Max-Age=0; Path=/" });
  if (path === "/v1/ticket" && request.method === "POST") {
    if (who(request) === undefined) return answer(401, { code: "UNAUTHENTICATED" });
    const ticket = randomUUID();
    tickets.set(ticket, who(request));
    return answer(200, { ticket });
  }
  const file = join(options["web-dir"], normalize(path === "/" ? "/index.html" : path));
  if (!file.startsWith(options["web-dir"]) || !existsSync(file)) return answer(404, { code: "NOT_FOUND" });
  response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache" }).end(readFileSync(file));
});

// --- the socket

const links = new Set();
const sockets = new WebSocketServer({ server, path: "/v1/socket", handleProtocols: (asked) => [...asked].find((one) => one === PROTO || one === "kvali.v1.json") ?? false });

sockets.on("connection", (socket) => {
  const link = { person: undefined, subscriptions: new Map(), binary: socket.protocol === PROTO };
  link.send = (messages) => {
    const frame = create(ServerFrameSchema, { messages });
    socket.send(link.binary ? toBinary(ServerFrameSchema, frame) : toJsonString(ServerFrameSchema, frame));
  };
  links.add(link);
  socket.on("close", () => links.delete(link));
  socket.on("message", (bytes) => {
    const frame = link.binary ? fromBinary(ClientFrameSchema, new Uint8Array(bytes)) : fromJsonString(ClientFrameSchema, bytes.toString(), { ignoreUnknownFields: true });
    for (const message of frame.messages) take(link, socket, message);
  });
});

function take(link, socket, { id, body: { case: kind, value } }) {
  if (kind === "hello") {
    link.person = tickets.get(value.ticket);
    tickets.delete(value.ticket);
    if (link.person === undefined) return socket.close(4500, "bad token");
    const roles = house.roles(link.person);
    const cohorts = [{ id: COHORT, title: "SOCIFACTION 2017", program: "socifaction-2017", myRoles: roles, rehearsal: true }];
    return link.send([{ id, body: { case: "welcome", value: { protocol: 1, server: "stand-in", nowUs: BigInt(Date.now()) * 1000n, me: house.person(link.person), managesHouse: roles.includes("manager"), cohorts, locale: value.locale } } }]);
  }
  if (link.person === undefined) return socket.close(4502, "no Hello");
  switch (kind) {
    case "call": return call(link, id, value);
    case "query": return link.send([{ id, body: { case: "answer", value: { people: PEOPLE.map((one) => house.person(one.id)) } } }]);
    case "subscribe": return subscribe(link, id, value);
    case "unsubscribe": return link.subscriptions.delete(value.subscription);
    case "ping": return link.send([{ id, body: { case: "pong", value } }]);
    default: return undefined;
  }
}

function call(link, id, { command, dryRun }) {
  try {
    link.send([{ id, body: { case: "result", value: house.ask(link.person, command, { dry_run: dryRun }) } }]);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    link.send([{ id, body: { case: "error", value: problem.error } }]);
  }
}

function subscribe(link, id, asked) {
  const rows = house.rows(link.person, asked.topic, asked.initiative);
  if (asked.cohort !== COHORT || rows.length === 0) return link.send([{ id, body: { case: "error", value: { code: "NOT_FOUND", sentence: "There is nothing here that you may see" } } }]);
  const subscription = { topic: asked.topic, initiative: asked.initiative, seq: 0n, sent: new Set(rows.map((row) => row.key)) };
  link.subscriptions.set(id, subscription);
  const cursor = String(house.commit);
  const since = asked.cursor === "" ? Number.NaN : Number(asked.cursor);
  if (since <= house.commit) {
    link.send([{ id: 0, body: { case: "subState", value: { subscription: id, phase: 1, cursor: asked.cursor } } }]);
    const upsert = rows.filter((row) => Number(row.version) > since);
    if (upsert.length > 0) link.send([{ id: 0, body: { case: "delta", value: { subscription: id, seq: ++subscription.seq, cursor, upsert } } }]);
    return undefined;
  }
  if (asked.cursor !== "") link.send([{ id: 0, body: { case: "subState", value: { subscription: id, phase: 2 } } }]);
  const half = Math.ceil(rows.length / 2);
  return link.send([
    { id: 0, body: { case: "snapshot", value: { subscription: id, page: 0, rows: rows.slice(0, half) } } },
    { id: 0, body: { case: "snapshot", value: { subscription: id, page: 1, last: true, cursor, rows: rows.slice(half) } } },
    { id: 0, body: { case: "subState", value: { subscription: id, phase: 1, cursor } } },
  ]);
}

house.told = (keys) => {
  for (const link of links) {
    for (const [id, subscription] of link.subscriptions) {
      const upsert = house.rows(link.person, subscription.topic, subscription.initiative, keys);
      const there = new Set(upsert.map((row) => row.key));
      const remove = [...keys].filter((key) => subscription.sent.has(key) && !there.has(key));
      upsert.forEach((row) => subscription.sent.add(row.key));
      if (upsert.length + remove.length > 0) link.send([{ id: 0, body: { case: "delta", value: { subscription: id, seq: ++subscription.seq, cursor: String(house.commit), upsert, remove } } }]);
    }
  }
};

server.listen(Number(options.port), "127.0.0.1", () => {
  console.log(JSON.stringify({ base, links: Object.fromEntries([...tokens].map(([token]) => [token.split("-")[0], `${base}/#token=${token}`])) }));
});
