#include "engine/statechart/step_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/statechart/json_value.h"

namespace kvali::statechart {
namespace {

using expression::Value;
using nlohmann::json;

Result<std::string> text_of(const json& line, const char* key) {
  const json& value = line.at(key);
  if (!value.is_string()) return fail(fmt::format("\"{}\" is a text, not {}", key, value.dump()));
  return value.get<std::string>();
}

Result<Value> data_of(const json& line) {
  if (!line.contains("data")) return Value::map(std::vector<expression::Map::Entry>{});
  if (!line.at("data").is_object()) return fail("\"data\" of a move is an object of fields");
  return value_of(line.at("data"));
}

Result<void> known_keys(const json& line, std::initializer_list<const char*> keys) {
  for (const auto& [key, value] : line.items()) {
    if (std::none_of(keys.begin(), keys.end(), [&](const char* known) { return key == known; })) {
      return fail(fmt::format("\"{}\" says nothing here; expected {}", key, fmt::join(keys, ", ")));
    }
  }
  return {};
}

Result<void> play_move(Interpreter& interpreter, const json& line) {
  if (auto known = known_keys(line, {"move", "by", "data", "assume"}); !known) return known;
  const auto name = text_of(line, "move");
  if (!name) return fail(name.error());
  const auto by = line.contains("by") ? text_of(line, "by") : Result<std::string>("");
  if (!by) return fail(by.error());
  const auto data = data_of(line);
  if (!data) return fail(data.error());
  return interpreter.move(*name, *by, *data);
}

Result<void> play_event(Interpreter& interpreter, const json& line) {
  if (auto known = known_keys(line, {"event", "data", "assume"}); !known) return known;
  const auto name = text_of(line, "event");
  if (!name) return fail(name.error());
  if (!line.contains("data")) return interpreter.dispatch(*name);
  const auto data = value_of(line.at("data"));
  if (!data) return fail(data.error());
  return interpreter.dispatch(*name, *data);
}

Result<void> play_time(Interpreter& interpreter, const json& line) {
  if (auto known = known_keys(line, {"advance", "at"}); !known) return known;
  if (line.contains("at")) {
    const auto text = text_of(line, "at");
    const auto instant = text ? calendar::parse_instant(*text) : Result<calendar::Instant>(fail(text.error()));
    return instant ? interpreter.advance_to(*instant) : Result<void>(fail(instant.error()));
  }
  const auto text = text_of(line, "advance");
  if (!text) return fail(text.error());
  const auto period = calendar::parse_period(*text);
  if (!period) return fail(period.error());
  const auto& options = interpreter.options();
  return interpreter.advance_to(calendar::shift(options.zone, options.holidays, options.now, *period));
}

Result<void> play_bind(Interpreter& interpreter, const json& line) {
  if (auto known = known_keys(line, {"bind"}); !known) return known;
  if (!line.at("bind").is_object()) return fail("\"bind\" is an object of names and their values");
  for (const auto& [name, json_value] : line.at("bind").items()) {
    auto value = value_of(json_value);
    if (!value) return fail(value.error());
    if (auto done = interpreter.bind(name, std::move(*value)); !done) return done;
  }
  return {};
}

Result<void> play_assume(Interpreter& interpreter, const json& line) {
  const json& assumed = line.at("assume");
  if (!assumed.is_object()) return fail("\"assume\" is an object of guards and whether they hold");
  for (const auto& [source, holds] : assumed.items()) {
    if (!holds.is_boolean()) return fail(fmt::format("whether `{}` holds is true or false, not {}", source, holds.dump()));
    interpreter.assume(source, holds.get<bool>());
  }
  return line.size() == 1 ? interpreter.ask_again() : Result<void>();
}

json due_of(const Interpreter& interpreter) {
  json all = json::array();
  for (const Interpreter::Due& due : interpreter.due()) {
    json one{{"event", due.event}};
    if (!due.path.empty()) one["in"] = due.path;
    due.at ? one["at"] = calendar::to_string(*due.at) : one["unknown"] = due.why;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

StepLines::StepLines(std::shared_ptr<const Chart> chart, Interpreter::Options options)
    : interpreter_(std::move(chart), std::move(options)) {}

Result<void> StepLines::play(const json& line) {
  if (!line.is_object()) return fail(fmt::format("a line is a JSON object, not {}", line.dump().substr(0, 60)));
  const bool only_assumes = line.contains("assume") && line.size() == 1;
  if (interpreter_.configuration().active.empty() && !line.contains("bind") && !only_assumes) {
    return fail("it has not been started yet");
  }
  if (line.contains("assume")) {
    if (auto done = play_assume(interpreter_, line); !done || only_assumes) return done;
  }
  if (line.contains("move")) return play_move(interpreter_, line);
  if (line.contains("event")) return play_event(interpreter_, line);
  if (line.contains("advance") || line.contains("at")) return play_time(interpreter_, line);
  if (line.contains("bind")) return play_bind(interpreter_, line);
  if (line.contains("freed")) {
    if (auto known = known_keys(line, {"freed", "assume"}); !known) return known;
    const auto quota = text_of(line, "freed");
    return quota ? interpreter_.place_freed(*quota) : Result<void>(fail(quota.error()));
  }
  return fail("a line holds one of \"move\", \"event\", \"advance\", \"at\", \"bind\", \"freed\" and \"assume\"");
}

json StepLines::answer(const Result<void>& played, const Interpreter& before) {
  if (!played) {
    interpreter_ = before;
    return json{{"error", played.error().message}};
  }
  const Interpreter::Happened happened = interpreter_.take_happened();
  const Chart& chart = interpreter_.chart();
  json answer{{"active", json::array()},
              {"raised", happened.raised},
              {"due", due_of(interpreter_)},
              {"now", calendar::to_string(interpreter_.now())}};
  for (const StateId state : atomic_states(chart, interpreter_.configuration()))
    answer["active"].push_back(chart.path(state));
  for (const v1::TellEffect& tell : happened.told) {
    answer["told"].push_back(
        {{"roles", std::vector<std::string>(tell.roles().begin(), tell.roles().end())}, {"message", tell.message()}});
  }
  if (!happened.opened.empty()) answer["opened"] = happened.opened;
  if (!happened.blocked.empty()) answer["blocked"] = happened.blocked;
  if (!happened.logged.empty()) answer["logged"] = happened.logged;
  if (interpreter_.configuration().done) answer["done"] = true;
  return answer;
}

json StepLines::start() {
  const Interpreter before = interpreter_;
  return answer(interpreter_.start(), before);
}

json StepLines::step_line(const json& line) {
  const Interpreter before = interpreter_;
  return answer(play(line), before);
}

std::string StepLines::step_line(const std::string& line) {
  const json read = json::parse(line, nullptr, false);
  const json answered = read.is_discarded() ? json{{"error", "this line is no JSON"}} : step_line(read);
  return answered.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace kvali::statechart
