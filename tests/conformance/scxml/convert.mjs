// SCXML → kvali.v1.Machine (the proto's JSON mapping). State ids become the names of nodes; done.state.ID becomes
// done.state.PATH.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Unsupported, assignmentsOf, celCondition, celLiteral, celOf, celString, notCel } from './javascript.mjs'
import { elements, parseXml, textOf } from './xml.mjs'

const kinds = { state: 'ATOMIC', parallel: 'PARALLEL', final: 'FINAL', history: 'HISTORY_SHALLOW' }
const ownProcessor = ['', 'scxml', 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor', 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor/']

/// "10ms", ".5s", "1s" → "PT0.01S", …; null when it is none.
function duration(text) {
  const match = /^\s*(\d*\.?\d+)\s*(ms|s|m|h)\s*$/.exec(text)
  if (!match) return null
  return `PT${Number((Number(match[1]) * { ms: 0.001, s: 1, m: 60, h: 3600 }[match[2]]).toFixed(6))}S`
}

class Converter {
  constructor(file) {
    this.file = file
    this.machine = { name: '', states: [], arrows: [], data: [] }
    this.indexOf = new Map()  // id → index
    this.elementOf = []       // index → element
    this.unnamed = 0
    this.names = {
      path: (id) => this.pathOf(id) ?? id,
      event: (name) => this.eventName(name),
    }
  }

  run() {
    const scxml = parseXml(readFileSync(this.file, 'utf8'))
    const { datamodel, name, binding } = scxml.attributes
    if (datamodel && datamodel !== 'ecmascript' && datamodel !== 'null') throw new Unsupported(`datamodel ${datamodel}`)
    if (binding === 'late') this.late = true
    this.machine.name = name ?? ''
    this.addState(scxml, 0)
    this.elementOf.forEach((element, index) => this.fill(element, index))
    for (const script of elements(scxml).filter((child) => child.name === 'script')) {
      const block = { actions: this.script(script) }
      this.machine.states[0].onEntry = [...(this.machine.states[0].onEntry ?? []), block]
    }
    return this.machine
  }

  addState(element, parent) {
    const index = this.machine.states.length
    const id = element.attributes.id ?? `unnamed_${++this.unnamed}`
    const children = elements(element).filter((child) => kinds[child.name])
    const node = { name: '', path: '', kind: 'COMPOUND', parent }
    if (element.name !== 'scxml') {
      const above = this.machine.states[parent].path
      node.name = id
      node.path = above ? `${above}.${id}` : id
      node.kind = kinds[element.name]
      if (element.name === 'state' && children.some((child) => child.name !== 'history')) node.kind = 'COMPOUND'
      if (element.attributes.type === 'deep') node.kind = 'HISTORY_DEEP'
      this.indexOf.set(id, index)
    }
    this.machine.states.push(node)
    this.elementOf.push(element)
    for (const child of children) this.addState(child, index)
  }

  pathOf(id) {
    const index = this.indexOf.get(id)
    return index === undefined ? undefined : this.machine.states[index].path
  }

  eventName(name) {
    const match = /^done\.state\.(.+)$/.exec(name)
    const path = match && this.pathOf(match[1])
    return path ? `done.state.${path}` : name
  }

  targets(text) {
    return (text ?? '').split(/\s+/).filter(Boolean).map((id) => {
      if (!this.indexOf.has(id)) throw new Unsupported(`leads to ${id}, which is no state`)
      return this.indexOf.get(id)
    })
  }

  fill(element, index) {
    const node = this.machine.states[index]
    if (element.attributes.initial) node.initial = this.targets(element.attributes.initial)
    for (const child of elements(element)) {
      switch (child.name) {
        case 'onentry': (node.onEntry ??= []).push({ actions: this.content(child) }); break
        case 'onexit': (node.onExit ??= []).push({ actions: this.content(child) }); break
        case 'initial': this.initial(node, elements(child)[0]); break
        case 'transition': element.name === 'history' ? this.initial(node, child) : this.arrow(index, child); break
        case 'datamodel': elements(child).forEach((data) => this.data(data)); break
        case 'donedata': node.doneData = this.doneData(child); break
        case 'invoke': throw new Unsupported('invokes another machine')
      }
    }
  }

  initial(node, transition) {
    node.initial = this.targets(transition.attributes.target)
    node.initialActions = this.content(transition)
  }

  arrow(source, element) {
    const { event, cond, target, type } = element.attributes
    const arrow = { source, targets: this.targets(target), actions: this.content(element) }
    if (event !== undefined) arrow.events = event.split(/\s+/).filter(Boolean).map((name) => this.eventName(name))
    if (cond !== undefined) arrow.guard = celCondition(cond, this.names)
    if (type === 'internal') arrow.internal = true
    this.machine.arrows.push(arrow)
  }

  data(element) {
    const { id, expr, src } = element.attributes
    if (this.late && this.machine.data.length) throw new Unsupported('binds its data late')
    const inline = textOf(element).trim()
    let value = ''
    if (src !== undefined) value = this.literal(readFileSync(join(dirname(this.file), src.replace(/^file:/, '')), 'utf8'))
    else if (expr !== undefined) value = celOf(expr, this.names)
    else if (elements(element).length) throw new Unsupported('holds XML as data')
    else if (inline) value = this.literal(inline)
    this.machine.data.push({ name: id, value: value || 'null' })
  }

  /// Text that stands in the document: JSON if it is, else the text with single blanks.
  literal(text) {
    if (/^\s*</.test(text)) throw new Unsupported('holds XML as data')
    try {
      return celLiteral(JSON.parse(text))
    } catch {
      return celString(text.trim().replace(/\s+/g, ' '))
    }
  }

  declare(name) {
    if (!this.machine.data.some((data) => data.name === name)) this.machine.data.push({ name, value: 'null' })
  }

  script(element) {
    const { src } = element.attributes
    const text = src ? readFileSync(join(dirname(this.file), src), 'utf8') : textOf(element)
    return assignmentsOf(text, this.names).map(({ location, value }) => {
      this.declare(location)
      return { assign: { location, value } }
    })
  }

  content(element) {
    return elements(element).flatMap((child) => this.actions(child))
  }

  actions(element) {
    const { attributes } = element
    const cel = (text) => celOf(text, this.names)
    switch (element.name) {
      case 'raise': return [{ raise: { event: attributes.event } }]
      case 'log': return attributes.expr === undefined ? [] : [{ log: cel(attributes.expr) }]
      case 'assign': return [{ assign: { location: attributes.location.trim(), value: this.value(element, attributes.expr) } }]
      case 'script': return this.script(element)
      case 'cancel':
        return [attributes.sendid === undefined ? { cancelExpression: cel(attributes.sendidexpr) } : { cancel: attributes.sendid }]
      case 'foreach':
        return [{ forEach: { in: cel(attributes.array), item: attributes.item, index: attributes.index ?? '', actions: this.content(element) } }]
      case 'if': return [{ choose: { branches: this.branches(element) } }]
      case 'send': return [{ send: this.send(element) }]
      default: throw new Unsupported(`<${element.name}>`)
    }
  }

  value(element, expr) {
    if (expr !== undefined) return celOf(expr, this.names)
    if (elements(element).length) throw new Unsupported('holds XML as data')
    return this.literal(textOf(element))
  }

  branches(element) {
    const branches = [{ condition: celCondition(element.attributes.cond, this.names), actions: [] }]
    for (const child of elements(element)) {
      if (child.name === 'elseif') branches.push({ condition: celCondition(child.attributes.cond, this.names), actions: [] })
      else if (child.name === 'else') branches.push({ condition: '', actions: [] })
      else branches[branches.length - 1].actions.push(...this.actions(child))
    }
    return branches
  }

  parameters(element) {
    return elements(element).filter((child) => child.name === 'param').map(({ attributes: { name, expr, location } }) => {
      return { location: name, value: celOf(expr ?? location, this.names) }
    })
  }

  doneData(element) {
    const content = elements(element).find((child) => child.name === 'content')
    return content ? [{ location: '', value: this.value(content, content.attributes.expr) }] : this.parameters(element)
  }

  send(element) {
    const { event, eventexpr, delay, delayexpr, id, idlocation, namelist, target, targetexpr, type, typeexpr } = element.attributes
    if (typeexpr !== undefined) throw new Unsupported('computes by what it sends')
    if (/basichttp/i.test(type + targetexpr)) throw new Unsupported('sends over HTTP')
    const send = { event: event ?? '', data: [] }
    if (eventexpr !== undefined) send.eventExpression = celOf(eventexpr, this.names)
    if (delay !== undefined) send.delay = duration(delay) ?? delay
    if (delayexpr !== undefined) send.delayExpression = this.delay(celOf(delayexpr, this.names))
    if (id !== undefined) send.id = id
    if (idlocation !== undefined) send.idLocation = idlocation
    send.target = ownProcessor.includes(type ?? '') ? (target ?? '') : 'no processor of that type'
    if (targetexpr !== undefined) send.targetExpression = celOf(targetexpr, this.names)
    for (const name of (namelist ?? '').split(/\s+/).filter(Boolean)) send.data.push({ location: name, value: name })
    send.data.push(...this.parameters(element))
    const content = elements(element).find((child) => child.name === 'content')
    if (content) send.content = this.value(content, content.attributes.expr)
    return send
  }

  delay(cel) {
    return cel === notCel ? cel : `duration(${cel.replace(/^"\./, '"0.')})`
  }
}

/// The machine of an SCXML file, and the id of each of its paths. Throws Unsupported for what CEL or the core machine does not
/// say.
export function convert(file) {
  const machine = new Converter(file).run()
  return { machine, ids: new Map(machine.states.map(({ path, name }) => [path, name])) }
}
