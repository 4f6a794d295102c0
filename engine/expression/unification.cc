#include "engine/expression/unification.h"

namespace kvali::expression {

bool may_be_null(const Type& type) {
  switch (type.kind()) {
    case TypeKind::Dyn:
    case TypeKind::Null:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Date:
    case TypeKind::Period:
    case TypeKind::Record:
    case TypeKind::Optional:
    case TypeKind::Wrapper:
      return true;
    default:
      return false;
  }
}

Type Unification::fresh() {
  held_.emplace_back();
  return Type::parameter(static_cast<std::uint32_t>(held_.size() - 1));
}

namespace {

/// The same kind of type with other parts.
Type rebuilt(const Type& type, std::vector<Type> parts) {
  switch (type.kind()) {
    case TypeKind::List:
      return Type::list(std::move(parts[0]));
    case TypeKind::Map:
      return Type::map(std::move(parts[0]), std::move(parts[1]));
    case TypeKind::Optional:
      return Type::optional(std::move(parts[0]));
    default:
      return Type::wrapper(std::move(parts[0]));
  }
}

/// Records and scalars have no parameters inside.
bool has_open_parts(const Type& type) { return !type.is(TypeKind::Record) && !type.fields().empty(); }

}  // namespace

Type Unification::instance(const Type& type, std::vector<std::pair<std::uint32_t, Type>>& letters) {
  if (type.is(TypeKind::Parameter)) {
    for (const auto& [letter, made] : letters) {
      if (letter == type.number()) return made;
    }
    return letters.emplace_back(type.number(), fresh()).second;
  }
  if (!has_open_parts(type)) return type;
  std::vector<Type> parts;
  for (const auto& [name, part] : type.fields()) parts.push_back(instance(part, letters));
  return rebuilt(type, std::move(parts));
}

Type Unification::replaced(const Type& type, bool free_is_dyn) const {
  if (type.is(TypeKind::Parameter)) {
    if (const auto& known = held(type)) return replaced(*known, free_is_dyn);
    return free_is_dyn ? Type() : type;
  }
  if (!has_open_parts(type)) return type;
  std::vector<Type> parts;
  for (const auto& [name, part] : type.fields()) parts.push_back(replaced(part, free_is_dyn));
  return rebuilt(type, std::move(parts));
}

Type Unification::resolved(const Type& type) const { return replaced(type, false); }
Type Unification::settled(const Type& type) const { return replaced(type, true); }

bool Unification::assignable(const Type& from, const Type& to) { return assignable({&from, 1}, {&to, 1}); }

bool Unification::assignable(std::span<const Type> from, std::span<const Type> to) {
  changes_.clear();
  bool all = from.size() == to.size();
  for (std::size_t i = 0; i < from.size() && all; ++i) all = fits(from[i], to[i]);
  if (!all) undo_to(0);
  return all;
}

void Unification::hold(const Type& parameter, const Type& type) {
  changes_.emplace_back(parameter.number(), held(parameter));
  held_[parameter.number()] = type;
}

void Unification::undo_to(std::size_t mark) {
  for (; changes_.size() > mark; changes_.pop_back()) held_[changes_.back().first] = std::move(changes_.back().second);
}

bool Unification::mentions(const Type& type, const Type& parameter) const {
  if (type.is(TypeKind::Parameter)) {
    if (type == parameter) return true;
    const auto& known = held(type);
    return known && mentions(*known, parameter);
  }
  if (!has_open_parts(type)) return false;
  for (const auto& [name, part] : type.fields()) {
    if (mentions(part, parameter)) return true;
  }
  return false;
}

/// Whether the parameter may stand for the type, beside what it stands for already.
Unification::Standing Unification::stand_for(const Type& parameter, const Type& type) {
  if (type == parameter) return Standing::Taken;
  if (const auto known = held(parameter)) {
    if (*known == type) return Standing::Taken;
    const std::size_t mark = changes_.size();
    if (!fits(type, *known)) {
      undo_to(mark);
      return Standing::HeldOther;
    }
    const Type general = more_general(type, *known);
    if (!mentions(general, parameter)) hold(parameter, general);
    return Standing::Taken;
  }
  if (mentions(type, parameter)) return Standing::Refused;
  hold(parameter, type);
  return Standing::Taken;
}

bool Unification::parts_fit(const Type& from, const Type& to) {
  if (from.fields().size() != to.fields().size()) return false;
  for (std::size_t i = 0; i < from.fields().size(); ++i) {
    if (!fits(from.part(i), to.part(i))) return false;
  }
  return true;
}

bool Unification::fits(const Type& from, const Type& to) {
  if (to.is(TypeKind::Parameter)) {
    const Standing standing = stand_for(to, from);
    if (standing != Standing::Refused) return standing == Standing::Taken;
  }
  if (from.is(TypeKind::Parameter)) return stand_for(from, to) == Standing::Taken;
  if (from.is(TypeKind::Sealed) || to.is(TypeKind::Sealed)) return from.kind() == to.kind();
  if (from.is(TypeKind::Dyn) || to.is(TypeKind::Dyn)) return true;
  if (from.is(TypeKind::Null)) return may_be_null(to);
  if (to.is(TypeKind::Null)) return may_be_null(from);
  if (from.is(TypeKind::Wrapper) && !to.is(TypeKind::Wrapper)) return fits(from.part(), to);
  if (to.is(TypeKind::Wrapper) && !from.is(TypeKind::Wrapper)) return fits(from, to.part());
  if (from.kind() != to.kind()) return false;
  if (from.is(TypeKind::Record)) return from == to;
  return parts_fit(from, to);
}

/// Whether `a` says no more than `b` does.
bool Unification::as_general(const Type& a, const Type& b) const {
  if (a.is(TypeKind::Dyn)) return true;
  if (b.is(TypeKind::Dyn)) return false;
  if (a.is(TypeKind::Parameter)) return true;
  if (b.is(TypeKind::Parameter)) return false;
  if (b.is(TypeKind::Null)) return true;
  if (a.is(TypeKind::Wrapper) && !b.is(TypeKind::Wrapper)) return true;
  if (a.kind() != b.kind()) return false;
  if (a.is(TypeKind::Record)) return a == b;
  for (std::size_t i = 0; i < a.fields().size(); ++i) {
    if (!as_general(a.part(i), b.part(i))) return false;
  }
  return true;
}

Type Unification::more_general(const Type& a, const Type& b) const {
  const Type x = resolved(a), y = resolved(b);
  return as_general(x, y) ? x : y;
}

}  // namespace kvali::expression
