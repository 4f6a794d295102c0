// @bufbuild/cel with our bindings and answers: cel.expr.Value in JSON, in and out.
import { celEnv, celUint, isCelList, isCelMap, isCelType, isCelUint, parse, plan, isCelError } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { fromJson, toJson } from '@bufbuild/protobuf'
import { isReflectMessage } from '@bufbuild/protobuf/reflect'
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'

const schemas = { Timestamp: TimestampSchema, Duration: DurationSchema }

function read(json) {
  const [kind] = Object.keys(json), held = json[kind]
  switch (kind) {
    case 'int64Value': return BigInt(held)
    case 'uint64Value': return celUint(BigInt(held))
    case 'doubleValue': return Number(held)
    case 'bytesValue': return new Uint8Array(Buffer.from(held, 'base64'))
    case 'listValue': return held.values.map(read)
    case 'mapValue': return new Map(held.entries.map(({ key, value }) => [read(key), read(value)]))
    case 'objectValue': return fromJson(schemas[held['@type'].split('.').at(-1)], held.value)
    default: return held
  }
}

function write(value) {
  if (value === null) return { nullValue: null }
  switch (typeof value) {
    case 'boolean': return { boolValue: value }
    case 'bigint': return { int64Value: String(value) }
    case 'number': return { doubleValue: Number.isFinite(value) ? value : String(value) }
    case 'string': return { stringValue: value }
  }
  if (isCelUint(value)) return { uint64Value: String(value.value) }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (isCelList(value)) return { listValue: { values: [...value].map(write) } }
  if (isCelMap(value)) return { mapValue: { entries: [...value.entries()].map(([key, held]) => ({ key: write(key), value: write(held) })) } }
  if (isCelType(value)) return { typeValue: value.name }
  if (isReflectMessage(value)) return { objectValue: { '@type': `type.googleapis.com/${value.desc.typeName}`, value: toJson(value.desc, value.message) } }
  throw new Error(`no form for ${value}`)
}

export class Peer {
  constructor(bindings) {
    this.env = celEnv({ funcs: strings })
    this.values = Object.fromEntries(Object.entries(bindings).map(([name, json]) => [name, read(json)]))
  }

  /** The answer as `kvali eval` gives it: {value} or {error}. */
  answer(source) {
    try {
      const result = plan(this.env, parse(source))(this.values)
      return isCelError(result) ? { error: result.message } : { value: write(result) }
    } catch (error) {
      return { error: String(error.message ?? error) }
    }
  }
}
