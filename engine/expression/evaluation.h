#pragma once
// One evaluation as it runs: the walk over the tree, what is left of its work, and the instant up to which everything
// it has looked at stays true. Included by the evaluator's sources only.
//
// How the instant is kept: `until_` is the earliest instant at which something that was looked at may change. Where
// only a part decides (a false side of &&), only that part's instant counts. A timestamp that is `now` plus a constant
// carries that fact with it (Value::drift) and costs nothing until somebody compares it or takes it apart.
#include <cstdint>
#include <string>
#include <vector>

#include "engine/expression/expression.h"
#include "engine/expression/tree.h"

namespace kvali::expression {

__extension__ using Wide = __int128;  // nanoseconds over all years

/// The arguments of a call, wherever they are held.
class Arguments {
 public:
  Arguments(const Value* const* first, std::size_t count) : first_(first), count_(count) {}
  std::size_t size() const { return count_; }
  const Value& operator[](std::size_t index) const { return *first_[index]; }

 private:
  const Value* const* first_;
  std::size_t count_;
};

class Evaluation {
 public:
  Evaluation(const Tree& tree, const Bindings& bindings, const Context& context)
      : tree_(tree), bindings_(bindings), context_(context), work_left_(context.work_units_max) {
    if (tree.slots > 0) locals_.resize(tree.slots);
  }
  Outcome run();

  /// Each of these returns false when it failed; the error is then kept here.
  bool eval(const Node& node, Value& out);
  /// The value of `node` without a copy where something holds it already: a constant, a binding, a variable, what lies
  /// in one of them; otherwise it is made in `storage`. Null when it failed. What is not in `storage` stays while the
  /// variables in sight of `node` keep their values.
  const Value* look(const Node& node, Value& storage) {
    if (!charge(node, 1)) return nullptr;
    if (node.kind == NodeKind::Constant) return &node.constant;
    if (node.kind == NodeKind::Local) return &locals_[node.slot];
    if (node.kind == NodeKind::Name) return name(node);
    return make(node, storage);
  }
  bool apply(const Node& node, Arguments arguments, Value& out);
  [[gnu::cold]] bool fail(const Node& at, std::string message);
  [[gnu::cold]] bool no_overload(const Node& at, Arguments arguments);
  bool charge(const Node& at, std::uint64_t units) {
    if (units > work_left_) return out_of_work(at);
    work_left_ -= units;
    return true;
  }
  bool charge_bytes(const Node& at, std::size_t bytes) { return charge(at, bytes / 16); }
  bool equals(const Node& at, const Value& a, const Value& b, bool& result, int depth = 0);

  // What depends on `now`.
  const Context& context() const { return context_; }
  void changes_at(calendar::Instant instant) { until_ = std::min(until_, instant); }
  /// After so many microseconds, at least one.
  void changes_in(Wide microseconds);
  /// A value that moves with `now` is used in a way whose next change nobody computes.
  void settle(const Value& value) {
    if (value.drift() != 0) changes_in(1);
  }
  /// The outcome of comparing two points of time, `difference` nanoseconds apart and drifting.
  bool compare_times(Function function, Wide difference, int drift);

  friend class Explainer;  // walks the same tree, to say why

 private:
  struct Failure {
    std::uint32_t offset = 0;
    std::string message;
  };

  [[gnu::cold]] Outcome failed();
  /// Whether "a.b" may be bound as one name.
  bool whole_paths() const { return !context_.container.empty() || bindings_.has_dotted_names(); }
  [[gnu::cold]] bool out_of_work(const Node& at);
  const Value* make(const Node& node, Value& storage);
  const Value* name(const Node& node);
  [[gnu::cold]] const Value* unknown(const Node& node);
  const Value* resolve(const Node& node) const;
  const Value* select(const Node& node, Value& storage);
  const Value* select_from(const Node& node, const Value& base, Value& storage);
  bool select_optional(const Node& node, const Value& base, Value& out);
  const Value* conditional(const Node& node, Value& storage);
  bool has(const Node& node, Value& out);
  bool index(const Node& node, Value& out);
  bool element(const Node& node, const Value& base, const Value& key, bool optional, Value& out);
  bool call(const Node& node, Value& out);
  bool operation(const Node& node, Value& out);
  bool lazy_or(const Node& node, Value& out);
  bool list(const Node& node, Value& out);
  bool map(const Node& node, Value& out);
  bool junction(const Node& node, bool deciding, Value& out);
  bool optional_map(const Node& node, Value& out);

  bool comprehension(const Node& node, Value& out);
  template <class Step>
  bool each(const Node& node, const Value& range, Step step);
  bool quantifier(const Node& node, const Value& range, Value& out);
  bool exists_one(const Node& node, const Value& range, Value& out);
  bool collect(const Node& node, const Value& range, Value& out);
  bool collect_map(const Node& node, const Value& range, Value& out);
  bool passes_filter(const Node& node, bool& passes);

  /// Makes what is handed out free of drift, and refuses what is sealed.
  bool finish(const Node& root, Value& value, int depth);

  const Tree& tree_;
  const Bindings& bindings_;
  const Context& context_;
  std::uint64_t work_left_;
  calendar::Instant until_ = calendar::never;
  std::vector<Value> locals_;
  Failure failure_;
  bool stopped_ = false;      // out of work: no && or || may absorb that
};

// Functions by their kind; each reports an overload that does not exist.
bool apply_arithmetic(Evaluation&, const Node&, Arguments, Value& out);
bool apply_comparison(Evaluation&, const Node&, Arguments, Value& out);
bool apply_conversion(Evaluation&, const Node&, Arguments, Value& out);
bool apply_time(Evaluation&, const Node&, Arguments, Value& out);  // getters
bool apply_text(Evaluation&, const Node&, Arguments, Value& out);
bool apply_format(Evaluation&, const Node&, Arguments, Value& out);
bool apply_math(Evaluation&, const Node&, Arguments, Value& out);
bool apply_optional(Evaluation&, const Node&, Arguments, Value& out);

/// A timestamp or date moved by a period in the zone of the context.
bool add_period(Evaluation&, const Node&, const Value& time, const calendar::Period&, Value& out);
/// Nanoseconds since 1970 of a timestamp, or of the beginning of a date in the zone of the context.
Wide nanoseconds_of(const Evaluation&, const Value& time);
/// 00:00 of the day after `date`.
Wide end_of_day(const Evaluation&, const Value& date);
/// date(timestamp) and date(timestamp, zone).
bool date_of(Evaluation&, const Node&, Arguments, Value& out);

/// -1, 0, 1 as a number compares with another, whatever their kinds; 2 when one of them is NaN.
int compare_numbers(const Value& a, const Value& b);
inline bool is_comparison(Function function) { return function >= Function::Equal && function <= Function::In; }

}  // namespace kvali::expression
