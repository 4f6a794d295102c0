// The same stories as step_bench.cc, through xstate's pure transition(). Prints one JSON line of steps a second.
import { readFileSync } from 'node:fs'
import { createMachine, getInitialSnapshot, transition } from 'xstate'

function config(states) {
  const made = {}
  for (const from of states) {
    const state = (made[from.name] = {})
    if (from.kind) state.type = from.kind
    if (from.kind === 'history') Object.assign(state, { history: 'deep', target: '#bench.' + from.default })
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

function paths(value, above = '') {
  if (typeof value === 'string') return [above + value]
  const entries = Object.entries(value)
  return entries.flatMap(([name, inner]) => (typeof inner === 'object' && Object.keys(inner).length === 0 ? [above + name] : paths(inner, above + name + '.')))
}

function play(machine, snapshot, story) {
  for (const type of story) snapshot = transition(machine, snapshot, { type })[0]
  return snapshot
}

function expectAt(snapshot, ends) {
  const reached = paths(snapshot.value).sort()
  if (JSON.stringify(reached) !== JSON.stringify(ends)) throw new Error(`a story ends at ${reached} instead of ${ends}`)
}

/** What the main thread has computed for, in seconds; Node's own helpers do not count. */
const processorSeconds = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9

function stepsASecond(machine, from, story, ends) {
  let best = 0
  for (let round = 0; round < 5; ++round) {
    const begin = processorSeconds()
    let steps = 0
    while (processorSeconds() - begin < 0.3) {
      for (let i = 0; i < 50; ++i) play(machine, from, story)
      steps += 50 * story.length
    }
    best = Math.max(best, steps / (processorSeconds() - begin))
  }
  expectAt(play(machine, from, story), ends)
  return best
}

const figures = {}
for (const file of process.argv.slice(2)) {
  const bench = JSON.parse(readFileSync(file))
  const machine = createMachine({ id: 'bench', initial: bench.states[0].name, states: config(bench.states) })
  const start = getInitialSnapshot(machine)
  if (bench.once) expectAt(play(machine, start, bench.once.story), bench.once.ends)
  for (const [name, story] of Object.entries(bench.stories)) figures[name] = stepsASecond(machine, play(machine, start, bench.lead[name]), story, bench.ends[name])
}
console.log(JSON.stringify(figures))
