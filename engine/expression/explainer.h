#pragma once
// One explanation as it is made: the walk from the guard down to the parts that make it false. Included by the sources
// of explain.h only.
#include <string>
#include <vector>

#include "engine/expression/evaluation.h"
#include "engine/expression/explain.h"
#include "engine/expression/ranges.h"

namespace kvali::expression {

class Explainer {
 public:
  Explainer(const Tree& tree, const Bindings& bindings, const Context& context);
  Explanation run();

 private:
  /// What a node is as a yes or no, with the instant at which that may change.
  struct Answer {
    Standing standing = Standing::Failed;
    calendar::Instant may_change_at = calendar::never;
    std::string cause;  // when it failed
    std::uint32_t cause_offset = 0;
    bool is(bool wanted) const { return standing == (wanted ? Standing::Holds : Standing::False); }
  };
  /// What gave its value to a variable on the way down: so that a part can be evaluated at another instant.
  struct Frame {
    const Node* node = nullptr;  // a Bind, an OptionalMap or a Comprehension
    std::size_t index = 0;       // of a Comprehension: the element
  };

  Answer answer(const Node& node);
  static Answer answer(Evaluation& evaluation, const Node& node);

  // explain.cc: parts. `node` is not as `wanted`.
  Part because(const Node& node, bool wanted);
  Part group(PartKind kind, const Node& node, bool wanted) const;
  Part junction(const Node& node, bool wanted);
  Part chosen(const Node& node, bool wanted);
  Part bound(const Node& node, bool wanted);
  Part local(const Node& node, bool wanted);
  Part quantifier(const Node& node, bool wanted);
  Part elements(const Node& node, const Value& range, PartKind kind, bool wanted);
  Part count(const Node& node, const Value& range, bool wanted);
  Part optional_value(const Node& node, bool wanted);
  Part equal_to_bool(const Node& node, bool wanted);
  Part leaf(const Node& node, bool wanted);
  Part failure(const Node& node, bool wanted, Answer answer);
  void fill_leaf(const Node& node, Part& part);

  // explain_terms.cc: operands.
  Term term(const Node& node);
  Term call_term(const Node& node);
  Term summed(const Node& list);
  std::string path_of(const Node& node) const;
  std::optional<Value> value_of(const Node& node);
  void add_paths(const Node& node, std::vector<Term>& terms);
  void add_missing(const Node& node, std::vector<Term>& terms);
  bool is_missing(const Node& node);

  // Variables.
  const Frame* frame_of(const Node& local) const;
  std::vector<Value>& locals() { return evaluation_.locals_; }
  bool enter(Evaluation& evaluation, const Frame& frame) const;
  static std::size_t size_of(const Value& range);
  static void set_element(Evaluation& evaluation, const Node& node, const Value& range, std::size_t index);
  calendar::Instant holds_from(const Node& node, bool wanted, const Answer& now) const;
  std::optional<Answer> answer_at(const Node& node, calendar::Instant at) const;
  calendar::Instant holds_from(const Node& node, const Part& comparison) const;

  const Tree& tree_;
  const Bindings& bindings_;
  Context context_;
  Evaluation evaluation_;
  Ranges ranges_;
  std::vector<Frame> frames_;
};

}  // namespace kvali::expression
