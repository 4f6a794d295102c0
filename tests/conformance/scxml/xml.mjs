// Reads the XML that the suites are written in: elements, attributes, text, CDATA, comments, the five entities and
// character references. Gives { name, attributes, children } with texts as strings and names without their prefix; throws
// on what is not well-formed.

const named = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decode(text) {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name) => {
    if (name[0] !== '#') return named[name] ?? whole
    return String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10))
  })
}

const local = (name) => name.slice(name.indexOf(':') + 1)

export function parseXml(text) {
  const root = { name: '', attributes: {}, children: [] }
  const open = [root]
  const token = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy
  for (let match; token.lastIndex < text.length; ) {
    const at = token.lastIndex
    match = token.exec(text)
    if (!match) throw new Error(`not well-formed XML at character ${at}: ${text.slice(at, at + 30)}`)
    const [, cdata, closed, opened, attributes, empty, plain] = match
    const inner = open[open.length - 1]
    if (cdata !== undefined) inner.children.push(cdata)
    else if (plain !== undefined) inner.children.push(decode(plain))
    else if (closed !== undefined) {
      if (inner.name !== local(closed)) throw new Error(`</${closed}> closes <${inner.name}>`)
      open.pop()
    } else if (opened !== undefined) {
      const element = { name: local(opened), attributes: {}, children: [] }
      for (const [, name, , double, single] of attributes.matchAll(/([^\s=]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
        element.attributes[name] = decode(double ?? single)
      }
      inner.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (open.length !== 1) throw new Error(`<${open[open.length - 1].name}> is not closed`)
  return root.children.find((child) => typeof child === 'object')
}

export const elements = (element) => element.children.filter((child) => typeof child === 'object')
export const textOf = (element) => element.children.filter((child) => typeof child === 'string').join('')
