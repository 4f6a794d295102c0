// Judges an evaluator of CEL by the conformance tests of cel-spec (npm @bufbuild/cel-spec).
//
//   node run.mjs COMMAND [ARGUMENT…]      e.g.  node run.mjs ../../../build/release/kvali eval --zones
//
// COMMAND reads lines {"expr", "bindings", "container"} and answers each with {"value": VALUE} or {"error": "…"}. Value and
// kind must be the expected ones; where an error is expected, any error will do, as the specification says. exceptions.json
// names every case that need not pass, with the reason; a case listed there that passes fails the run, so does an unlisted
// one that does not.
//
// The same command with --check tells types: the 47 tests of type deduction ask for them, and everything above that the
// specification does not exempt from checking has to be well typed, as the type of the answer it expects.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";
import { conforms, declared, written } from "./types.mjs";

const core = ["comparisons", "parse", "conversions", "timestamps", "integer_math", "fields", "string", "macros", "basic",
  "lists", "logic", "fp_math", "plumbing", "namespace"];
const extensions = ["string_ext", "math_ext", "optionals", "macros2", "bindings_ext", "encoders_ext"];

// Tests about protobuf messages are no business of an evaluator without messages.
function isProtoFree(test) {
  if (test.checkOnly || test.typedResult) return false;
  if (/TestAllTypes|google\.protobuf|GlobalEnum/.test(test.expr)) return false;
  return !/"(objectValue|enumValue|typeUrl)"|TestAllTypes|GlobalEnum/.test(JSON.stringify(test));
}

function collect(suite, file, path, wanted, found) {
  for (const inner of suite.suites ?? []) collect(inner, file ?? inner.name, [...path, inner.name], wanted, found);
  for (const { original } of suite.tests ?? []) {
    if (wanted(original)) found.push({ file, id: [...path, original.name].join("/"), test: original });
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

function typeQuestion({ test }) {
  return JSON.stringify({ expr: test.expr, types: declared(test), container: test.container ?? "" });
}

// The type, and where the test is not of the check alone, the value too (those of messages have none here).
function judgeDeduction({ test }, answer, evaluation) {
  const expected = written(test.typedResult.deducedType);
  if ("error" in answer) return `expected ${expected}, got the error: ${answer.error}`;
  if (answer.type !== expected) return `expected ${expected}, got ${answer.type}`;
  if (test.checkOnly || test.bindings) return "";
  return judge({ test: { value: test.typedResult.result } }, evaluation);
}

function judgeCheck({ test }, answer) {
  if ("error" in answer) return `expected it to be well typed, got the error: ${answer.error}`;
  if (test.evalError) return "";
  const expected = test.value ?? { boolValue: true };
  return conforms(expected, answer.type) ? "" : `expected the type of ${JSON.stringify(expected)}, got ${answer.type}`;
}

const [command, ...args] = process.argv.slice(2);
if (!command) {
  console.error("usage: node run.mjs COMMAND [ARGUMENT…]");
  process.exit(2);
}

function answersTo(lines, ...options) {
  const run = spawnSync(command, [...args, ...options], { input: lines.join("\n") + "\n", encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.error || run.status === null || run.status > 1) {  // 1: a line was answered with an error
    console.error(`${command} failed: ${run.error?.message ?? run.signal ?? `exit ${run.status}`}\n${run.stderr ?? ""}`);
    process.exit(3);
  }
  const answers = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  if (answers.length !== lines.length) {
    console.error(`${lines.length} questions, ${answers.length} answers`);
    process.exit(1);
  }
  return answers;
}

const all = [...core, ...extensions];
const evaluated = collect(tests, null, [], isProtoFree, []).filter(({ file }) => all.includes(file));
const checked = evaluated.filter(({ test }) => !test.disableCheck)
  .map((one) => ({ ...one, id: `check: ${one.id}`, file: "well typed" }));
const deduced = collect(tests, null, [], (test) => test.typedResult !== undefined, []);
const wanted = [...all, "type_deductions", "well typed"];
const cases = [...evaluated, ...deduced, ...checked];
const deducedValues = answersTo(deduced.map((one) => question({ test: { ...one.test, bindings: {} } })));
const faultsOf = [
  ...answersTo(evaluated.map(question)).map((answer, i) => judge(evaluated[i], answer)),
  ...answersTo(deduced.map(typeQuestion), "--check").map((answer, i) => judgeDeduction(deduced[i], answer, deducedValues[i])),
  ...answersTo(checked.map(typeQuestion), "--check").map((answer, i) => judgeCheck(checked[i], answer)),
];

const exceptions = new Map(JSON.parse(readFileSync(new URL("exceptions.json", import.meta.url), "utf8")).map((e) => [`${e.id}\n${e.expr}`, e]));
const counts = Object.fromEntries(wanted.map((file) => [file, { passed: 0, failed: 0 }]));
let faults = 0;
cases.forEach((one, i) => {
  const why = faultsOf[i];
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
for (const [name, files] of [["core", core], ["extensions", extensions], ["deductions", ["type_deductions"]]]) {
  const passed = sum(files, "passed");
  console.log(`${name.padEnd(14)} ${passed} of ${passed + sum(files, "failed")}`);
}
// What is listed with its reason need not pass and is not counted.
const passed = sum(wanted, "passed");
console.log(`${passed} passed, ${faults} failed`);
process.exit(faults === 0 ? 0 : 1);
