// The same stories as step_bench.cc, through xstate's pure transition(). Prints one JSON line of steps a second.
import { readFileSync } from 'node:fs'
import { createMachine, getInitialSnapshot, transition } from 'xstate'

const bench = JSON.parse(readFileSync(new URL('step_bench.json', import.meta.url)))

function config(states, initialOf) {
  const made = {}
  for (const from of states) {
    const state = (made[from.name] = {})
    if (from.kind) state.type = from.kind
    if (from.states) {
      state.states = config(from.states)
      if (from.kind !== 'parallel') state.initial = from.states[0].name
    }
    for (const [event, target] of Object.entries(from.on ?? {})) {
      state.on ??= {}
      state.on[event] = { target: '#bench.' + target, ...(from.if?.includes(event) ? { guard: () => true } : {}) }
    }
    if (from.done) state.onDone = '#bench.' + from.done
  }
  return made
}

const machine = createMachine({ id: 'bench', initial: bench.states[0].name, states: config(bench.states) })

function paths(value, above = '') {
  if (typeof value === 'string') return [above + value]
  const entries = Object.entries(value)
  return entries.flatMap(([name, inner]) => (typeof inner === 'object' && Object.keys(inner).length === 0 ? [above + name] : paths(inner, above + name + '.')))
}

function play(snapshot, story) {
  for (const type of story) snapshot = transition(machine, snapshot, { type })[0]
  return snapshot
}

function stepsASecond(from, story, ends) {
  let best = 0
  for (let round = 0; round < 5; ++round) {
    const begin = performance.now()
    let steps = 0
    while (performance.now() - begin < 300) {
      for (let i = 0; i < 50; ++i) play(from, story)
      steps += 50 * story.length
    }
    best = Math.max(best, (steps * 1000) / (performance.now() - begin))
  }
  const reached = paths(play(from, story).value).sort()
  if (JSON.stringify(reached) !== JSON.stringify(ends)) throw new Error(`a story ends at ${reached} instead of ${ends}`)
  return best
}

const start = getInitialSnapshot(machine)
const figures = {}
for (const [name, story] of Object.entries(bench.stories)) {
  const from = bench.from[name] === 'mentoring' ? play(start, ['submit', 'pass', 'select', 'accept']) : start
  figures[name] = stepsASecond(from, story, bench.ends[name])
}
console.log(JSON.stringify(figures))
