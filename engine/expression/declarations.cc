// The names that expressions may use, with their types.
#include <algorithm>

#include "engine/expression/expression.h"

namespace kvali::expression {

namespace {

bool before(const std::pair<std::string, Type>& declared, std::string_view path) { return declared.first < path; }

}  // namespace

void Declarations::add(std::string_view path, Type type) {
  const auto at = std::lower_bound(paths_.begin(), paths_.end(), path, before);
  if (at != paths_.end() && at->first == path) {
    at->second = std::move(type);
  } else {
    paths_.insert(at, {std::string(path), std::move(type)});
  }
}

std::vector<std::string_view> Declarations::names_after(std::string_view prefix) const {
  std::string beneath(prefix);
  if (!prefix.empty()) beneath += '.';
  std::vector<std::string_view> names;
  for (auto at = std::lower_bound(paths_.begin(), paths_.end(), std::string_view(beneath), before);
       at != paths_.end() && at->first.starts_with(beneath); ++at) {
    std::string_view name = at->first;
    name.remove_prefix(beneath.size());
    name = name.substr(0, name.find('.'));
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

std::optional<Type> Declarations::type_of(std::string_view path) const {
  std::vector<Type::Field> fields;
  for (const std::string_view name : names_after(path)) {
    std::string inner(path);
    fields.emplace_back(name, type_of(inner.append(".").append(name)).value_or(Type()));
  }
  if (!fields.empty()) return Type::record(std::move(fields));
  const auto at = std::lower_bound(paths_.begin(), paths_.end(), path, before);
  if (at == paths_.end() || at->first != path) return std::nullopt;
  return at->second;
}

}  // namespace kvali::expression
