#include "tests/engine/expression/explain_cases.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/engine/calendar/vilnius.h"

namespace kvali::expression::testing {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '|');) all.push_back(trimmed(cell));
  return all;
}

std::size_t column(std::string_view language) { return language == "lt" ? 1 : language == "ka" ? 2 : 0; }

calendar::Zone zone_of(const std::string& name) {
  if (name == "Europe/Vilnius") return calendar::testing::vilnius();
  return calendar::Zone{"Asia/Tbilisi", "2024a", 14400, {}};
}

/// What a case reads: "initiative.own = 500" of several lines are one map.
class Given {
 public:
  void add(const std::string& line) {
    const std::size_t equals = line.find(" = ");
    ASSERT_NE(equals, std::string::npos) << line;
    const std::string path = line.substr(0, equals), source = line.substr(equals + 3);
    const std::size_t point = path.find('.');
    const Value value = read(source);
    if (point == std::string::npos)
      names_[path] = value;
    else
      fields_[path.substr(0, point)].emplace_back(Value::string(path.substr(point + 1)), value);
  }
  NamedValues take() {
    NamedValues values;
    for (const auto& [name, value] : names_) values.set(name, value);
    for (const auto& [name, entries] : fields_) values.set(name, Value::map(entries).value());
    return values;
  }

 private:
  static Value read(const std::string& source) {
    if (source.starts_with("sealed ")) return Value::sealed(std::stoull(source.substr(7)));
    const auto expression = compile(source);
    EXPECT_TRUE(expression) << source;
    return evaluate(*expression, NamedValues(), {}).result.value();
  }
  std::map<std::string, Value> names_;
  std::map<std::string, std::vector<Map::Entry>> fields_;
};

std::string term_text(const Term& term) {
  std::string text(to_string(term.kind));
  if (!term.path.empty()) text += " " + term.path;
  if (term.missing) text += " missing";
  if (term.value && term.kind != TermKind::Now) text += fmt::format(" {}", to_text(*term.value));
  if (term.parts.empty()) return text;
  text += " (";
  for (const Term& part : term.parts) text += (&part == &term.parts.front() ? "" : "; ") + term_text(part);
  return text + ")";
}

void add_tree(const Part& part, int depth, std::string& text) {
  text += fmt::format("{:{}}{} {}:{}", "", depth * 2, to_string(part.kind), part.range.at.line, part.range.at.column);
  if (part.kind == PartKind::Element) text += fmt::format(" [{}]", part.index);
  if (!part.wanted) text += " unwanted";
  for (const Term& term : part.terms) text += " | " + term_text(term);
  if (!part.cause.empty()) text += fmt::format(" | {}:{} {}", part.cause_at.line, part.cause_at.column, part.cause);
  if (part.will_hold_at != calendar::never) text += " from " + calendar::to_string(part.will_hold_at);
  text += "\n";
  for (const Part& inner : part.parts) add_tree(inner, depth + 1, text);
}

struct Reading {
  TableLabels labels;
  ExplainCase one;
  Given given;
};

/// What the case answers, as lines of the table.
std::string answers(Reading& reading) {
  if (reading.one.guard.empty()) return "";
  const auto guard = compile(reading.one.guard);
  if (!guard) return "error: " + guard.error().front().message + "\n";
  const NamedValues values = reading.given.take();
  const calendar::Zone zone = zone_of(reading.one.zone);
  const Context context{.now = reading.one.now, .zone = &zone};
  const Explanation explanation = explain(*guard, values, context);
  std::string text;
  std::istringstream tree(tree_of(explanation));
  for (std::string line; std::getline(tree, line);) text += "tree: " + line + "\n";
  if (explanation.error)
    text += fmt::format("error: {}:{} {}\n", explanation.error->line, explanation.error->column, explanation.error->message);
  for (const char* language : {"en", "lt", "ka"})
    text += fmt::format("{}: {}\n", language, say(explanation, reading.labels, language, zone));
  return text;
}

void read_line(const std::string& line, Reading& reading) {
  const std::size_t colon = line.find(": ");
  const std::string word = line.substr(0, colon), rest = colon == std::string::npos ? "" : line.substr(colon + 2);
  if (line.starts_with("label ")) {
    std::vector<std::string> all = cells(line.substr(6));
    reading.labels.labels[all.at(0)] = {all.begin() + 1, all.end()};
  } else if (line.starts_with("choice ")) {
    std::vector<std::string> all = cells(line.substr(7));
    reading.labels.choices[all.at(0)] = {all.begin() + 1, all.end()};
  } else if (line.starts_with("money ")) {
    const std::size_t blank = line.rfind(' ');
    reading.labels.money[line.substr(6, blank - 6)] = line.substr(blank + 1);
  } else if (line.starts_with("= ")) {
    reading.one = {};
    reading.given = {};
    reading.one.title = line.substr(2);
  } else if (word == "now") {
    reading.one.now = calendar::testing::at(rest.c_str());
  } else if (word == "zone") {
    reading.one.zone = rest;
  } else if (word == "guard") {
    reading.one.guard = rest;
  } else if (word == "given") {
    reading.given.add(rest);
  }
}

}  // namespace

std::string TableLabels::label(std::string_view path, std::string_view language) const {
  const auto found = labels.find(path);
  return found == labels.end() ? "" : found->second.at(column(language));
}

std::string TableLabels::reads(std::string_view path, const Value& value, std::string_view language) const {
  if (value.is(Kind::String)) {
    const auto found = choices.find(fmt::format("{} {}", path, value.as_string()));
    return found == choices.end() ? "" : found->second.at(column(language));
  }
  const auto currency = money.find(path);
  if (currency == money.end() || (!value.is(Kind::Int) && !value.is(Kind::Double))) return "";
  const std::int64_t cents = value.is(Kind::Int) ? value.as_int() : static_cast<std::int64_t>(value.as_double());
  return written_money(cents, currency->second, language);
}

std::string tree_of(const Explanation& explanation) {
  std::string text;
  if (explanation.standing != Standing::Holds) add_tree(explanation.root, 0, text);
  return text;
}

std::string answered(const std::string& table) {
  Reading reading;
  std::string text;
  bool open = false;  // a case whose answers were not written yet
  std::istringstream stream(table);
  for (std::string line; std::getline(stream, line);) {
    const std::string word = line.substr(0, line.find(':'));
    if (word == "en" || word == "lt" || word == "ka" || word == "tree" || word == "error") continue;
    if (open && line.empty()) {
      text += answers(reading);
      open = false;
    }
    read_line(line, reading);
    open = open || line.starts_with("= ");
    text += line + "\n";
  }
  if (open) text += answers(reading);
  return text;
}

}  // namespace kvali::expression::testing
