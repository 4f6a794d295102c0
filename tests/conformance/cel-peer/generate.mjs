// Random expressions as people could write them: of mostly fitting types, every literal in one of its spellings, over the
// bindings below. The same seed makes the same expressions.

/** A small generator of random numbers (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const object = (type, value) => ({ objectValue: { '@type': `type.googleapis.com/google.protobuf.${type}`, value } })
const string = (text) => ({ stringValue: text })
const entry = (key, value) => ({ key, value })

/** What the names stand for, as cel.expr.Value in JSON. */
export const bindings = {
  flag: { boolValue: true }, nothing: { nullValue: null },
  i: { int64Value: '7' }, lowest: { int64Value: '-9223372036854775808' }, u: { uint64Value: '3' }, highest: { uint64Value: '18446744073709551615' },
  d: { doubleValue: 2.5 }, nan: { doubleValue: 'NaN' }, endless: { doubleValue: 'Infinity' },
  s: string('Kvali ąž😀b'), raw: { bytesValue: 'AP+A4oKs' },
  list: { listValue: { values: [{ int64Value: '1' }, { uint64Value: '2' }, { doubleValue: 2.5 }, string('x'), { nullValue: null }] } },
  map: { mapValue: { entries: [entry(string('a'), { int64Value: '1' }), entry(string('b'), { listValue: { values: [{ int64Value: '1' }, { int64Value: '2' }] } }),
    entry(string('😀'), { boolValue: false })] } },
  moment: object('Timestamp', '2017-03-26T00:59:59.5Z'), while_: object('Duration', '5400.25s'),
}

const named = { bool: ['flag'], int: ['i', 'lowest'], uint: ['u', 'highest'], double: ['d', 'nan', 'endless'], string: ['s'], bytes: ['raw'], list: ['list'],
  map: ['map'], timestamp: ['moment'], duration: ['while_'], null: ['nothing'] }
const types = Object.keys(named)
const literals = {
  bool: ['true', 'false'], null: ['null'],
  int: ['0', '1', '-1', '2', '63', '9223372036854775807', '-9223372036854775808', '0x7fffffffffffffff', '-0x10', '9007199254740993'],
  uint: ['0u', '1u', '2U', '63u', '18446744073709551615u', '0xFFu'],
  double: ['0.0', '-0.0', '1.5', '-2.5', '.5', '1e300', '-1E-7', '9223372036854775807.0', '9007199254740993.0', 'double("NaN")', 'double("-Infinity")', '0.1'],
  string: ['""', "'a'", '"ą😀"', '"\\U0001F600x"', "r'\\n'", '"""a\'b"c"""', "'\\x41\\u0105\\101'", '"1"', '"-7"', '"2.5e3"', '"true"', '"%s"', '" \\t x "', '"[a-z]+"', '"ABC"'],
  bytes: ["b''", "b'a'", "b'\\xff\\000'", 'b"ą"', "br'\\x'"],
  timestamp: ['timestamp("2017-01-01T00:00:00Z")', 'timestamp("2016-12-31T23:59:59.999999999Z")', 'timestamp("0001-01-01T00:00:00Z")', 'timestamp("9999-12-31T23:59:59.999999999Z")',
    'timestamp("2016-02-29T12:30:00.25+02:00")', 'timestamp("1969-12-31T23:59:59.123Z")'],
  duration: ['duration("0s")', 'duration("1h30m")', 'duration("-1.5s")', 'duration("100ms")', 'duration("1ns")', 'duration("2562047h47m16.854775807s")', 'duration("-25h")'],
  list: ['[]', '[1, 2, 3]', '[1, 1.0, 1u]', '["b", "a"]', '[true, null]', '[[1], [2, 3]]', '[3, -1, 2]', '["x", "y😀"]'],
  map: ['{}', '{"a": 1, "b": 2}', '{1: "x", 2u: "y"}', '{true: null}', '{"k": {"a": 1}}'],
}
const zones = ['"UTC"', '"+02:00"', '"-05:30"', '"Australia/Sydney"', '"Asia/Kathmandu"']
const getters = ['getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getFullYear', 'getHours', 'getMilliseconds', 'getMinutes', 'getMonth', 'getSeconds']

export class Generator {
  constructor(seed) {
    this.random = randomOf(seed)
    this.scope = []
    this.macros = 0
  }

  below = (count) => Math.floor(this.random() * count)
  any = (list) => list[this.below(list.length)]
  type = () => this.any(types)

  next() {
    return this.make(this.type(), 2 + this.below(3))
  }

  make(type, depth) {
    if (this.below(60) === 0) type = this.type()
    if (depth === 0 || this.below(8) === 0) return this.leaf(type)
    const e = (wanted) => this.make(wanted, depth - 1)
    switch (this.below(14)) {
      case 0: return `(${e('bool')} ? ${e(type)} : ${e(type)})`
      case 1: return `${this.postfix(e('list'))}[${e(this.any(['int', 'int', 'uint', 'double']))}]`
      case 2: return `${this.postfix(e('map'))}[${e(this.any(['string', 'string', 'int', 'bool', 'double']))}]`
      case 3: return this.any([`${this.postfix(e('map'))}.${this.any(['a', 'b', 'k', 'missing'])}`, `dyn(${e(type)})`])
      default: return this[type](e, depth)
    }
  }

  leaf(type) {
    const inner = this.scope.length > 0 && this.below(3) === 0
    return inner ? this.any(this.scope) : this.any(this.below(3) === 0 ? named[type] : literals[type])
  }

  /** In parentheses where a selection or index would bind to a part of it. */
  postfix = (text) => (/^[-!]|^[\d.]|[-+*/%<>=&|?]| in /.test(text) ? `(${text})` : text)
  infix = (left, sign, right) => `(${left} ${sign} ${right})`
  method = (self, name, ...rest) => `${this.postfix(self)}.${name}(${rest.join(', ')})`

  macro(name, body, depth, range = this.any(['list', 'list', 'map'])) {
    const over = this.postfix(this.make(range, depth - 1))
    if (this.macros === 2) return over
    const variable = this.any(['x', 'y', 's', 'i'])
    this.scope.push(variable)
    this.macros += 1
    const bodies = body.map((type) => this.make(type, depth - 1)).join(', ')
    this.macros -= 1
    this.scope.pop()
    return `${over}.${name}(${variable}, ${bodies})`
  }

  bool(e, depth) {
    const same = this.type()
    switch (this.below(14)) {
      case 0: case 1: return this.infix(e('bool'), this.any(['&&', '||']), e('bool'))
      case 2: return `!${this.postfix(e('bool'))}`
      case 3: return this.infix(e(same), this.any(['==', '!=']), e(same))
      case 4: return this.infix(e(this.any(['int', 'uint', 'double'])), this.any(['==', '!=', '<', '<=', '>', '>=']), e(this.any(['int', 'uint', 'double'])))
      case 5: return this.infix(e(same), this.any(['<', '<=', '>', '>=']), e(same))
      case 6: return this.infix(e(this.type()), 'in', e(this.any(['list', 'map'])))
      case 7: return this.method(e('string'), this.any(['contains', 'startsWith', 'endsWith']), e('string'))
      case 8: return this.any([this.method(e('string'), 'matches', this.any(['"^[A-Z]"', '"a|b$"', '"\\\\d+"', '"."', '"["'])), `matches(${e('string')}, "ą?")`])
      case 9: case 10: return this.macro(this.any(['all', 'exists', 'exists_one', 'existsOne']), ['bool'], depth)
      case 11: return `has(${this.postfix(e('map'))}.${this.any(['a', 'b', 'missing'])})`
      case 12: return `bool(${e(this.any(['string', 'bool']))})`
      default: return this.infix(`type(${e(same)})`, this.any(['==', '!=']), this.any([`type(${e(same)})`, 'int', 'string', 'list', 'null_type', 'google.protobuf.Duration']))
    }
  }

  number(type, e) {
    const signs = type === 'double' ? ['+', '-', '*', '/'] : ['+', '-', '*', '/', '%']
    if (this.below(4) > 0) return this.infix(e(type), this.any(signs), e(type))
    return `${type}(${e(this.any(['int', 'uint', 'double', 'string', type === 'int' ? 'timestamp' : 'double']))})`
  }
  int(e) {
    switch (this.below(8)) {
      case 0: return `-${this.postfix(e('int'))}`
      case 1: return this.any([(x) => `size(${x})`, (x) => this.method(x, 'size')])(e(this.any(['string', 'bytes', 'list', 'map'])))
      case 2: return this.method(e('timestamp'), this.any(getters), ...(this.below(2) ? [this.any(zones)] : []))
      case 3: return this.method(e('duration'), this.any(['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds']))
      case 4: return this.method(e('string'), this.any(['indexOf', 'lastIndexOf']), e('string'), ...(this.below(2) ? [this.any(['0', '1', '3', '-1', '99'])] : []))
      default: return this.number('int', e)
    }
  }
  uint(e) { return this.number('uint', e) }
  double(e) { return this.below(6) === 0 ? `-${this.postfix(e('double'))}` : this.number('double', e) }
  null() { return this.leaf('null') }

  string(e) {
    const at = () => this.any(['0', '1', '2', '6', '-1', '99', 'i'])
    switch (this.below(12)) {
      case 0: case 1: return this.infix(e('string'), '+', e('string'))
      case 2: case 3: return `string(${e(this.any(['int', 'uint', 'double', 'bytes', 'timestamp', 'duration', 'bool', 'string']))})`
      case 4: return this.method(e('string'), 'charAt', at())
      case 5: return this.method(e('string'), 'substring', at(), ...(this.below(2) ? [at()] : []))
      case 6: return this.method(e('string'), this.any(['lowerAscii', 'upperAscii', 'trim']))
      case 7: return this.method(e('string'), 'replace', e('string'), e('string'), ...(this.below(2) ? [this.any(['0', '1', '-1', '2'])] : []))
      case 8: return this.method(this.any(['["a", "ą"]', '[]', '["x"]', e('list')]), 'join', ...(this.below(2) ? [e('string')] : []))
      case 9: return `strings.quote(${e('string')})`
      default: return this.method(this.any(['"%s"', '"%d"', '"%.2f"', '"%x|%X"', '"%o"', '"%b"', '"%e"', '"%%"', '"%s, %s"']), 'format', `[${e(this.type())}, ${e(this.type())}]`.replace(this.below(2) ? /, .*\]$/s : /$^/, ']'))
    }
  }
  bytes(e) { return this.below(2) ? this.infix(e('bytes'), '+', e('bytes')) : `bytes(${e(this.any(['string', 'bytes']))})` }
  timestamp(e) {
    switch (this.below(4)) {
      case 0: return this.infix(e('timestamp'), this.any(['+', '-']), e('duration'))
      case 1: return this.infix(e('duration'), '+', e('timestamp'))
      case 2: return `timestamp(${e(this.any(['int', 'timestamp']))})`
      default: return this.leaf('timestamp')
    }
  }
  duration(e) {
    switch (this.below(4)) {
      case 0: return this.infix(e('timestamp'), '-', e('timestamp'))
      case 1: return this.infix(e('duration'), this.any(['+', '-']), e('duration'))
      case 2: return `duration(${this.any(['"1.5h"', '"1m1s"', '"x"', '"-3us"', '".5s"'])})`
      default: return this.leaf('duration')
    }
  }
  list(e, depth) {
    switch (this.below(6)) {
      case 0: return this.infix(e('list'), '+', e('list'))
      case 1: return `[${Array.from({ length: this.below(4) }, () => e(this.type())).join(', ')}]`
      case 2: return this.macro('filter', ['bool'], depth)
      case 3: return this.macro('map', [this.type()], depth)
      case 4: return this.macro('map', ['bool', this.type()], depth)
      default: return this.method(e('string'), 'split', e('string'), ...(this.below(2) ? [this.any(['0', '1', '-1', '2'])] : []))
    }
  }
  map(e) {
    const entries = Array.from({ length: this.below(4) }, () => `${e(this.any(['string', 'string', 'string', 'int', 'uint', 'bool', ...(this.below(9) ? [] : ['double'])]))}: ${e(this.type())}`)
    return `{${entries.join(', ')}}`
  }
}
