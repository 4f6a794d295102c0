#include "engine/expression/explain.h"

#include <algorithm>
#include <array>

#include "engine/expression/explainer.h"

namespace kvali::expression {

namespace {

constexpr std::uint64_t evaluations_worth = 8;  // the work of an explanation: a guard is walked once for every level
constexpr int days_around = 4;  // what months of different lengths and holidays move a day by, and more
constexpr int looks = 8;  // at a value that changes before it becomes true; a handful is enough for what a person is told

Context widened(Context context) {
  context.work_units_max *= evaluations_worth;
  return context;
}

void add_instants(const Part& part, std::vector<calendar::Instant>& instants) {
  if (part.will_hold_at != calendar::never) instants.push_back(part.will_hold_at);
  for (const Part& inner : part.parts) add_instants(inner, instants);
}

/// The first of the instants of the parts at which the guard holds: for guards whose value is looked at every midnight
/// (now - period("2 years") >= founded), which nobody follows for years.
calendar::Instant first_that_holds(const Part& root, const Expression& guard, const Bindings& bindings, Context context) {
  std::vector<calendar::Instant> instants;
  add_instants(root, instants);
  std::sort(instants.begin(), instants.end());
  instants.resize(std::min<std::size_t>(instants.size(), looks));
  for (const calendar::Instant at : instants) {
    context.now = at;
    const Outcome outcome = evaluate(guard, bindings, context);
    if (outcome.result && outcome.result->is(Kind::Bool) && outcome.result->as_bool()) return at;
  }
  return calendar::never;
}

/// The constant that a comparison with a bool asks for; null when there is none.
const Node* bool_constant(const Node& node) {
  for (const Node& side : node.children) {
    if (side.kind == NodeKind::Constant && side.constant.is(Kind::Bool)) return &side;
  }
  return nullptr;
}

bool is_equality(const Node& node) {
  return node.kind == NodeKind::Call && (node.function == Function::Equal || node.function == Function::NotEqual);
}

}  // namespace

Explanation explain(const Expression& guard, const Bindings& bindings, const Context& context) {
  Explanation explanation = Explainer(guard.tree(), bindings, context).run();
  if (explanation.standing == Standing::Holds) return explanation;
  explanation.will_hold_at = will_hold_at(guard, bindings, context);
  if (explanation.will_hold_at == calendar::never) explanation.will_hold_at = first_that_holds(explanation.root, guard, bindings, context);
  return explanation;
}

calendar::Instant will_hold_at(const Expression& guard, const Bindings& bindings, const Context& context) {
  if (!context.now) return calendar::never;
  Context then = context;
  for (int look = 0; look < looks; ++look) {
    const Outcome outcome = evaluate(guard, bindings, then);
    const bool holds = outcome.result && outcome.result->is(Kind::Bool) && outcome.result->as_bool();
    if (holds) return then.now == context.now ? calendar::never : *then.now;
    if (outcome.may_change_at == calendar::never) return calendar::never;
    then.now = outcome.may_change_at;
  }
  return calendar::never;
}

Explainer::Explainer(const Tree& tree, const Bindings& bindings, const Context& context)
    : tree_(tree), bindings_(bindings), context_(widened(context)), evaluation_(tree, bindings, context_), ranges_(tree) {}

Explanation Explainer::run() {
  Explanation explanation;
  explanation.source = tree_.source;
  const Answer whole = answer(tree_.root);
  explanation.standing = whole.standing;
  if (whole.standing == Standing::Holds) return explanation;
  explanation.root = because(tree_.root, true);
  if (whole.standing == Standing::Failed) {
    const Position at = position_of(tree_.source, whole.cause_offset);
    explanation.error = EvalError{at.line, at.column, whole.cause};
  }
  return explanation;
}

Explainer::Answer Explainer::answer(const Node& node) { return answer(evaluation_, node); }

Explainer::Answer Explainer::answer(Evaluation& evaluation, const Node& node) {
  evaluation.until_ = calendar::never;
  Answer answer;
  Value value;
  const bool done = evaluation.eval(node, value);
  answer.may_change_at = evaluation.until_;
  if (!done) {
    answer.cause = evaluation.failure_.message;
    answer.cause_offset = evaluation.failure_.offset;
  } else if (value.is(Kind::Bool)) {
    answer.standing = value.as_bool() ? Standing::Holds : Standing::False;
  } else {
    answer.cause = "this is no yes or no";
    answer.cause_offset = node.offset;
  }
  return answer;
}

Part Explainer::group(PartKind kind, const Node& node, bool wanted) const {
  Part part;
  part.kind = kind;
  part.range = ranges_.of(node);
  part.wanted = wanted;
  part.standing = wanted ? Standing::False : Standing::Holds;
  return part;
}

namespace {

/// Adds `part` to a group: what is a group of the same kind itself is taken apart.
void add(Part& group, Part part) {
  if (part.kind == group.kind && (part.kind == PartKind::All || part.kind == PartKind::Any)) {
    for (Part& inner : part.parts) group.parts.push_back(std::move(inner));
  } else {
    group.parts.push_back(std::move(part));
  }
}

/// A group of one is that one.
Part simplest(Part group) {
  const bool plain = group.kind == PartKind::All || group.kind == PartKind::Any;
  if (!plain || group.parts.size() != 1) return group;
  Part only = std::move(group.parts.front());
  return only;
}

}  // namespace

Part Explainer::because(const Node& node, bool wanted) {
  switch (node.kind) {
    case NodeKind::And:
    case NodeKind::Or: return junction(node, wanted);
    case NodeKind::Conditional: return chosen(node, wanted);
    case NodeKind::Bind: return bound(node, wanted);
    case NodeKind::Local: return local(node, wanted);
    case NodeKind::Comprehension: return quantifier(node, wanted);
    case NodeKind::Call:
      if (node.function == Function::Not && node.children.size() == 1) return because(node.children[0], !wanted);
      if (node.function == Function::OrValue) return optional_value(node, wanted);
      if (is_equality(node) && bool_constant(node) != nullptr) return equal_to_bool(node, wanted);
      return leaf(node, wanted);
    default: return leaf(node, wanted);
  }
}

/// && that should be true needs all its sides, || one of them; && that should be false needs one false side, || all.
Part Explainer::junction(const Node& node, bool wanted) {
  const bool needs_all = (node.kind == NodeKind::And) == wanted;
  Part part = group(needs_all ? PartKind::All : PartKind::Any, node, wanted);
  for (const Node& side : node.children) {
    if (!answer(side).is(wanted)) add(part, because(side, wanted));
  }
  return simplest(std::move(part));
}

/// The branch that was taken is explained; what chose it is told as it is.
Part Explainer::chosen(const Node& node, bool wanted) {
  const Node& condition = node.children[0];
  const Answer chose = answer(condition);
  if (chose.standing == Standing::Failed) {
    if (answer(node.children[1]).is(wanted)) return because(condition, true);
    if (answer(node.children[2]).is(wanted)) return because(condition, false);
    Part both = group(PartKind::All, node, wanted);
    add(both, because(condition, true));
    add(both, because(node.children[1], wanted));
    return both;
  }
  const bool yes = chose.standing == Standing::Holds;
  Part part = group(PartKind::Chosen, node, wanted);
  Part given = group(PartKind::Given, condition, yes);
  given.standing = chose.standing;
  given.parts.push_back(because(condition, !yes));
  part.parts.push_back(std::move(given));
  part.parts.push_back(because(node.children[yes ? 1 : 2], wanted));
  return part;
}

Part Explainer::bound(const Node& node, bool wanted) {
  const Frame frame{&node, 0};
  if (!enter(evaluation_, frame)) return failure(node.children[0], wanted, answer(node.children[0]));
  frames_.push_back(frame);
  Part part = because(node.children[1], wanted);
  frames_.pop_back();
  return part;
}

/// A variable that cel.bind defined is explained by its definition, with the variables that were there.
Part Explainer::local(const Node& node, bool wanted) {
  const Frame* frame = frame_of(node);
  if (frame == nullptr || frame->node->kind != NodeKind::Bind) return leaf(node, wanted);
  const Node& definition = frame->node->children[0];
  const std::vector<Value> kept = locals();
  Part part = because(definition, wanted);
  locals() = kept;
  return part;
}

std::size_t Explainer::size_of(const Value& range) {
  return range.is(Kind::List) ? range.as_list().size() : range.as_map().size();
}

void Explainer::set_element(Evaluation& evaluation, const Node& node, const Value& range, std::size_t index) {
  Value* first = &evaluation.locals_[node.slot];
  Value* second = node.variables == 2 ? first + 1 : nullptr;
  if (range.is(Kind::List)) {
    if (second != nullptr) *first = Value::integer(static_cast<std::int64_t>(index));
    *(second != nullptr ? second : first) = range.as_list().at(index);
    return;
  }
  const Map::Entry& entry = range.as_map().entries()[index];
  *first = entry.first;
  if (second != nullptr) *second = entry.second;
}

Part Explainer::quantifier(const Node& node, bool wanted) {
  Value range;
  const bool asks = node.macro == Macro::All || node.macro == Macro::Exists || node.macro == Macro::ExistsOne;
  if (!asks || !evaluation_.eval(node.children[0], range) || (!range.is(Kind::List) && !range.is(Kind::Map)))
    return leaf(node, wanted);
  if (node.macro == Macro::ExistsOne) return count(node, range, wanted);
  const bool needs_all = (node.macro == Macro::All) == wanted;
  return elements(node, range, needs_all ? PartKind::Every : PartKind::Some, wanted);
}

/// The elements that are not as wanted.
Part Explainer::elements(const Node& node, const Value& range, PartKind kind, bool wanted) {
  Part part = group(kind, node, wanted);
  part.terms.push_back(term(node.children[0]));
  part.size = size_of(range);
  frames_.push_back({&node, 0});
  for (std::size_t index = 0; index < part.size; ++index) {
    frames_.back().index = index;
    set_element(evaluation_, node, range, index);
    if (answer(node.children[1]).is(wanted)) continue;
    if (evaluation_.stopped_) break;
    Part element = group(PartKind::Element, node.children[1], wanted);
    element.index = index;
    if (range.is(Kind::Map)) element.key = range.as_map().entries()[index].first;
    Part inner = because(node.children[1], wanted);
    set_element(evaluation_, node, range, index);
    element.standing = inner.standing;
    if (inner.kind == PartKind::All)
      element.parts = std::move(inner.parts);
    else
      element.parts.push_back(std::move(inner));
    part.parts.push_back(std::move(element));
  }
  frames_.pop_back();
  return part;
}

/// exists_one: none fits, which is explained as exists; or too many do.
Part Explainer::count(const Node& node, const Value& range, bool wanted) {
  const Answer whole = answer(node);
  if (whole.standing == Standing::Failed) return failure(node, wanted, whole);
  std::size_t fitting = 0;
  for (std::size_t index = 0; index < size_of(range); ++index) {
    set_element(evaluation_, node, range, index);
    fitting += answer(node.children[1]).standing == Standing::Holds ? 1 : 0;
  }
  if (wanted && fitting == 0) return elements(node, range, PartKind::Some, true);
  Part part = group(PartKind::Count, node, wanted);
  part.terms.push_back(term(node.children[0]));
  part.size = size_of(range);
  part.fitting = fitting;
  part.will_hold_at = holds_from(node, wanted, whole);
  return part;
}

/// x.orValue(y): what is in x, through optMap to what it was made of; without it, y.
Part Explainer::optional_value(const Node& node, bool wanted) {
  const Node& self = node.children[0];
  Value held;
  if (!evaluation_.eval(self, held) || !held.is(Kind::Optional)) return leaf(node, wanted);
  if (held.as_optional() == nullptr) {
    const bool fixed = node.children[1].kind == NodeKind::Constant;
    return fixed ? leaf(node, wanted) : because(node.children[1], wanted);
  }
  if (self.kind != NodeKind::OptionalMap || self.optional) return leaf(node, wanted);
  const Frame frame{&self, 0};
  if (!enter(evaluation_, frame)) return leaf(node, wanted);
  frames_.push_back(frame);
  Part part = because(self.children[1], wanted);
  frames_.pop_back();
  return part;
}

/// x == true, x != false and the like ask x itself.
Part Explainer::equal_to_bool(const Node& node, bool wanted) {
  const Node* constant = bool_constant(node);
  const Node& other = node.children[constant == &node.children[0] ? 1 : 0];
  if (answer(other).standing == Standing::Failed) return leaf(node, wanted);
  const bool same = (node.function == Function::Equal) == wanted;
  return because(other, same ? constant->constant.as_bool() : !constant->constant.as_bool());
}

Part Explainer::leaf(const Node& node, bool wanted) {
  Answer now = answer(node);
  if (now.standing == Standing::Failed) return failure(node, wanted, std::move(now));
  Part part = group(PartKind::Call, node, wanted);
  part.standing = now.standing;
  part.will_hold_at = holds_from(node, wanted, now);
  fill_leaf(node, part);
  const bool moves = now.may_change_at != calendar::never && part.will_hold_at == calendar::never;
  if (moves && part.kind == PartKind::Comparison) part.will_hold_at = holds_from(node, part);
  return part;
}

void Explainer::fill_leaf(const Node& node, Part& part) {
  if (node.kind == NodeKind::Has) {
    part.kind = PartKind::Has;
    part.terms.push_back(term(node));
    return;
  }
  if (node.kind != NodeKind::Call || node.function == Function::OrValue) {
    part.kind = node.kind == NodeKind::Comprehension ? PartKind::Call : PartKind::Truth;
    part.terms.push_back(term(node));
    return;
  }
  part.function = node.function;
  if (node.function == Function::HasValue) part.kind = PartKind::Has;
  if (is_comparison(node.function) && node.function != Function::In) part.kind = PartKind::Comparison;
  if (node.function == Function::In) part.kind = PartKind::Membership;
  for (const Node& operand : node.children) part.terms.push_back(term(operand));
}

Part Explainer::failure(const Node& node, bool wanted, Answer now) {
  Part part = group(PartKind::Failure, node, wanted);
  part.standing = Standing::Failed;
  part.will_hold_at = holds_from(node, wanted, now);
  part.cause = std::move(now.cause);
  part.cause_at = position_of(tree_.source, now.cause_offset);
  add_missing(node, part.terms);
  return part;
}

// --- variables ------------------------------------------------------------------------------------------------------

const Explainer::Frame* Explainer::frame_of(const Node& local) const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    const Node& node = *frame->node;
    if (local.slot == node.slot && local.name == node.name) return &*frame;
    const bool second = node.kind == NodeKind::Comprehension && node.variables == 2;
    if (second && local.slot == node.slot + 1 && local.name == node.second_name) return &*frame;
  }
  return nullptr;
}

/// Gives a variable the value it has in `evaluation`; false when it cannot be had.
bool Explainer::enter(Evaluation& evaluation, const Frame& frame) const {
  const Node& node = *frame.node;
  Value value;
  if (!evaluation.eval(node.children[0], value)) return false;
  if (node.kind == NodeKind::Bind) {
    evaluation.locals_[node.slot] = std::move(value);
    return true;
  }
  if (node.kind == NodeKind::OptionalMap) {
    const Value* held = value.is(Kind::Optional) ? value.as_optional() : nullptr;
    if (held == nullptr) return false;
    evaluation.locals_[node.slot] = *held;
    return true;
  }
  if ((!value.is(Kind::List) && !value.is(Kind::Map)) || frame.index >= size_of(value)) return false;
  set_element(evaluation, node, value, frame.index);
  return true;
}

/// What `node` is at another instant, with the variables as they are then.
std::optional<Explainer::Answer> Explainer::answer_at(const Node& node, calendar::Instant at) const {
  Context then = context_;
  then.now = at;
  Evaluation evaluation(tree_, bindings_, then);
  for (const Frame& frame : frames_)
    if (!enter(evaluation, frame)) return std::nullopt;
  return answer(evaluation, node);
}

/// The instant from which `node` is as wanted by time alone: its changes are followed.
calendar::Instant Explainer::holds_from(const Node& node, bool wanted, const Answer& now) const {
  calendar::Instant at = context_.now ? now.may_change_at : calendar::never;
  for (int look = 0; look < looks && at != calendar::never; ++look) {
    const std::optional<Answer> later = answer_at(node, at);
    if (!later) return calendar::never;
    if (later->is(wanted)) return at;
    at = later->may_change_at;
  }
  return calendar::never;
}

/// The same of a comparison with `now` moved by a period, or its day, which may change at every midnight: some days behind
/// the other side it holds, and in between it begins to.
calendar::Instant Explainer::holds_from(const Node& node, const Part& comparison) const {
  const auto reads_now = [](const Term& term) {
    return term.kind == TermKind::Now || (term.parts.size() == 2 && term.parts[0].kind == TermKind::Now);
  };
  const bool first = reads_now(comparison.terms[0]);
  const Term& moving = comparison.terms[first ? 0 : 1];
  const Term& other = comparison.terms[first ? 1 : 0];
  const bool timed = other.value && (other.value->is(Kind::Date) || other.value->is(Kind::Timestamp));
  if (!reads_now(moving) || reads_now(other) || !timed) return calendar::never;
  static const calendar::Holidays none;
  const calendar::Holidays& holidays = context_.holidays != nullptr ? *context_.holidays : none;
  calendar::Instant at = other.value->is(Kind::Date) ? calendar::instant_at(*context_.zone, other.value->as_date(), 0)
                                                     : instant_of(other.value->as_timestamp());
  if (moving.kind != TermKind::Now) {
    if (!moving.parts[1].value || !moving.parts[1].value->is(Kind::Period)) return calendar::never;
    const calendar::Period& period = moving.parts[1].value->as_period();
    at = calendar::shift(*context_.zone, holidays, at, moving.kind == TermKind::Subtract ? period : calendar::negate(period));
  }
  calendar::Instant before = *context_.now, from = at + days_around * calendar::day_us;
  const auto holds_at = [&](calendar::Instant then) {
    const std::optional<Answer> later = answer_at(node, then);
    return later && later->is(comparison.wanted);
  };
  if (from <= before || !holds_at(from)) return calendar::never;
  while (from - before > 1) {
    const calendar::Instant middle = before + (from - before) / 2;
    (holds_at(middle) ? from : before) = middle;
  }
  return from;
}

// --- names ----------------------------------------------------------------------------------------------------------

std::string_view to_string(PartKind kind) {
  static constexpr std::array<std::string_view, 15> names{"all",   "any",        "every",      "some", "element",
                                                          "chosen", "given", "comparison", "membership", "has",
                                                          "truth", "call", "count", "failure", ""};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(TermKind kind) {
  static constexpr std::array<std::string_view, 12> names{"constant", "path",     "now",    "size", "sum", "fitting", "add",
                                                          "subtract", "multiply", "divide", "list", "other"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(Standing standing) {
  return standing == Standing::Holds ? "holds" : standing == Standing::False ? "false" : "failed";
}

}  // namespace kvali::expression
