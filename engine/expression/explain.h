#pragma once
// Why a guard is false: the smallest parts that make it so, each with the values of its operands and the instant from
// which time alone makes it true. Of a && b the false sides only; of a || b every side, since each of them would be
// enough; of a list the elements that do not fit. A guard that cannot be evaluated is explained by the parts that fail.
//
// What is told is complete: whoever mends one part of every Any, and all other parts, has a guard that holds; and with
// one of them left as it is, it does not (where no part depends on another, and cel.bind has a value).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression/expression.h"
#include "engine/expression/functions.h"

namespace kvali::expression {

/// A piece of the source: bytes [begin, end), and where it begins.
struct Range {
  std::uint32_t begin = 0, end = 0;
  Position at;
};

enum class TermKind : std::uint8_t {
  Constant,
  Path,      // `path`: a name with the fields asked of it
  Now,       // the moment of the evaluation, or its day
  Size,      // of parts[0]
  Sum,       // of parts[0]: a list, or by its path what is added of each element
  Fitting,   // the elements of the list at `path` that pass a filter; parts[0] is the list
  Add,       // of parts[0] and parts[1], as the next three
  Subtract,
  Multiply,
  Divide,
  List,   // of the parts
  Other,  // anything else; parts are the paths in it
};

/// An operand as it stands in a guard, with its value: enough to put it in words.
struct Term {
  TermKind kind = TermKind::Other;
  Range range;
  /// Of a Path: "initiative.own_share". The fields of an element go by the list it is of: "meetings.minutes".
  std::string path;
  bool missing = false;  // of a Path: there is nothing there (and `value` may be what stands for it)
  /// A Struct, List or Sealed in it is the one of the bindings, and lives as long. Absent: it cannot be evaluated.
  std::optional<Value> value;
  std::vector<Term> parts;
};

enum class PartKind : std::uint8_t {
  // Groups of parts.
  All,      // each of them must be mended
  Any,      // one of them is enough
  Every,    // as All; each is an Element of the list in terms[0]
  Some,     // as Any; each is an Element of the list in terms[0]. Without parts: the list is empty
  Element,  // as All, of the element at `index` (or at `key`)
  Chosen,   // as All; the first part is the condition that chose the branch and is as it is, a group of kind Given
  Given,    // what decides a condition: its parts tell values, nothing has to be mended
  // Parts that have no parts.
  Comparison,  // `function` of terms[0] and terms[1]
  Membership,  // terms[0] in terms[1]
  Has,         // terms[0] is there
  Truth,       // terms[0], yes or no
  Call,        // `function` of the terms, and any other yes or no
  Count,       // exists_one over the list in terms[0]: `fitting` elements fit
  Failure,     // it cannot be evaluated: `cause`; terms are the paths in it where nothing is
};

enum class Standing : std::uint8_t { Holds, False, Failed };

struct Part {
  PartKind kind = PartKind::All;
  Range range;
  Standing standing = Standing::False;
  bool wanted = true;  // what it would have to be; false behind a negation
  Function function = Function::Unknown;
  std::vector<Term> terms;
  std::vector<Part> parts;
  std::size_t index = 0;            // of an Element, from 0
  std::optional<Value> key;         // of an Element of a map
  std::size_t size = 0;             // of Every, Some and Count: how many elements there are
  std::size_t fitting = 0;          // of Count
  std::string cause;                // of a Failure: a sentence
  Position cause_at;                // of a Failure: where it fails
  /// The first instant at which the part is as wanted if nothing but time changes; calendar::never when it never is.
  calendar::Instant will_hold_at = calendar::never;
};

struct Explanation {
  Standing standing = Standing::Holds;
  Part root;  // without parts when it holds
  calendar::Instant will_hold_at = calendar::never;  // of the guard as a whole
  std::optional<EvalError> error;                    // when it failed
  std::string source;                                // of the guard; the ranges are of it
};

/// Why `guard` is not true. What is no yes or no at all is a Failure. Costs a few evaluations, more where lists are walked,
/// and stops at eight times the work of one.
Explanation explain(const Expression& guard, const Bindings& bindings, const Context& context);

/// The first instant after now at which `guard`, false now, is true if nothing but time changes: the changes of its value
/// are followed, the first eight of them. calendar::never when there is none.
calendar::Instant will_hold_at(const Expression& guard, const Bindings& bindings, const Context& context);

/// "comparison", "any"; and "path".
std::string_view to_string(PartKind kind);
std::string_view to_string(TermKind kind);
std::string_view to_string(Standing standing);

}  // namespace kvali::expression
