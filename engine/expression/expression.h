#pragma once
// Guards and computed values in the Common Expression Language (cel-spec v0.25): read once, evaluated often. An
// evaluation is a pure function of the expression, the bindings and the context, bounded in work; and it also tells the
// earliest instant at which its value may change, so that somebody can look again then and not before.
//
// Beside CEL stand dates, date("2017-03-01"), and calendar periods, period("2 years"), which are added to and
// subtracted from dates and timestamps as a calendar does it. A date beside a timestamp means its whole day in the zone
// of the context: now <= cohort.application_closes holds until 24:00. Getters without a zone use that zone too.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/expression/faults.h"
#include "engine/expression/type.h"
#include "engine/expression/value.h"
#include "engine/limits.h"

namespace kvali::expression {

struct Tree;

/// The names an expression may use, as dotted paths with their types. A name with paths beneath it is closed ("cohort" after
/// "cohort.mentoring_starts": only those fields exist); one without is open to what its type has (dyn: any field).
class Declarations {
 public:
  /// The type may say how large its values are at most (Type::at_most), for the bound of the work.
  void add(std::string_view path, Type type = {});
  /// Names are looked up in this container first, as Context::container says.
  void set_container(std::string_view container) { container_ = container; }
  const std::string& container() const { return container_; }
  /// The type of a path that was declared, a record for one that others were declared beneath; nothing for any other.
  std::optional<Type> type_of(std::string_view path) const;
  /// The names that may stand right behind `prefix` ("" for the first).
  std::vector<std::string_view> names_after(std::string_view prefix) const;

 private:
  std::vector<std::pair<std::string, Type>> paths_;  // sorted by path, each once
  std::string container_;
};

/// A free name of an expression with the fields asked of it, such as cohort.mentoring_starts; and where it stands.
struct Reference {
  std::string path;
  int line = 1;
  int column = 1;
};

/// An expression that was read. Immutable; copies share it, across threads too.
class Expression {
 public:
  explicit Expression(std::shared_ptr<const Tree> tree, Type type = {}) : tree_(std::move(tree)), type_(std::move(type)) {}
  const std::string& source() const;
  /// Every free name in the order of its first use; each path once. `now` and the names of types are none.
  std::vector<Reference> references() const;
  bool reads_now() const;
  /// The expression written again, with one blank around operators and no needless parentheses.
  std::string to_text() const;
  const Tree& tree() const { return *tree_; }
  /// What it gives, as far as the declarations it was compiled with tell; dyn without any.
  const Type& type() const { return type_; }

 private:
  std::shared_ptr<const Tree> tree_;
  Type type_;
};

/// Reads an expression of at most limits::guard_bytes_max bytes. All faults are told at once. With `names`, the types are
/// checked (check.h): names and functions that do not exist, what does not fit together, and constants that cannot be read (a
/// date in February 30) are faults as well; without, they are errors of the evaluation, which CEL's && and || may absorb.
tl::expected<Expression, std::vector<Fault>> compile(std::string_view source, const Declarations* names = nullptr);

/// What the free names of an expression stand for.
class Bindings {
 public:
  virtual ~Bindings() = default;
  /// The value of `name`, alive until the evaluation ends; null when there is none.
  virtual const Value* lookup(std::string_view name) const = 0;
  /// Whether some names contain points ("a.b" bound as one name). Asking for them costs time.
  virtual bool has_dotted_names() const { return false; }
};

/// Bindings for a handful of names.
class NamedValues final : public Bindings {
 public:
  NamedValues() = default;
  NamedValues(std::initializer_list<std::pair<std::string, Value>> values);
  void set(std::string_view name, Value value);
  const Value* lookup(std::string_view name) const override;
  bool has_dotted_names() const override { return dotted_; }

 private:
  std::vector<std::pair<std::string, Value>> values_;
  bool dotted_ = false;
};

/// What an evaluation reads of the world. Everything pointed to outlives the evaluation.
struct Context {
  std::optional<calendar::Instant> now = {};      // without it, `now` is an unknown name
  const calendar::Zone* zone = &calendar::utc();  // of dates, periods, and getters that name none
  std::span<const calendar::Zone> zones = {};     // the zones that getters may name
  const calendar::Holidays* holidays = nullptr;   // for periods of working days
  std::string_view container = {};                // CEL's container: "a.b" makes c mean a.b.c, a.c or c
  std::uint64_t work_units_max = limits::guard_work_units_max;
};

struct EvalError {
  int line = 1;
  int column = 1;
  std::string message;  // a sentence without a position
};

struct Outcome {
  /// A Struct in it is the one of the bindings, and lives as long.
  tl::expected<Value, EvalError> result;
  /// The earliest instant after `now` at which the result may differ from this one while the bindings stay the same:
  /// possibly too early, never too late; calendar::never when it cannot. (That a duration leaves its range of 292
  /// years, or an instant the year 9999, is not counted.)
  calendar::Instant may_change_at = calendar::never;
  std::uint64_t work_units = 0;  // nodes visited, plus one for every 16 bytes touched (4 by a regular expression)
  bool out_of_work = false;      // the error is that Context::work_units_max was reached
};

Outcome evaluate(const Expression& expression, const Bindings& bindings, const Context& context);

}  // namespace kvali::expression
