// Plays the SCXML suites of @scion-scxml/test-framework through the driver (argument 1), comparing the whole configuration
// after the start and after each event; `after` moves the driver's clock. Cases that do not pass are named with their reason
// in exceptions.json: a failure that is not listed fails the run, and so does a listed case that passes.
//
//   node run.mjs DRIVER [--only PREFIX] [--reasons]     --reasons prints what fails as a new exceptions.json
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { convert } from './convert.mjs'
import { Unsupported } from './javascript.mjs'

const [driver, ...flags] = process.argv.slice(2)
const only = flags.includes('--only') ? flags[flags.indexOf('--only') + 1] : ''
const here = fileURLToPath(new URL('.', import.meta.url))
const suite = join(here, 'node_modules/@scion-scxml/test-framework/test')
const exceptions = JSON.parse(readFileSync(join(here, 'exceptions.json'), 'utf8'))

const child = spawn(driver, { stdio: ['pipe', 'pipe', 'inherit'] })
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

async function ask(line, ids) {
  child.stdin.write(JSON.stringify(line) + '\n')
  const { value, done } = await answers.next()
  if (done) throw new Error(`the driver ended at ${JSON.stringify(line).slice(0, 200)}`)
  const answer = JSON.parse(value)
  if (answer.error) throw new Error(answer.error)
  return answer.active.map((path) => ids.get(path)).sort()
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)

function expect(found, wanted, when) {
  if (!same(found, [...wanted].sort())) throw new Error(`${when}: in ${found.join(' ')}, expected ${wanted.join(' ')}`)
}

async function play(path) {
  const script = JSON.parse(readFileSync(path, 'utf8'))
  const { machine, ids } = convert(path.replace(/json$/, 'scxml'))
  expect(await ask({ machine }, ids), script.initialConfiguration, 'at the start')
  for (const [index, { after, event, nextConfiguration }] of script.events.entries()) {
    if (after) await ask({ advance: `PT${after / 1000}S` }, ids)
    const line = 'data' in event ? { event: event.name, data: event.data } : { event: event.name }
    expect(await ask(line, ids), nextConfiguration, `after event ${index + 1}, ${event.name}`)
  }
}

/// Whether the W3C manifest calls the assertion mandatory: "test403a" stands there as test 403.
const manifest = readFileSync(join(suite, 'w3c-ecma/manifest.xml'), 'utf8')
const mandatory = new Set([...manifest.matchAll(/<test id="(\w+)" conformance="mandatory"/g)].map((match) => match[1]))
function groupOf(name) {
  if (!name.startsWith('w3c-ecma/')) return 'native'
  const id = /test(\d+)/.exec(name)[1]
  return mandatory.has(id) ? 'W3C mandatory' : 'W3C optional'
}

const tally = {}
const unexpected = []
const reasons = {}
let passed = 0
for (const folder of readdirSync(suite).sort()) {
  for (const file of readdirSync(join(suite, folder)).filter((name) => name.endsWith('.json')).sort()) {
    const name = `${folder}/${file.replace(/\.json$/, '')}`
    if (!name.startsWith(only)) continue
    const count = (tally[groupOf(name)] ??= { passed: 0, all: 0 })
    count.all++
    try {
      await play(join(suite, folder, file))
      count.passed++
      if (exceptions[name]) unexpected.push(`${name} passes, though exceptions.json says: ${exceptions[name]}`)
      else passed++
    } catch (error) {
      if (error instanceof Unsupported) reasons[name] = error.message
      else reasons[name] = `fails ${error.message}`
      if (!exceptions[name]) unexpected.push(`${name} ${reasons[name]}`)
    }
  }
}
child.stdin.end()

if (flags.includes('--reasons')) console.log(JSON.stringify(reasons, null, 2))
for (const line of unexpected) console.log(line)
for (const [group, { passed: good, all }] of Object.entries(tally)) console.log(`${group}: ${good} of ${all}`)
console.log(`not passed, as exceptions.json says: ${Object.keys(reasons).filter((name) => exceptions[name]).length}`)
console.log(`${passed} passed, ${unexpected.length} failed`)
process.exit(unexpected.length ? 1 : 0)
