#include "engine/expression/explain_json.h"

#include <nlohmann/json.hpp>

#include "engine/expression/json.h"
#include "engine/expression/say.h"

namespace kvali::expression {

namespace {

using Json = nlohmann::ordered_json;

class GivenLabels final : public Labels {
 public:
  explicit GivenLabels(const Json& labels) : labels_(labels) {}
  std::string label(std::string_view path, std::string_view) const override {
    const auto found = labels_.is_object() ? labels_.find(std::string(path)) : labels_.end();
    return found != labels_.end() && found->is_string() ? found->get<std::string>() : "";
  }
  std::string reads(std::string_view, const Value&, std::string_view) const override { return {}; }

 private:
  const Json& labels_;
};

std::string source_of(const Explanation& explanation, const Range& range) {
  return explanation.source.substr(range.begin, range.end - range.begin);
}

void add_value(const Value& value, Json& json) {
  if (value.is(Kind::Sealed)) {
    json["size"] = value.sealed_size();
  } else if (auto made = value_to_json(value)) {
    json["value"] = std::move(*made);
  }
}

Json term_json(const Explanation& explanation, const Term& term) {
  Json json{{"kind", to_string(term.kind)}, {"source", source_of(explanation, term.range)}};
  if (!term.path.empty()) json["path"] = term.path;
  if (term.missing) json["missing"] = true;
  if (term.value) add_value(*term.value, json);
  for (const Term& part : term.parts) json["parts"].push_back(term_json(explanation, part));
  return json;
}

Json part_json(const Explanation& explanation, const Part& part) {
  Json json{{"kind", to_string(part.kind)},
            {"at", {part.range.at.line, part.range.at.column}},
            {"source", source_of(explanation, part.range)},
            {"is", to_string(part.standing)},
            {"wanted", part.wanted}};
  if (part.function != Function::Unknown) json["function"] = info_of(part.function).name;
  if (part.kind == PartKind::Element) json["index"] = part.index;
  if (part.key) add_value(*part.key, json["key"]);
  if (part.kind == PartKind::Every || part.kind == PartKind::Some || part.kind == PartKind::Count) json["size"] = part.size;
  if (part.kind == PartKind::Count) json["fitting"] = part.fitting;
  if (part.kind == PartKind::Failure) {
    json["error"] = part.cause;
    json["error_at"] = {part.cause_at.line, part.cause_at.column};
  }
  if (part.will_hold_at != calendar::never) json["will_hold_at"] = calendar::to_string(part.will_hold_at);
  for (const Term& term : part.terms) json["terms"].push_back(term_json(explanation, term));
  for (const Part& inner : part.parts) json["parts"].push_back(part_json(explanation, inner));
  return json;
}

}  // namespace

Json explanation_to_json(const Explanation& explanation) {
  return explanation.standing == Standing::Holds ? Json() : part_json(explanation, explanation.root);
}

Json sentences_to_json(const Explanation& explanation, const Json& labels, const calendar::Zone& zone) {
  const GivenLabels given(labels);
  Json json = Json::object();
  for (const char* language : {"en", "lt", "ka"}) json[language] = say(explanation, given, language, zone);
  return json;
}

}  // namespace kvali::expression
