#include "engine/program/verify/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/program/reviews.h"
#include "engine/program/scalars.h"
#include "engine/program/subjects.h"

namespace kvali::program::proof {

using expression::Expression;
using expression::Function;
using expression::NodeKind;
using expression::Value;

namespace {

Truth truth_of(bool holds) { return holds ? Truth::Yes : Truth::No; }

/// The part of an expression below `node` as one of its own.
Expression part_of(const Expression& whole, const expression::Node& node) {
  return Expression(std::make_shared<expression::Tree>(expression::Tree{whole.tree().source, node, whole.tree().slots}));
}

/// What an expression sees of initiative and cohort when these are their fields; nothing else has a name.
expression::NamedValues bindings(const std::vector<std::pair<std::string, Value>>& given, const std::string& noun) {
  expression::NamedValues names;
  for (const std::string& owner : {noun, std::string("cohort")}) {
    std::vector<expression::Map::Entry> entries;
    const std::string prefix = fmt::format("{}.", owner);
    for (const auto& [path, value] : given)
      if (path.starts_with(prefix)) entries.emplace_back(Value::string(path.substr(prefix.size())), value);
    auto map = Value::map(std::move(entries));
    KVALI_CHECK(map.has_value());
    names.set(owner, std::move(*map));
  }
  return names;
}

bool compare(Function function, double left, double right) {
  switch (function) {
    case Function::Equal: return left == right;
    case Function::NotEqual: return left != right;
    case Function::Less: return left < right;
    case Function::LessEqual: return left <= right;
    case Function::Greater: return left > right;
    default: return left >= right;
  }
}

/// The same comparison read from the other side.
Function turned(Function function) {
  switch (function) {
    case Function::Less: return Function::Greater;
    case Function::LessEqual: return Function::GreaterEqual;
    case Function::Greater: return Function::Less;
    case Function::GreaterEqual: return Function::LessEqual;
    default: return function;
  }
}

bool is_comparison(Function function) { return function >= Function::Equal && function <= Function::GreaterEqual; }

std::optional<double> number_of(const expression::Node& node) {
  if (node.kind == NodeKind::Call && node.function == Function::Negate && node.children.size() == 1) {
    const auto inner = number_of(node.children[0]);
    return inner ? std::optional(-*inner) : std::nullopt;
  }
  if (node.kind != NodeKind::Constant || !node.constant.is_number()) return std::nullopt;
  switch (node.constant.kind()) {
    case expression::Kind::Int: return static_cast<double>(node.constant.as_int());
    case expression::Kind::Uint: return static_cast<double>(node.constant.as_uint());
    default: return node.constant.as_double();
  }
}

/// Every constant, one beside and one between them; whole ones if only those may be.
std::vector<double> representatives(std::vector<double> constants, bool whole, std::optional<double> least) {
  std::sort(constants.begin(), constants.end());
  std::vector<double> made;
  const auto add = [&](double value) {
    if (whole && value != std::floor(value)) return;
    if (least && value < *least) return;
    made.push_back(value);
  };
  if (least) add(*least);
  add(std::floor(constants.front()) - 1);
  for (std::size_t i = 0; i < constants.size(); ++i) {
    add(constants[i]);
    if (i + 1 < constants.size()) add(whole ? std::floor(constants[i]) + 1 : (constants[i] + constants[i + 1]) / 2);
  }
  add(std::ceil(constants.back()) + 1);
  std::sort(made.begin(), made.end());
  made.erase(std::unique(made.begin(), made.end()), made.end());
  return made;
}

}  // namespace

std::string Variable::say(std::size_t index) const {
  if (kind == Kind::Question) return answers[index] == Truth::Yes ? "yes" : answers[index] == Truth::No ? "no" : "unknown";
  if (kind == Kind::Number) return numbers[index] ? fmt::format("{}", *numbers[index]) : "not given";
  if (!values[index]) return "not given";
  if (values[index]->is(expression::Kind::Bool)) return values[index]->as_bool() ? "yes" : "no";
  return values[index]->is(expression::Kind::String) ? values[index]->as_string() : "given";
}

Formulas::Formulas(const v1::Program& program) : program_(program) {
  for (const ReviewAt& one : reviews_of(Names(program))) reviews_.insert(one.name);
}

bool Formulas::is_score(const std::string& path) const { return path.ends_with(".score") && reviews_.contains(path.substr(0, path.size() - 6)); }

bool Formulas::is_count(const std::string& path) const {
  const std::size_t dot = path.find('.');
  if (dot == std::string::npos || !reviews_.contains(path.substr(0, dot))) return false;
  const std::string rest = path.substr(dot + 1);
  return rest == "count" || rest == "readers" || rest == "missing";
}

// --- what a path is ---------------------------------------------------------------------------------------------------

const v1::Field* Formulas::field(const std::string& path) const {
  const auto find = [&](std::string_view prefix, const auto& fields) -> const v1::Field* {
    if (!path.starts_with(prefix)) return nullptr;
    for (const v1::Field& one : fields)
      if (one.name() == path.substr(prefix.size())) return &one;
    return nullptr;
  };
  const v1::Field* found = find(noun_of(program_) + ".", program_.initiative().fields());
  return found != nullptr ? found : find("cohort.", program_.cohort().parameters());
}

bool Formulas::is_empty(const std::string& path) const {
  const std::string prefix = noun_of(program_) + ".";
  return path.starts_with(prefix) && std::find(empty_.begin(), empty_.end(), path.substr(prefix.size())) != empty_.end();
}

bool Formulas::is_finite(const std::string& path) const {
  const v1::Field* known = field(path);
  if (known == nullptr || known->personal()) return is_empty(path);
  return is_empty(path) || known->type() == v1::Field::YES_OR_NO || known->type() == v1::Field::CHOICE;
}

/// Sizes and numbers of persons are whole and at least nought.
bool Formulas::is_always_there(const std::string& term) const {
  return field(term) == nullptr && !is_score(term) && !term.starts_with("size(initiative.") && !term.starts_with("size(cohort.");
}

bool Formulas::is_whole(const std::string& term) const {
  const v1::Field* known = field(term);
  return known == nullptr ? !is_score(term) : known->type() != v1::Field::NUMBER;
}

/// A number that is compared: a figure of the initiative or the cohort, size(…), the plural of a role.
std::optional<std::string> Formulas::number_term(const Node& node) const {
  if (node.kind == NodeKind::Call && node.function == Function::Size && node.children.size() == 1) {
    const Node& of = node.children[0];
    if (of.kind == NodeKind::Name || (of.kind == NodeKind::Select && !of.path.empty())) return fmt::format("size({})", of.path);
  }
  if (node.kind == NodeKind::Name) {
    for (const v1::Role& role : program_.roles())
      if (plural_of(role.name()) == node.path) return node.path;
  }
  if (node.kind != NodeKind::Select || node.path.empty() || node.optional) return std::nullopt;
  if (is_score(node.path) || is_count(node.path)) return node.path;
  const v1::Field* known = field(node.path);
  if (known == nullptr || known->personal() || is_empty(node.path)) return std::nullopt;
  const auto type = known->type();
  const bool figure = type == v1::Field::NUMBER || type == v1::Field::WHOLE_NUMBER || type == v1::Field::COUNT || type == v1::Field::MONEY;
  return figure ? std::optional(node.path) : std::nullopt;
}

std::optional<Formulas::Compared> Formulas::compared(const Node& node) const {
  if (node.kind != NodeKind::Call || !is_comparison(node.function) || node.children.size() != 2) return std::nullopt;
  for (const bool turn : {false, true}) {
    const auto term = number_term(node.children[turn ? 1 : 0]);
    const auto constant = number_of(node.children[turn ? 0 : 1]);
    if (term && constant) return Compared{*term, turn ? turned(node.function) : node.function, *constant};
  }
  return std::nullopt;
}

// --- variables --------------------------------------------------------------------------------------------------------

VariableId Formulas::value_variable(const std::string& path) {
  const auto [at, is_new] = ids_.emplace(path, static_cast<VariableId>(variables_.size()));
  if (!is_new) return at->second;
  Variable& made = variables_.emplace_back();
  made.name = path;
  made.kind = Variable::Kind::Value;
  made.values.emplace_back(std::nullopt);
  if (is_empty(path)) return at->second;
  const v1::Field& known = *field(path);
  if (known.type() == v1::Field::YES_OR_NO) {
    made.values.emplace_back(Value::boolean(true));
    made.values.emplace_back(Value::boolean(false));
  }
  for (const v1::Choice& choice : known.choices()) made.values.emplace_back(Value::string(choice.name()));
  return at->second;
}

VariableId Formulas::number_variable(const std::string& term) {
  const auto [at, is_new] = ids_.emplace(term, static_cast<VariableId>(variables_.size()));
  if (!is_new) return at->second;
  Variable& made = variables_.emplace_back();
  made.name = term;
  made.kind = Variable::Kind::Number;
  if (!is_always_there(term)) made.numbers.emplace_back(std::nullopt);
  const v1::Field* known = field(term);
  const bool from_nought = known == nullptr ? !is_score(term) : known->type() == v1::Field::COUNT;
  for (const double value : representatives(constants_[term], is_whole(term), from_nought ? std::optional(0.0) : std::nullopt))
    made.numbers.emplace_back(value);
  return at->second;
}

VariableId Formulas::question(const std::string& text, bool may_fail) {
  const auto [at, is_new] = ids_.emplace("?" + text, static_cast<VariableId>(variables_.size()));
  if (!is_new) return at->second;
  Variable& made = variables_.emplace_back();
  made.name = text;
  made.answers = {Truth::Yes, Truth::No};
  if (may_fail) made.answers.push_back(Truth::Error);
  return at->second;
}

// --- formulas ---------------------------------------------------------------------------------------------------------

void Formulas::learn(const std::string& source) {
  if (const auto read = expression::compile(source)) learn(read->tree().root);
}

void Formulas::learn(const Node& node) {
  if (const auto found = compared(node)) constants_[found->term].push_back(found->constant);
  for (const Node& child : node.children) learn(child);
}

Formula Formulas::make(const std::string& source) {
  const auto read = expression::compile(source);
  if (read) return make(*read, read->tree().root);
  const VariableId id = question(source, true);
  Formula made;
  made.kind = Formula::Kind::Leaf;
  made.reads = {id};
  made.ask = [id, this](const Valuation& valuation) { return variables_[id].answers[valuation.at(id)]; };
  return made;
}

Formula Formulas::make(const Expression& expression, const Node& node) {
  Formula made;
  switch (node.kind) {
    case NodeKind::And: made.kind = Formula::Kind::And; break;
    case NodeKind::Or: made.kind = Formula::Kind::Or; break;
    case NodeKind::Conditional: made.kind = Formula::Kind::If; break;
    case NodeKind::Constant:
      made.constant = node.constant.is(expression::Kind::Bool) ? truth_of(node.constant.as_bool()) : Truth::Error;
      return made;
    default:
      if (node.kind != NodeKind::Call || node.function != Function::Not) return leaf(expression, node);
      made.kind = Formula::Kind::Not;
  }
  for (const Node& child : node.children) made.parts.push_back(make(expression, child));
  return made;
}

Formula Formulas::compared_leaf(const Compared& compared) {
  KVALI_CHECK(constants_.contains(compared.term));  // every guard is learned before one is made
  const VariableId id = number_variable(compared.term);
  Formula made;
  made.kind = Formula::Kind::Leaf;
  made.reads = {id};
  made.ask = [this, id, compared](const Valuation& valuation) {
    const auto& value = variables_[id].numbers[valuation.at(id)];
    return value ? truth_of(compare(compared.function, *value, compared.constant)) : Truth::Error;
  };
  return made;
}

Formula Formulas::leaf(const Expression& expression, const Node& node) {
  if (const auto found = compared(node)) return compared_leaf(*found);
  const Expression part = part_of(expression, node);
  Formula made;
  made.kind = Formula::Kind::Leaf;
  if (node.kind == NodeKind::Has && constants_.contains(node.path) && !is_finite(node.path)) {
    const VariableId id = number_variable(node.path);
    made.reads = {id};
    made.ask = [this, id](const Valuation& valuation) { return truth_of(variables_[id].numbers[valuation.at(id)].has_value()); };
    return made;
  }
  const auto references = part.references();
  const bool finite = !part.reads_now() && !references.empty() &&
                      std::all_of(references.begin(), references.end(), [&](const auto& one) { return is_finite(one.path); });
  if (!finite) {
    const bool constant = references.empty() && !part.reads_now();
    const VariableId id = question(part.to_text(), node.kind != NodeKind::Has);
    made.reads = {id};
    made.ask = [id, this](const Valuation& valuation) { return variables_[id].answers[valuation.at(id)]; };
    if (!constant) return made;
    made.reads.clear();
  }
  for (const auto& reference : references)
    if (finite) made.reads.push_back(value_variable(reference.path));
  made.ask = [this, part, reads = made.reads](const Valuation& valuation) {
    std::vector<std::pair<std::string, Value>> given;
    for (const VariableId id : reads)
      if (const auto& value = variables_[id].values[valuation.at(id)]) given.emplace_back(variables_[id].name, *value);
    const auto outcome = expression::evaluate(part, bindings(given, noun_of(program_)), {});
    if (!outcome.result || !outcome.result->is(expression::Kind::Bool)) return Truth::Error;
    return truth_of(outcome.result->as_bool());
  };
  return made;
}

// CEL: one side that decides is enough, what the other cannot answer does not matter then.
Truth evaluate(const Formula& formula, const Valuation& valuation) {
  switch (formula.kind) {
    case Formula::Kind::Constant: return formula.constant;
    case Formula::Kind::Leaf: return formula.ask(valuation);
    case Formula::Kind::Not: {
      const Truth inner = evaluate(formula.parts[0], valuation);
      return inner == Truth::Error ? inner : truth_of(inner == Truth::No);
    }
    case Formula::Kind::If: {
      const Truth asked = evaluate(formula.parts[0], valuation);
      return asked == Truth::Error ? asked : evaluate(formula.parts[asked == Truth::Yes ? 1 : 2], valuation);
    }
    case Formula::Kind::And:
    case Formula::Kind::Or: break;
  }
  const Truth deciding = formula.kind == Formula::Kind::And ? Truth::No : Truth::Yes;
  Truth all = deciding == Truth::No ? Truth::Yes : Truth::No;
  for (const Formula& part : formula.parts) {
    const Truth one = evaluate(part, valuation);
    if (one == deciding) return one;
    if (one == Truth::Error) all = one;
  }
  return all;
}

void collect(const Formula& formula, std::vector<VariableId>& variables) {
  for (const VariableId id : formula.reads)
    if (std::find(variables.begin(), variables.end(), id) == variables.end()) variables.push_back(id);
  for (const Formula& part : formula.parts) collect(part, variables);
}

}  // namespace kvali::program::proof
