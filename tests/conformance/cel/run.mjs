// Judges an evaluator of CEL by the conformance tests of cel-spec (npm @bufbuild/cel-spec).
//
//   node run.mjs COMMAND [ARGUMENT…]      e.g.  node run.mjs ../../../build/release/kvali eval --zones
//
// COMMAND reads lines {"expr", "bindings", "container"} and answers each with {"value": VALUE} or {"error": "…"}. Value and
// kind must be the expected ones; where an error is expected, any error will do, as the specification says. exceptions.json
// names every case that need not pass, with the reason; a case listed there that passes fails the run, so does an unlisted
// one that does not.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";

const core = ["comparisons", "parse", "conversions", "timestamps", "integer_math", "fields", "string", "macros", "basic",
  "lists", "logic", "fp_math", "plumbing", "namespace"];
const extensions = ["string_ext", "math_ext", "optionals", "macros2", "bindings_ext", "encoders_ext"];

// Tests about protobuf messages are no business of an evaluator without messages.
function isProtoFree(test) {
  if (test.checkOnly || test.typedResult) return false;
  if (/TestAllTypes|google\.protobuf|GlobalEnum/.test(test.expr)) return false;
  return !/"(objectValue|enumValue|typeUrl)"|TestAllTypes|GlobalEnum/.test(JSON.stringify(test));
}

function collect(suite, file, path, found) {
  for (const inner of suite.suites ?? []) collect(inner, file ?? inner.name, [...path, inner.name], found);
  for (const { original } of suite.tests ?? []) {
    if (isProtoFree(original)) found.push({ file, id: [...path, original.name].join("/"), test: original });
  }
  return found;
}

function question({ test }) {
  const bindings = {};
  for (const [name, { value }] of Object.entries(test.bindings ?? {})) bindings[name] = value;
  return JSON.stringify({ expr: test.expr, bindings, container: test.container ?? "" });
}

function sameNumber(a, b) {
  const x = Number(a ?? 0), y = Number(b ?? 0);
  return x === y || (Number.isNaN(x) && Number.isNaN(y));
}

function same(expected, actual) {
  const [kind] = Object.keys(expected);
  if (actual === null || typeof actual !== "object" || Object.keys(actual)[0] !== kind) return false;
  const a = expected[kind], b = actual[kind];
  switch (kind) {
    case "doubleValue": return sameNumber(a, b);
    case "int64Value": case "uint64Value": return BigInt(a) === BigInt(b);
    case "listValue": {
      const x = a.values ?? [], y = b.values ?? [];
      return x.length === y.length && x.every((item, i) => same(item, y[i]));
    }
    case "mapValue": {
      const x = a.entries ?? [], y = b.entries ?? [];
      return x.length === y.length && x.every((one) => y.some((other) => same(one.key, other.key) && same(one.value, other.value)));
    }
    default: return a === b;
  }
}

function judge({ test }, answer) {
  if (test.evalError) return "error" in answer ? "" : `expected an error, got ${JSON.stringify(answer.value)}`;
  const expected = test.value ?? { boolValue: true };
  if ("error" in answer) return `expected ${JSON.stringify(expected)}, got the error: ${answer.error}`;
  return same(expected, answer.value) ? "" : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(answer.value)}`;
}

const [command, ...args] = process.argv.slice(2);
if (!command) {
  console.error("usage: node run.mjs COMMAND [ARGUMENT…]");
  process.exit(2);
}
const wanted = [...core, ...extensions];
const cases = collect(tests, null, [], []).filter(({ file }) => wanted.includes(file));
const input = cases.map(question).join("\n") + "\n";
const run = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
if (run.error || run.status !== 0) {
  console.error(`${command} failed: ${run.error?.message ?? run.signal ?? `exit ${run.status}`}\n${run.stderr ?? ""}`);
  process.exit(3);
}
const answers = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
if (answers.length !== cases.length) {
  console.error(`${cases.length} questions, ${answers.length} answers`);
  process.exit(1);
}

const exceptions = new Map(JSON.parse(readFileSync(new URL("exceptions.json", import.meta.url), "utf8")).map((e) => [`${e.id}\n${e.expr}`, e]));
const counts = Object.fromEntries(wanted.map((file) => [file, { passed: 0, failed: 0 }]));
let faults = 0;
cases.forEach((one, i) => {
  const why = judge(one, answers[i]);
  counts[one.file][why ? "failed" : "passed"] += 1;
  const key = `${one.id}\n${one.test.expr}`;
  const listed = exceptions.get(key);
  exceptions.delete(key);
  if (why && !listed) {
    faults += 1;
    console.log(`FAILED ${one.id}\n  ${one.test.expr}\n  ${why}`);
  } else if (!why && listed) {
    faults += 1;
    console.log(`PASSES, but is listed as an exception: ${one.id}\n  ${one.test.expr}`);
  }
});
for (const { id } of exceptions.values()) {
  faults += 1;
  console.log(`LISTED, but there is no such case: ${id}`);
}
const sum = (files, key) => files.reduce((total, file) => total + counts[file][key], 0);
for (const file of wanted) console.log(`${file.padEnd(14)} ${counts[file].passed} passed, ${counts[file].failed} failed`);
for (const [name, files] of [["core", core], ["extensions", extensions]]) {
  const passed = sum(files, "passed");
  console.log(`${name.padEnd(14)} ${passed} of ${passed + sum(files, "failed")}`);
}
// What is listed with its reason need not pass and is not counted.
const passed = sum(wanted, "passed");
console.log(`${passed} passed, ${faults} failed`);
process.exit(faults === 0 ? 0 : 1);
