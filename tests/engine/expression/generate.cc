#include "tests/engine/expression/generate.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/unification.h"
#include "engine/expression/utf8.h"

namespace kvali::expression::testing {

namespace {

const std::vector<TypeKind> scalars{TypeKind::Bool,  TypeKind::Int,       TypeKind::Uint,     TypeKind::Double, TypeKind::String,
                                    TypeKind::Bytes, TypeKind::Timestamp, TypeKind::Duration, TypeKind::Date,   TypeKind::Period};

class Fields final : public Struct {
 public:
  explicit Fields(std::vector<std::pair<std::string, Value>> fields) : fields_(std::move(fields)) {}
  std::optional<Value> get(std::string_view name) const override {
    for (const auto& [field, value] : fields_) {
      if (field == name) return value;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::pair<std::string, Value>> fields_;
};

}  // namespace

std::vector<std::pair<std::string, Type>> generated_names() {
  const Type visit = Type::record({{"kind", Type(TypeKind::String).at_most(8)},
                                   {"minutes", TypeKind::Int},
                                   {"on", TypeKind::Date},
                                   {"note", TypeKind::Sealed}});
  return {{"yes", TypeKind::Bool},
          {"count", TypeKind::Int},
          {"places", TypeKind::Uint},
          {"area", TypeKind::Double},
          {"town", Type(TypeKind::String).at_most(40)},
          {"blob", Type(TypeKind::Bytes).at_most(30)},
          {"at", TypeKind::Timestamp},
          {"length", TypeKind::Duration},
          {"starts", TypeKind::Date},
          {"wait", TypeKind::Period},
          {"figures", Type::list(TypeKind::Int).at_most(12)},
          {"words", Type::list(Type(TypeKind::String).at_most(20)).at_most(9)},
          {"days", Type::list(TypeKind::Date).at_most(5)},
          {"prices", Type::map(Type(TypeKind::String).at_most(6), TypeKind::Int).at_most(7)},
          {"visits", Type::list(visit).at_most(10)},
          {"visit", visit},
          {"maybe", Type::optional(TypeKind::Int)},
          {"any", Type().at_most(20)}};
}

Type Generator::any_type(int depth) {
  if (depth > 0 && below(4) == 0) {
    Type inner = any_type(depth - 1);
    if (below(3) > 0) return Type::list(std::move(inner));
    return Type::map(below(2) == 0 ? TypeKind::String : TypeKind::Int, std::move(inner));
  }
  return scalars[below(scalars.size())];
}

std::string Generator::leaf(const Type& type) {
  std::vector<const std::string*> known;
  for (const auto& [name, declared] : names_) {
    if (declared == type) known.push_back(&name);
  }
  if (!known.empty() && below(2) == 0) return *known[below(known.size())];
  switch (type.kind()) {
    case TypeKind::Bool: return pick({"true", "false", "has(visit.on)", "(any == 3)"});
    case TypeKind::Int: return pick({"0", "1", "2", "-1", "7", "visit.minutes", "9223372036854775807", "size(visit.note)", "maybe.orValue(4)"});
    case TypeKind::Uint: return pick({"0u", "1u", "18446744073709551615u"});
    case TypeKind::Double: return pick({"0.5", "1.0", "-2.25", "1e300"});
    case TypeKind::String: return pick({"''", "'a'", "'Žemyna'", "visit.kind", "'%s and %d'", "'2017-01-11'"});
    case TypeKind::Bytes: return pick({"b''", "b'abc'", "b'\\xff'"});
    case TypeKind::Timestamp: return pick({"now", "timestamp('2017-01-11T18:00:00Z')"});
    case TypeKind::Duration: return pick({"duration('1h')", "duration('-90s')"});
    case TypeKind::Date: return pick({"date('2017-03-26')", "visit.on"});
    case TypeKind::Period: return pick({"period('2 years')", "period('3 days')", "period('4 working days')"});
    case TypeKind::List: return fmt::format("[{}]", leaf(type.part()));
    case TypeKind::Map: return fmt::format("{{{}: {}}}", leaf(type.part(0)), leaf(type.part(1)));
    case TypeKind::Optional: return fmt::format("optional.of({})", leaf(type.part()));
    default: return "any";
  }
}

template <class Body>
std::string Generator::walked(const Type& item, int depth, Body body) {
  const std::string range = expression(Type::list(item), depth - 1);
  const std::string name = fmt::format("v{}", variables_++);
  ++macros_;
  names_.emplace_back(name, item);
  std::string made = body(range, name);
  names_.pop_back();
  --macros_;
  return made;
}

/// Ways to any type.
std::string Generator::wrapped(const Type& type, int depth) {
  const auto inner = [&] { return expression(type, depth - 1); };
  switch (below(7)) {
    case 0: return fmt::format("({} ? {} : {})", boolean(depth - 1), inner(), inner());
    case 1: return fmt::format("[{}, {}][{}]", inner(), inner(), pick({"0", "1", "2", "0"}));
    case 2: {
      const Type bound = any_type();
      const std::string value = expression(bound, depth - 1), name = fmt::format("v{}", variables_++);
      names_.emplace_back(name, bound);
      std::string made = fmt::format("cel.bind({}, {}, {})", name, value, inner());
      names_.pop_back();
      return made;
    }
    case 3: return fmt::format("{{'k': {}}}.k", inner());
    case 4: return fmt::format("optional.of({}).orValue({})", inner(), inner());
    case 5: return fmt::format("[{}][?{}].orValue({})", inner(), whole(depth - 1), inner());
    default: return fmt::format("optional.of({}).optMap(o, o).value()", inner());
  }
}

std::string Generator::expression(const Type& type, int depth) {
  if (depth <= 0) return leaf(type);
  if (below(5) == 0) return wrapped(type, depth);
  switch (type.kind()) {
    case TypeKind::Bool: return boolean(depth);
    case TypeKind::Int: return whole(depth);
    case TypeKind::Uint:
    case TypeKind::Double: return number(type, depth);
    case TypeKind::String: return text(depth);
    case TypeKind::Bytes: return below(2) == 0 ? fmt::format("bytes({})", text(depth - 1)) : fmt::format("({0} + {0})", leaf(type));
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Date: return time(type, depth);
    case TypeKind::List: return list(type, depth);
    case TypeKind::Map: return map(type, depth);
    default: return leaf(type);
  }
}

std::string Generator::boolean(int depth) {
  if (depth <= 0) return leaf(TypeKind::Bool);
  const auto inner = [&] { return expression(TypeKind::Bool, depth - 1); };
  const auto one = [&](TypeKind kind) { return expression(kind, depth - 1); };
  switch (below(macros_ < 2 ? 12 : 9)) {
    case 0: return fmt::format("({} && {})", inner(), inner());
    case 1: return fmt::format("({} || {} || {})", inner(), inner(), inner());
    case 2: return fmt::format("!{}", inner());
    case 3: {
      const Type type = any_type();
      return fmt::format("({} == {})", expression(type, depth - 1), expression(type, depth - 1));
    }
    case 4: {
      const TypeKind kind = scalars[below(9)];
      return fmt::format("({} {} {})", one(kind), pick({"<", "<=", ">", ">="}), one(kind));
    }
    case 5: {
      const Type type = any_type(1);
      return fmt::format("({} in {})", expression(type, depth - 1), expression(Type::list(type), depth - 1));
    }
    case 6: return fmt::format("{}.{}({})", one(TypeKind::String), pick({"contains", "startsWith", "endsWith"}), one(TypeKind::String));
    case 7: return fmt::format("{}.matches({})", one(TypeKind::String), pick({"'^a+$'", "'[0-9]{2}'", "town"}));
    case 8: return fmt::format("({} != {})", one(TypeKind::Int), one(TypeKind::Double));
    case 9: return fmt::format("visits.{}(w, w.minutes > {} && has(w.kind))", pick({"all", "exists", "exists_one"}), whole(0));
    default:
      return walked(any_type(1), depth, [&](const std::string& range, const std::string& name) {
        return fmt::format("{}.{}({}, {})", range, pick({"all", "exists", "existsOne"}), name, boolean(depth - 1));
      });
  }
}

std::string Generator::whole(int depth) {
  if (depth <= 0) return leaf(TypeKind::Int);
  const auto one = [&](const Type& type) { return expression(type, depth - 1); };
  switch (below(10)) {
    case 0:
    case 1: return fmt::format("({} {} {})", one(TypeKind::Int), pick({"+", "-", "*", "/", "%"}), one(TypeKind::Int));
    case 2: return fmt::format("size({})", one(TypeKind::String));
    case 3: return fmt::format("size({})", one(Type::list(any_type(1))));
    case 4: return fmt::format("{}.{}()", one(TypeKind::Timestamp), pick({"getFullYear", "getHours", "getDayOfWeek"}));
    case 5: return fmt::format("int({})", one(below(2) == 0 ? TypeKind::Double : TypeKind::String));
    case 6: return fmt::format("{}.{}({})", one(TypeKind::String), pick({"indexOf", "lastIndexOf"}), one(TypeKind::String));
    case 7: return fmt::format("math.{}({}, {})", pick({"greatest", "least"}), one(TypeKind::Int), one(TypeKind::Int));
    case 8: return fmt::format("{}.sum({})", one(Type::list(TypeKind::Int)), below(2) == 0 ? "" : "1");
    default: return fmt::format("-{}", one(TypeKind::Int));
  }
}

std::string Generator::number(const Type& type, int depth) {
  const auto one = [&] { return expression(type, depth - 1); };
  if (below(2) == 0) return fmt::format("({} {} {})", one(), pick({"+", "-", "*", "/"}), one());
  if (type.is(TypeKind::Uint)) return fmt::format("uint({})", whole(depth - 1));
  return below(2) == 0 ? fmt::format("double({})", whole(depth - 1)) : fmt::format("math.floor({})", one());
}

std::string Generator::text(int depth) {
  if (depth <= 0) return leaf(TypeKind::String);
  const auto one = [&] { return expression(TypeKind::String, depth - 1); };
  switch (below(11)) {
    case 0:
    case 1: return fmt::format("({} + {})", one(), one());
    case 2: return fmt::format("string({})", expression(scalars[below(scalars.size())], depth - 1));
    case 3: return fmt::format("{}.substring({})", one(), whole(0));
    case 4: return fmt::format("{}.replace({}, {})", one(), one(), one());
    case 5: return fmt::format("{}.join({})", expression(Type::list(TypeKind::String), depth - 1), one());
    case 6: return fmt::format("{}.{}()", one(), pick({"trim", "lowerAscii", "upperAscii", "reverse"}));
    case 7: return fmt::format("{}.charAt({})", one(), whole(0));
    case 8: return fmt::format("'%s-%s'.format([{}, {}])", expression(any_type(), depth - 1), expression(any_type(), depth - 1));
    case 9: return fmt::format("strings.quote({})", one());
    default: return fmt::format("base64.encode({})", expression(TypeKind::Bytes, depth - 1));
  }
}

std::string Generator::time(const Type& type, int depth) {
  const auto one = [&](TypeKind kind) { return expression(kind, depth - 1); };
  switch (type.kind()) {
    case TypeKind::Timestamp:
      if (below(3) == 0) return fmt::format("timestamp({})", one(TypeKind::Date));
      return fmt::format("({} {} {})", one(TypeKind::Timestamp), pick({"+", "-"}),
                         one(below(2) == 0 ? TypeKind::Duration : TypeKind::Period));
    case TypeKind::Date:
      if (below(3) == 0) return fmt::format("date({})", one(TypeKind::Timestamp));
      return fmt::format("({} {} {})", one(TypeKind::Date), pick({"+", "-"}), one(TypeKind::Period));
    default:
      if (below(2) == 0) return fmt::format("({} - {})", one(TypeKind::Timestamp), one(below(2) == 0 ? TypeKind::Date : TypeKind::Timestamp));
      return fmt::format("({} + {})", one(TypeKind::Duration), one(TypeKind::Duration));
  }
}

std::string Generator::list(const Type& type, int depth) {
  const auto item = [&] { return expression(type.part(), depth - 1); };
  switch (below(macros_ < 2 ? 6 : 3)) {
    case 0: return fmt::format("[{}, {}, ?optional.of({})]", item(), item(), item());
    case 1: return fmt::format("({} + {})", expression(type, depth - 1), expression(type, depth - 1));
    case 2:
      if (type.part().is(TypeKind::String)) return fmt::format("{}.split({})", text(depth - 1), text(depth - 1));
      return fmt::format("[{}]", item());
    case 3:
      return walked(type.part(), depth, [&](const std::string& range, const std::string& name) {
        return fmt::format("{}.filter({}, {})", range, name, boolean(depth - 1));
      });
    case 4:
      return walked(any_type(1), depth, [&](const std::string& range, const std::string& name) {
        return fmt::format("{}.map({}, {}, {})", range, name, boolean(depth - 1), item());
      });
    default:
      return walked(any_type(1), depth, [&](const std::string& range, const std::string& name) {
        return fmt::format("{}.transformList(i, {}, {})", range, name, item());
      });
  }
}

std::string Generator::map(const Type& type, int depth) {
  const bool by_number = type.part(0).is(TypeKind::Int);
  const auto item = [&] { return expression(type.part(1), depth - 1); };
  if (by_number && macros_ < 2 && below(2) == 0) {
    return walked(any_type(1), depth, [&](const std::string& range, const std::string& name) {
      return fmt::format("{}.transformMap(i, {}, {})", range, name, item());
    });
  }
  if (by_number) return fmt::format("{{1: {}, 2: {}}}", item(), item());
  return fmt::format("{{'a': {}, 'b': {}, ?'c': optional.of({})}}", item(), item(), item());
}

Value Generator::value(const Type& type) {
  const std::uint64_t size = type.size_max() == 0 ? 6 : type.size_max();
  switch (type.kind()) {
    case TypeKind::Bool: return Value::boolean(below(2) == 0);
    case TypeKind::Int: return Value::integer(static_cast<std::int64_t>(below(2000)) - 1000);
    case TypeKind::Uint: return Value::unsigned_integer(below(100));
    case TypeKind::Double: return Value::number(static_cast<double>(below(4000)) / 8 - 100);
    case TypeKind::String: {
      std::string text;
      for (std::size_t left = below(size + 1); left > 0; --left) utf8::append(text, below(3) == 0 ? 0x10348 : U'a' + static_cast<char32_t>(below(3)));
      return Value::string(std::move(text));
    }
    case TypeKind::Bytes: return Value::bytes(std::string(below(size + 1), 'x'));
    case TypeKind::Timestamp: return Value::timestamp({static_cast<std::int64_t>(below(4'000'000'000)), 0});
    case TypeKind::Duration: return Value::duration(static_cast<std::int64_t>(below(1'000'000'000'000)));
    case TypeKind::Date: return Value::date({2017, 1 + static_cast<int>(below(12)), 1 + static_cast<int>(below(28))});
    case TypeKind::Period: return Value::period({.working_days = static_cast<std::int32_t>(below(200))});
    case TypeKind::Sealed: return Value::sealed(below(50));
    case TypeKind::List: {
      std::vector<Value> items;
      for (std::size_t left = below(size + 1); left > 0; --left) items.push_back(value(type.part()));
      return Value::list(std::move(items));
    }
    case TypeKind::Map: {
      std::vector<Map::Entry> entries;
      for (std::size_t i = below(size + 1); i > 0; --i) entries.emplace_back(Value::string(fmt::format("k{}", i)), value(type.part(1)));
      return *Value::map(std::move(entries));
    }
    case TypeKind::Record: {
      std::vector<std::pair<std::string, Value>> fields;
      for (const auto& [name, field] : type.fields()) {
        if (below(8) > 0) fields.emplace_back(name, value(field));
      }
      return Value::structure(std::make_unique<Fields>(std::move(fields)));
    }
    case TypeKind::Optional: return below(2) == 0 ? Value::none() : Value::some(value(type.part()));
    default: return below(2) == 0 ? Value::integer(3) : Value::list({Value::string("a"), Value::list({Value::integer(1)})});
  }
}

bool conforms(const Value& value, const Type& type) {
  if (value.is(Kind::Null)) return may_be_null(type);
  switch (type.kind()) {
    case TypeKind::Dyn: return true;
    case TypeKind::Null: return false;
    case TypeKind::Bool: return value.is(Kind::Bool);
    case TypeKind::Int: return value.is(Kind::Int);
    case TypeKind::Uint: return value.is(Kind::Uint);
    case TypeKind::Double: return value.is(Kind::Double);
    case TypeKind::String: return value.is(Kind::String);
    case TypeKind::Bytes: return value.is(Kind::Bytes);
    case TypeKind::Timestamp: return value.is(Kind::Timestamp);
    case TypeKind::Duration: return value.is(Kind::Duration);
    case TypeKind::Date: return value.is(Kind::Date);
    case TypeKind::Period: return value.is(Kind::Period);
    case TypeKind::Type: return value.is(Kind::Type);
    case TypeKind::Sealed: return value.is(Kind::Sealed);
    case TypeKind::List: {
      if (!value.is(Kind::List)) return false;
      for (std::size_t i = 0; i < value.as_list().size(); ++i) {
        if (!conforms(value.as_list().at(i), type.part())) return false;
      }
      return true;
    }
    case TypeKind::Map: {
      if (!value.is(Kind::Map)) return false;
      const auto& entries = value.as_map().entries();
      return std::all_of(entries.begin(), entries.end(),
                         [&](const Map::Entry& one) { return conforms(one.first, type.part(0)) && conforms(one.second, type.part(1)); });
    }
    case TypeKind::Optional: return value.is(Kind::Optional) && (value.as_optional() == nullptr || conforms(*value.as_optional(), type.part()));
    case TypeKind::Wrapper: return conforms(value, type.part());
    case TypeKind::Record: return value.is(Kind::Struct);
    case TypeKind::Parameter: return false;
  }
  return false;
}

}  // namespace kvali::expression::testing
