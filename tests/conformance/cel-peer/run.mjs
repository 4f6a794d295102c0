// Compares `kvali eval` with @bufbuild/cel over generated expressions.
//
//   node run.mjs COUNT COMMAND [ARGUMENT…]
//
// Answers must be the same value, or both an error. A difference must belong to a class of differences.mjs, which says who
// is right by which line of the specification; any other fails. SHOW=N prints the first N differences of no class.
import { spawnSync } from 'node:child_process'
import { classes } from './differences.mjs'
import { bindings, Generator } from './generate.mjs'
import { Peer } from './peer.mjs'

const seed = 2017
const [count, command, ...words] = process.argv.slice(2)

function same(a, b) {
  const [kind] = Object.keys(a)
  if (kind !== Object.keys(b)[0]) return false
  const x = a[kind], y = b[kind]
  if (kind === 'doubleValue') return Object.is(Number(x), Number(y))
  if (kind === 'listValue') {
    const xs = x.values ?? [], ys = y.values ?? []
    return xs.length === ys.length && xs.every((item, at) => same(item, ys[at]))
  }
  if (kind === 'mapValue') {
    const xs = x.entries ?? [], ys = y.entries ?? []
    return xs.length === ys.length && xs.every((one) => ys.some((other) => same(one.key, other.key) && same(one.value, other.value)))
  }
  if (kind === 'objectValue') return x['@type'] === y['@type'] && x.value.replace(/(\.\d*?)0+(?=[sZ])/, '$1').replace(/\.(?=[sZ])/, '') === y.value.replace(/(\.\d*?)0+(?=[sZ])/, '$1').replace(/\.(?=[sZ])/, '')
  return x === y
}

const generator = new Generator(seed)
const expressions = Array.from({ length: Number(count) }, () => generator.next())
const input = expressions.map((expr) => JSON.stringify({ expr, bindings })).join('\n') + '\n'
const asked = spawnSync(command, words, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
if (asked.status === null || asked.status > 1) {
  console.error(`${command} failed: ${asked.error?.message ?? asked.signal ?? `exit ${asked.status}`}\n${asked.stderr ?? ''}`)
  process.exit(3)
}
const ours = asked.stdout.trimEnd().split('\n').map((line) => JSON.parse(line))
if (asked.status !== (ours.some((answer) => 'error' in answer) ? 1 : 0)) {
  console.error(`kvali eval ended with ${asked.status}: 1 is for lines answered with an error, 0 for none`)
  process.exit(3)
}
if (ours.length !== expressions.length) throw new Error(`${expressions.length} questions, ${ours.length} answers`)

const peer = new Peer(bindings)
const met = new Map(classes.map(({ name }) => [name, 0]))
let agreed = 0, errors = 0, unexplained = 0
expressions.forEach((expr, at) => {
  const mine = ours[at], theirs = peer.answer(expr)
  const bothFail = 'error' in mine && 'error' in theirs
  if (bothFail || (mine.value && theirs.value && same(mine.value, theirs.value))) {
    agreed += 1
    errors += bothFail ? 1 : 0
    return
  }
  const found = classes.find(({ when }) => when(expr, mine, theirs))
  if (found) return met.set(found.name, met.get(found.name) + 1)
  unexplained += 1
  if (unexplained <= Number(process.env.SHOW ?? 10)) {
    console.log(`DIFFERS ${expr}\n  kvali:    ${JSON.stringify(mine)}\n  bufbuild: ${JSON.stringify(theirs)}`)
  }
})
console.log(`${expressions.length} expressions: ${agreed} answered alike (${errors} of them by an error), ${expressions.length - agreed - unexplained} in an explained way, ${unexplained} otherwise`)
for (const [name, times] of met) console.log(`${String(times).padStart(7)}  ${name}`)
console.log(`${unexplained === 0 ? 1 : 0} passed, ${unexplained} failed`)
process.exit(unexplained === 0 ? 0 : 1)
