// The same guards through @bufbuild/cel, planned once. Prints one JSON line of evaluations a second.
import { readFileSync } from 'node:fs'
import { celEnv, parse, plan } from '@bufbuild/cel'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'

const rounds = 4, round_ms = 100, turns = 200

function valueOf(json) {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json
  if (Array.isArray(json)) return json.map(valueOf)
  if (typeof json !== 'object') return json
  if (json.at) return timestampFromDate(new Date(json.at))
  return new Map(Object.entries(json).map(([key, held]) => [key, valueOf(held)]))
}

function evaluationsASecond(guard, bindings, expected) {
  let best = 0
  for (let round = 0; round < rounds; ++round) {
    const begin = performance.now()
    let evaluated = 0
    while (performance.now() - begin < round_ms) {
      for (let i = 0; i < turns; ++i) {
        const result = guard(bindings)
        if (result !== expected) throw new Error(`${result} instead of ${expected}`)
      }
      evaluated += turns
    }
    best = Math.max(best, (evaluated * 1000) / (performance.now() - begin))
  }
  return best
}

const env = celEnv()
const now = timestampFromDate(new Date('2018-03-20T09:00:00Z'))
const figures = {}
for (const { name, expr, bindings, is } of JSON.parse(readFileSync(new URL('guard_bench.json', import.meta.url)))) {
  const values = { now }
  for (const [key, held] of Object.entries(bindings)) values[key] = valueOf(held)
  figures[name] = { evaluations: evaluationsASecond(plan(env, parse(expr)), values, is) }
}
console.log(JSON.stringify(figures))
