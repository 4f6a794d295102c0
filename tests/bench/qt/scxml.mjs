// The machine of a bench as SCXML, each state under its path: node scxml.mjs deep_bench.json > deep.scxml
import { readFileSync } from 'node:fs'

const bench = JSON.parse(readFileSync(process.argv[2]))
const tags = { parallel: 'parallel', final: 'final', history: 'history' }

function written(states, above) {
  return states.map((from) => {
    const id = above + from.name, tag = tags[from.kind] ?? 'state'
    const initial = tag === 'state' && from.states ? ` initial="${id}.${from.states[0].name}"` : ''
    const arrows = Object.entries(from.on ?? {}).map(([event, target]) => `<transition event="${event}" target="${target}"/>`)
    if (from.default) arrows.push(`<transition target="${from.default}"/>`)
    return [`<${tag} id="${id}"${tag === 'history' ? ' type="deep"' : ''}${initial}>`, ...arrows, written(from.states ?? [], id + '.'), `</${tag}>`]
      .filter(Boolean).join('\n')
  }).join('\n')
}

console.log(`<?xml version="1.0"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="null" initial="${bench.states[0].name}">
${written(bench.states, '')}
</scxml>`)
