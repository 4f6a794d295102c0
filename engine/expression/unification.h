#pragma once
// Which types fit where, and what the parameters of overloads turn out to be: the relation "assignable" of the CEL language
// definition, gradual (dyn fits everywhere) and with null beside whatever may be null.
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/expression/type.h"

namespace kvali::expression {

class Unification {
 public:
  /// A parameter that stands for nothing yet.
  Type fresh();
  /// `type` with its parameters, which are letters, replaced by fresh ones: the same letter by the same one, as
  /// `letters` remembers.
  Type instance(const Type& type, std::vector<std::pair<std::uint32_t, Type>>& letters);

  /// Whether a value of the one type may stand where the other is expected. What parameters have to be for that is kept when
  /// it may, and nothing is when it may not.
  bool assignable(const Type& from, const Type& to);
  bool assignable(std::span<const Type> from, std::span<const Type> to);

  /// The type of something that may be either, one of which is assignable to the other.
  Type more_general(const Type& a, const Type& b) const;
  /// What is known of `type` by now; parameters that stand for nothing stay.
  Type resolved(const Type& type) const;
  /// The same, with dyn for what stands for nothing.
  Type settled(const Type& type) const;

 private:
  Type replaced(const Type& type, bool free_is_dyn) const;
  const std::optional<Type>& held(const Type& parameter) const { return held_[parameter.number()]; }
  bool fits(const Type& from, const Type& to);
  bool parts_fit(const Type& from, const Type& to);
  enum class Standing { Taken, Refused, HeldOther };
  Standing stand_for(const Type& parameter, const Type& type);
  bool mentions(const Type& type, const Type& parameter) const;
  bool as_general(const Type& a, const Type& b) const;
  void hold(const Type& parameter, const Type& type);
  void undo_to(std::size_t mark);

  std::vector<std::optional<Type>> held_;  // by number
  std::vector<std::pair<std::uint32_t, std::optional<Type>>> changes_;
};

/// Whether null may stand for a value of the type.
bool may_be_null(const Type& type);

}  // namespace kvali::expression
