// The types of cel-spec's tests, written as `kvali eval --check` reads and answers them.
const primitives = { BOOL: "bool", INT64: "int", UINT64: "uint", DOUBLE: "double", STRING: "string", BYTES: "bytes" };
const wellKnown = { TIMESTAMP: "timestamp", DURATION: "duration", ANY: "dyn" };

// The message of the tests as a record of those fields that they ask for, in the order of their names.
const message = "{repeated_nested_message: list({bb: int}), single_duration: duration, single_int64: int, " +
  "single_int64_wrapper: wrapper(int), single_string_wrapper: wrapper(string), single_timestamp: timestamp}";

// The type of cel.expr.Type in its JSON form; undefined for what there is no word for.
export function written(type) {
  const [kind] = Object.keys(type);
  const value = type[kind];
  const family = (name, ...parts) => {
    const inner = parts.map(written);
    return inner.includes(undefined) ? undefined : `${name}(${inner.join(", ")})`;
  };
  switch (kind) {
    case "primitive": return primitives[value];
    case "wellKnown": return wellKnown[value];
    case "wrapper": return `wrapper(${primitives[value]})`;
    case "null": return "null";
    case "dyn": return "dyn";
    case "type": return "type";
    case "listType": return family("list", value.elemType ?? { dyn: {} });
    case "mapType": return family("map", value.keyType ?? { dyn: {} }, value.valueType ?? { dyn: {} });
    case "messageType": return value.endsWith(".TestAllTypes") ? message : undefined;
    case "abstractType": return value.name === "optional_type" ? family("optional", value.parameterTypes[0]) : undefined;
    default: return undefined;
  }
}

// What a test declares, by name. Functions cannot be declared and are left out: calls of them are faults.
export function declared(test) {
  const types = {};
  for (const { name, ident } of test.typeEnv ?? []) {
    const type = ident && written(ident.type);
    if (type) types[name] = type;
  }
  return types;
}

// Whether a value, as the tests write it, is one of that type.
export function conforms(value, type) {
  if (type === "dyn") return true;
  const [kind] = Object.keys(value);
  const open = type.indexOf("(");
  const name = open < 0 ? type : type.slice(0, open);
  const inner = open < 0 ? "" : type.slice(open + 1, -1);
  switch (kind) {
    case "nullValue": return !["bool", "int", "uint", "double", "string", "bytes", "list", "map", "type"].includes(name);
    case "boolValue": return name === "bool";
    case "int64Value": return name === "int";
    case "uint64Value": return name === "uint";
    case "doubleValue": return name === "double";
    case "stringValue": return name === "string";
    case "bytesValue": return name === "bytes";
    case "typeValue": return name === "type";
    case "listValue": return name === "list" && (value[kind].values ?? []).every((item) => conforms(item, inner));
    case "mapValue": {
      if (name !== "map") return false;
      let depth = 0, comma = 0;
      for (; comma < inner.length && (depth > 0 || inner[comma] !== ","); comma += 1) depth += { "(": 1, ")": -1 }[inner[comma]] ?? 0;
      const key = inner.slice(0, comma), held = inner.slice(comma + 2);
      return (value[kind].entries ?? []).every((one) => conforms(one.key, key) && conforms(one.value, held));
    }
    default: return name === "timestamp" || name === "duration";
  }
}
