// The JavaScript that the suites write in conditions, expressions and scripts, as CEL. Whatever cannot be said in CEL throws
// Unsupported; text that is no JavaScript becomes `notCel`, which fails when it is evaluated, as the suites expect.

export class Unsupported extends Error {}

export const notCel = '@'

class NotJavaScript extends Error {}

const pattern =
  /\s*(?:\/\/[^\n]*\s*|\/\*[\s\S]*?\*\/\s*)*(?:(\d*\.\d+|\d+)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|([A-Za-z_$][\w$]*)|(===|!==|\+\+|--|\+=|-=|\*=|==|!=|<=|>=|&&|\|\||[-+*/%<>!=?:.,;(){}[\]|]))/y

function tokens(text) {
  const found = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text)
    if (!match) throw new NotJavaScript(`what is this: ${text}`)
    const [, number, string, name, sign] = match
    if (number !== undefined) found.push({ kind: 'number', text: number.startsWith('.') ? '0' + number : number })
    else if (string !== undefined) found.push({ kind: 'string', value: unquote(string) })
    else if (name !== undefined) found.push({ kind: 'name', text: name })
    else found.push({ kind: 'sign', text: sign })
  }
  return found
}

function unquote(text) {
  const escapes = { n: '\n', t: '\t', r: '\r' }
  return text.slice(1, -1).replace(/\\(.)/gs, (_, character) => escapes[character] ?? character)
}

const levels = { '||': 1, '&&': 2, '|': 3, '==': 4, '!=': 4, '===': 4, '!==': 4, '<': 5, '>': 5, '<=': 5, '>=': 5, in: 5, instanceof: 5, '+': 6, '-': 6, '*': 7, '/': 7, '%': 7 }
const words = new Set(['in', 'instanceof', 'typeof', 'function', 'return', 'new', 'var', 'if', 'for', 'while', 'throw'])

class Parser {
  constructor(text) {
    this.tokens = tokens(text)
    this.at = 0
  }
  peek(text) {
    const token = this.tokens[this.at]
    return token !== undefined && token.kind !== 'string' && token.kind !== 'number' && token.text === text
  }
  take(text) {
    if (!this.peek(text)) return false
    this.at++
    return true
  }
  need(text) {
    if (!this.take(text)) throw new NotJavaScript(`expected ${text}`)
  }
  get ended() {
    return this.at === this.tokens.length
  }
  whole() {
    const node = this.expression()
    if (!this.ended) throw new NotJavaScript('more than an expression')
    return node
  }
  expression(level = 1) {
    if (level === 1) {
      const condition = this.binary(1)
      if (!this.take('?')) return condition
      const yes = this.expression()
      this.need(':')
      return { kind: 'conditional', condition, yes, no: this.expression() }
    }
    return this.binary(level)
  }
  binary(level) {
    let left = this.unary()
    for (;;) {
      const token = this.tokens[this.at]
      const sign = token?.kind === 'sign' || token?.kind === 'name' ? token.text : ''
      if (!(levels[sign] >= level)) return left
      this.at++
      left = { kind: 'binary', sign, left, right: this.binary(levels[sign] + 1) }
    }
  }
  unary() {
    for (const sign of ['!', '-', 'typeof', '++', '--']) {
      if (this.take(sign)) return { kind: 'unary', sign, of: this.unary() }
    }
    if (this.peek('function') || this.peek('new')) throw new Unsupported('defines or makes a JavaScript object or function')
    return this.postfix(this.primary())
  }
  postfix(node) {
    for (;;) {
      if (this.take('.')) node = { kind: 'member', of: node, name: this.name() }
      else if (this.take('[')) {
        node = { kind: 'index', of: node, index: this.expression() }
        this.need(']')
      } else if (this.take('(')) node = { kind: 'call', of: node, inputs: this.list(')') }
      else return node
    }
  }
  name() {
    const token = this.tokens[this.at++]
    if (token?.kind !== 'name') throw new NotJavaScript('expected a name')
    return token.text
  }
  list(end) {
    const nodes = []
    while (!this.take(end)) {
      nodes.push(this.expression())
      if (!this.peek(end)) this.need(',')
    }
    return nodes
  }
  primary() {
    const token = this.tokens[this.at++]
    if (token === undefined) throw new NotJavaScript('ends too early')
    if (token.kind === 'number') return { kind: 'number', text: token.text }
    if (token.kind === 'string') return { kind: 'string', value: token.value }
    if (token.kind === 'name' && !words.has(token.text)) return { kind: 'name', name: token.text }
    if (token.text === '(') {
      const node = this.expression()
      this.need(')')
      return node
    }
    if (token.text === '[') return { kind: 'list', items: this.list(']') }
    if (token.text === '{') return this.object()
    throw new NotJavaScript(`unexpected ${token.text}`)
  }
  object() {
    const entries = []
    while (!this.take('}')) {
      const token = this.tokens[this.at++]
      if (token === undefined) throw new NotJavaScript('an object is not closed')
      this.need(':')
      entries.push([token.value ?? token.text, this.expression()])
      if (!this.peek('}')) this.need(',')
    }
    return { kind: 'object', entries }
  }
}

export const celString = (text) => JSON.stringify(text)

/// A JSON value as a CEL literal.
export function celLiteral(value) {
  if (Array.isArray(value)) return `[${value.map(celLiteral).join(', ')}]`
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? celString(value) : String(value)
  return `{${Object.entries(value).map(([key, inner]) => `${celString(key)}: ${celLiteral(inner)}`).join(', ')}}`
}

const isUndefined = (node) => node.kind === 'name' && node.name === 'undefined'
const isTypeofUndefined = (sign, left, right) =>
  ['==', '===', '!=', '!=='].includes(sign) && left.kind === 'unary' && left.sign === 'typeof' && right.kind === 'string' && right.value === 'undefined'

/// Writes parsed JavaScript as CEL. `names` maps state ids to paths, for In() and the names of done events.
class Writer {
  constructor(names) {
    this.names = names
  }
  write(node) {
    switch (node.kind) {
      case 'number': return node.text
      case 'string': return celString(this.names.event(node.value))
      case 'name': return isUndefined(node) ? 'null' : node.name
      case 'list': return `[${node.items.map((item) => this.write(item)).join(', ')}]`
      case 'object': return `{${node.entries.map(([key, value]) => `${celString(key)}: ${this.write(value)}`).join(', ')}}`
      case 'member': return this.member(node)
      case 'index': return `${this.write(node.of)}[${this.write(node.index)}]`
      case 'conditional': return `(${this.truth(node.condition)} ? ${this.write(node.yes)} : ${this.write(node.no)})`
      case 'unary': return this.unary(node)
      case 'binary': return this.binary(node)
      case 'call': return this.call(node)
    }
  }
  member(node) {
    if (node.name === 'length') return `size(${this.write(node.of)})`
    return `${this.write(node.of)}.${node.name}`
  }
  unary({ sign, of }) {
    if (sign === '!') return `!${this.truth(of)}`
    if (sign === '-') return `-${this.write(of)}`
    throw new Unsupported(`uses ${sign}`)
  }
  absent(node) {
    const text = this.write(node)
    return `(!has(${text}) || ${text} == null)`
  }
  binary({ sign, left, right }) {
    if (isTypeofUndefined(sign, left, right)) return (sign[0] === '!' ? '!' : '') + this.absent(left.of)
    if (isUndefined(right) && sign[0] !== '<') return (sign[0] === '!' ? '!' : '') + this.absent(left)
    if (sign === 'instanceof') {
      if (right.name === 'Array') return `(type(${this.write(left)}) == list)`
      throw new Unsupported(`asks whether something is a ${right.name}`)
    }
    if (sign === '&&' || sign === '||') return `(${this.truth(left)} ${sign} ${this.truth(right)})`
    if (sign === '|') return `(${this.truth(left)} || ${this.truth(right)})`
    if (sign === '+' && (this.isText(left) || this.isText(right))) return `(${this.text(left)} + ${this.text(right)})`
    const written = { '===': '==', '!==': '!=' }[sign] ?? sign
    return `(${this.write(left)} ${written} ${this.write(right)})`
  }
  isText(node) {
    return node.kind === 'string' || (node.kind === 'binary' && node.sign === '+' && (this.isText(node.left) || this.isText(node.right)))
  }
  text(node) {
    return this.isText(node) ? this.write(node) : `string(${this.write(node)})`
  }
  call({ of, inputs }) {
    const name = of.kind === 'name' ? of.name : of.kind === 'member' && of.of.kind === 'name' ? `${of.of.name}.${of.name}` : ''
    if (name === 'In' && inputs[0]?.kind === 'string') return `(${celString(this.names.path(inputs[0].value))} in _active)`
    if (name === 'JSON.stringify') return this.jsonOf(inputs[0])
    if (name === 'Math.pow' && inputs[1]?.kind === 'number') {
      return `(${Array(Number(inputs[1].text)).fill(this.write(inputs[0])).join(' * ')})`
    }
    if (of.kind === 'member' && of.name === 'concat' && of.of.kind === 'list' && of.of.items.length === 0) {
      return `(${inputs.map((input) => this.write(input)).join(' + ')})`
    }
    throw new Unsupported(`calls ${name || 'a function'}()`)
  }
  jsonOf(node) {  // only ever logged
    return node?.kind === 'name' && node.name === '_event' ? '_event.name' : `string(${this.write(node)})`
  }
  truth(node) {
    const boolean =
      (node.kind === 'binary' && !['+', '-', '*', '/', '%'].includes(node.sign)) ||
      (node.kind === 'unary' && node.sign === '!') ||
      (node.kind === 'name' && (node.name === 'true' || node.name === 'false')) ||
      (node.kind === 'call' && node.of.kind === 'name' && node.of.name === 'In')
    return boolean ? this.write(node) : `!(${this.write(node)} in [null, false, 0, ""])`
  }
}

function convert(text, write) {
  try {
    return write(new Parser(text).whole())
  } catch (error) {
    if (error instanceof NotJavaScript) return notCel
    throw error
  }
}

export const celOf = (text, names) => convert(text, (node) => new Writer(names).write(node))
export const celCondition = (text, names) => convert(text, (node) => new Writer(names).truth(node))

/// A script of assignments: [{ location, value }].
export function assignmentsOf(text, names) {
  const parser = new Parser(text)
  const writer = new Writer(names)
  const found = []
  while (!parser.ended) {
    if (parser.take(';')) continue
    if (parser.peek('function')) throw new Unsupported('defines a JavaScript function')
    if (found.length === 0 || !parser.take(',')) parser.take('var')
    const location = parser.name()
    if (parser.peek(',') || parser.peek(';') || parser.ended) continue  // var x: declared, not changed
    if (parser.take('++')) found.push({ location, value: `${location} + 1` })
    else if (parser.take('--')) found.push({ location, value: `${location} - 1` })
    else if (parser.take('=')) found.push({ location, value: writer.write(parser.expression()) })
    else if (parser.peek('+=') || parser.peek('-=') || parser.peek('*=')) {
      const sign = parser.tokens[parser.at++].text[0]
      found.push({ location, value: `${location} ${sign} (${writer.write(parser.expression())})` })
    } else throw new Unsupported(`runs more JavaScript than assignments: ${text.trim().slice(0, 40)}`)
  }
  return found
}
