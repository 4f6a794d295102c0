// Ten guards of guard_bench.json, compiled once and evaluated in a loop. Prints one JSON line: of each guard its
// evaluations a second and the bytes that its compiled form holds, counted where they are allocated.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/expression/expression.h"
#include "tests/bench/bytes_held.h"

namespace {

using namespace kvali::expression;
using kvali::bench::bytes_held;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

Value value_of(const Json& json) {
  if (json.is_boolean()) return Value::boolean(json.get<bool>());
  if (json.is_number_integer()) return Value::integer(json.get<std::int64_t>());
  if (json.is_number()) return Value::number(json.get<double>());
  if (json.is_string()) return Value::string(json.get<std::string>());
  if (json.is_array()) {
    std::vector<Value> items;
    for (const Json& item : json) items.push_back(value_of(item));
    return Value::list(std::move(items));
  }
  if (json.contains("at")) return Value::instant(kvali::calendar::parse_instant(json["at"].get<std::string>()).value());
  std::vector<Map::Entry> entries;
  for (const auto& [key, held] : json.items()) entries.emplace_back(Value::string(key), value_of(held));
  return Value::map(std::move(entries)).value();
}

double evaluations_a_second(const Expression& guard, const Bindings& bindings, const Context& context, bool expected) {
  constexpr int rounds = 3, turns = 1'000;
  constexpr std::chrono::milliseconds round_ms{100};
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const Clock::time_point begin = Clock::now();
    double evaluated = 0;
    while (Clock::now() - begin < round_ms) {
      for (int i = 0; i < turns; ++i) {
        const Outcome outcome = evaluate(guard, bindings, context);
        if (!outcome.result || !outcome.result->is(Kind::Bool) || outcome.result->as_bool() != expected) std::exit(3);
      }
      evaluated += turns;
    }
    best = std::max(best, evaluated / std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return best;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  std::ifstream file(words[1]);
  Json figures = Json::object();
  for (const Json& one : Json::parse(file)) {
    NamedValues bindings;
    for (const auto& [name, value] : one["bindings"].items()) bindings.set(name, value_of(value));
    const auto source = one["expr"].get<std::string>();
    const Context context{.now = kvali::calendar::parse_instant("2018-03-20T09:00:00Z").value()};
    const std::size_t before = bytes_held();
    const Expression guard = compile(source).value();
    const std::size_t bytes = bytes_held() - before;
    figures[one["name"].get<std::string>()] = {
        {"evaluations", evaluations_a_second(guard, bindings, context, one["is"].get<bool>())},
        {"bytes", bytes},
        {"source_bytes", source.size()}};
  }
  std::puts(figures.dump().c_str());
}
