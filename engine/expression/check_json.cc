// `kvali eval --check`: what an expression would give, without evaluating it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/expression/bound.h"
#include "engine/expression/expression.h"
#include "engine/expression/json.h"

namespace kvali::expression {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string error_line(const std::string& message) { return dumped(Json{{"error", message}}); }

}  // namespace

std::string check_line(std::string_view line) {
  const Json request = Json::parse(line, nullptr, false);
  if (request.is_discarded() || !request.is_object()) return error_line("the line is not a JSON object");
  if (!request.contains("expr") || !request["expr"].is_string()) return error_line("the line has no \"expr\"");
  Declarations names;
  if (request.contains("container")) {
    if (!request["container"].is_string()) return error_line("\"container\" must be a text");
    names.set_container(request["container"].get<std::string>());
  }
  if (request.contains("types")) {
    if (!request["types"].is_object()) return error_line("\"types\" must be an object");
    for (const auto& [name, written] : request["types"].items()) {
      const auto type = written.is_string() ? type_of(written.get<std::string>()) : std::nullopt;
      if (!type) return error_line(fmt::format("types.{}: expected a type such as \"list(int)\"", name));
      names.add(name, *type);
    }
  }
  const auto expression = compile(request["expr"].get<std::string>(), &names);
  if (expression) {
    return dumped(Json{{"type", to_text(expression->type())}, {"work_units_max", bound_of(*expression, names).work_units}});
  }
  const Fault& first = expression.error().front();
  return dumped(Json{{"error", first.message}, {"at", {first.line, first.column}}});
}

}  // namespace kvali::expression
