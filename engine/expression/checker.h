#pragma once
// One check as it runs: the walk over the tree, the types found so far, the parameters still open. Included by the checker's
// sources only.
#include <span>
#include <string>
#include <vector>

#include "engine/expression/check.h"
#include "engine/expression/overloads.h"
#include "engine/expression/unification.h"

namespace kvali::expression {

/// A type in a message: records without their fields, what is open left out ("list").
std::string short_text(const Type& type);
/// Whether something sealed is in it, other than in the fields of a record.
bool holds_sealed(const Type& type);

class Checker {
 public:
  Checker(const Tree& tree, const Declarations& names, Faults& faults)
      : tree_(tree), names_(names), faults_(faults), locals_(tree.slots), declared_locals_(tree.slots) {}
  Typing run();

 private:
  /// The type of a node, which may be sealed.
  Type of(const Node& node);
  /// The type of a node whose value is looked at: what is sealed is a fault, and dyn from there on, as all that is faulty.
  Type used(const Node& node);
  /// The same where all that is in the value is looked at: nothing sealed may be in it.
  Type read(const Node& node);
  Type deduced(const Node& node);

  // Names, fields, elements.
  Type name(const Node& node);
  Type select(const Node& node);
  Type field_of(const Node& node, const Type& base);
  Type has(const Node& node);
  Type index(const Node& node);
  Type element_of(const Node& node, const Type& base, const Type& key);
  void no_such_field(const Node& node, const Type& record);

  // Lists, maps, choices.
  Type list(const Node& node);
  Type map(const Node& node);
  Type element(const Node& node, bool optional);
  Type joined(const Type& before, const Type& next);
  Type conditional(const Node& node);
  Type junction(const Node& node);
  void wants_bool(const Node& node, std::string_view asker);

  // Macros.
  Type comprehension(const Node& node);
  void set_variables(const Node& node, const Type& range);
  Type optional_map(const Node& node);

  // Calls.
  Type call(const Node& node);
  Type unknown_function(const Node& node);
  Type equality(const Node& node);
  Type membership(const Node& node);
  Type extreme(const Node& node);
  bool sum_of_nothing(const Node& node, const std::vector<Type>& arguments);
  bool comparable(const Type& a, const Type& b);
  std::optional<Type> resolve(const std::vector<Overload>& overloads, const std::vector<Type>& arguments);
  void mismatch(const Node& node, const std::vector<Overload>& overloads, const std::vector<Type>& arguments);
  void tell_mismatch(const Node& node, const std::vector<Type>& arguments, std::size_t at,
                     std::vector<std::string>& expected);
  std::optional<Type> wanted_next(const Overload& overload, std::span<const Type> arguments);

  // What to write instead.
  std::string hint_for(const Node& node, const Type& left_type, const Type& right_type) const;
  std::string hint_for_bool(const Node& node, const Type& given) const;
  std::string other_comparison(Function sign, const Node& left, const Type& left_type, const Node& right, const Type& right_type) const;
  const Node* time_between(const Node& node) const;

  // Choices, which are texts of few words.
  std::optional<Type> as_declared(const Node& node) const;
  void one_of_choices(const Node& choice, const Type& type, const Node& word);
  void choices_of_equality(const Node& node);
  void choices_of_membership(const Node& node);

  /// `type` with what is known of its parameters; a parameter that stands for nothing becomes dyn.
  Type opened(const Type& type);
  std::string text(const Type& type) const { return short_text(unification_.resolved(type)); }
  Type fault(const Node& at, std::string message, FaultKind kind = FaultKind::Type);

  const Tree& tree_;
  const Declarations& names_;
  Faults& faults_;
  Unification unification_;
  std::vector<Type> locals_;
  std::vector<std::optional<Type>> declared_locals_;  // as_declared of a macro's variable
  Typing typing_;
};

/// The type of a name, or of a chain of fields that was declared as a whole: in the container and then outside of it, and last
/// of a type's own name. Nothing when there is none.
std::optional<Type> declared_type(const Node& node, const Declarations& names);

/// How a node is called in a message: "initiative.title", "m.notes"; "" when it has no name.
std::string written_name(const Node& node);

}  // namespace kvali::expression
