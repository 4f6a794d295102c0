// What the names of random trees are bound to.
#include <array>

#include "tests/engine/calendar/vilnius.h"
#include "tests/engine/expression/random_tree.h"

namespace kvali::expression::testing {

namespace {

/// A thing with fields, as a cohort shows itself to expressions.
class Fields final : public Struct {
 public:
  explicit Fields(std::vector<std::pair<std::string, Value>> fields) : fields_(std::move(fields)) {}
  std::optional<Value> get(std::string_view field) const override {
    for (const auto& [name, value] : fields_) {
      if (name == field) return value;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::pair<std::string, Value>> fields_;
};

Value any_value(Choices& choices, int depth);

Value any_list(Choices& choices, int depth) {
  std::vector<Value> items;
  for (std::size_t left = choices.below(5); left > 0; --left) items.push_back(any_value(choices, depth - 1));
  return Value::list(std::move(items));
}

Value any_map(Choices& choices, int depth) {
  static const std::array keys{Value::string("title"),     Value::string("minutes"), Value::string("a-b"),
                               Value::string("date"),      Value::integer(1),        Value::boolean(true),
                               Value::unsigned_integer(45)};
  std::vector<Map::Entry> entries;
  for (const Value& key : keys) {
    if (choices.one_in(3)) entries.emplace_back(key, any_value(choices, depth - 1));
  }
  return Value::map(std::move(entries)).value();
}

Value any_value(Choices& choices, int depth) {
  static const std::array simple{
      Value(),
      Value::boolean(true),
      Value::integer(-1),
      Value::integer(INT64_MAX),
      Value::unsigned_integer(UINT64_MAX),
      Value::number(-0.0),
      Value::number(__builtin_nan("")),
      Value::number(__builtin_inf()),
      Value::string("Kvali ąčę 😀"),
      Value::string(std::string(300, 'a')),
      Value::bytes(std::string("\0\xff", 2)),
      Value::instant(calendar::testing::at("2017-03-26T01:00:00Z")),
      Value::timestamp({-62135596800, 1}),
      Value::duration(INT64_MAX),
      Value::duration(-1),
      Value::date({2017, 3, 26}),
      Value::period(calendar::parse_period("P1M10D").value()),
      Value::type("int"),
      Value::none(),
      Value::some(Value::integer(7)),
      Value::sealed(12),
  };
  const std::size_t choice = choices.below(simple.size() + (depth > 0 ? 6 : 0));
  if (choice < simple.size()) return simple[choice];
  return choice % 2 == 0 ? any_list(choices, depth) : any_map(choices, depth);
}

}  // namespace

NamedValues random_bindings(Choices& choices) {
  const Value moments[] = {Value::instant(0), Value::instant(calendar::testing::at("2015-03-26T00:59:59.5Z")),
                           Value::instant(calendar::testing::at("2017-03-26T00:59:59.500001Z"))};
  NamedValues values{{"flag", Value::boolean(choices.one_in(2))},
                     {"count", Value::integer(static_cast<std::int64_t>(choices.below(7)) - 2)},
                     {"places", Value::unsigned_integer(choices.below(5))},
                     {"score", Value::number(static_cast<double>(choices.below(9)) / 2 - 1)},
                     {"title", Value::string(choices.one_in(2) ? "Kvali ąčę 😀" : "minutes")},
                     {"raw", Value::bytes("\xff\x01")},
                     {"sessions", any_list(choices, 3)},
                     {"initiative", any_map(choices, 3)},
                     {"founded", moments[choices.below(3)]},
                     {"pause", Value::duration(static_cast<std::int64_t>(choices.below(100)) * 36'000'000'000)},
                     {"closes", Value::date({2017, 3, 20 + static_cast<int>(choices.below(8))})},
                     {"notice", Value::period(calendar::parse_period("P10D").value())},
                     {"maybe", choices.one_in(2) ? Value::none() : Value::some(any_value(choices, 2))},
                     {"email", Value::sealed(choices.below(40))}};
  std::vector<std::pair<std::string, Value>> fields{{"title", any_value(choices, 2)}, {"date", any_value(choices, 0)}};
  values.set("cohort", Value::structure(std::make_unique<Fields>(std::move(fields))));
  if (choices.one_in(4))
    values.set(choices.any(std::array{"cohort.minutes", "initiative.title", "founded"}), any_value(choices, 2));
  return values;
}

}  // namespace kvali::expression::testing
