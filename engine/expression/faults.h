#pragma once
// What is wrong in an expression, and where: every fault that can be found in one reading.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/limits.h"

namespace kvali::expression {

/// A place in an expression: lines and columns from 1, columns in characters.
struct Position {
  int line = 1;
  int column = 1;
  bool operator==(const Position&) const = default;
};

enum class FaultKind : std::uint8_t {
  Unreadable,   // it is no expression, or a constant in it means nothing
  UnknownName,  // a name, field or function that does not exist
  Type,         // parts that do not fit together
  Sealed,       // it looks into what is sealed
  TooDear,      // its evaluation could take too much work
};

struct Fault {
  int line = 1;
  int column = 1;
  std::string message;  // a sentence without a position
  FaultKind kind = FaultKind::Unreadable;
  bool operator==(const Fault&) const = default;
};

/// The position of byte `offset` of `source`. Lines end with \n, \r\n or \r.
Position position_of(std::string_view source, std::size_t offset);

/// Collects faults in the order of their places.
class Faults {
 public:
  explicit Faults(std::string_view source) : source_(source) {}
  void add(std::size_t offset, std::string message, FaultKind kind = FaultKind::Unreadable);
  bool empty() const { return faults_.empty(); }
  std::vector<Fault> take();

 private:
  struct Found {
    std::size_t offset;
    std::string message;
    FaultKind kind;
  };
  std::string_view source_;
  std::vector<Found> faults_;
};

/// The name among `known` that `name` was most likely meant to be, or "" when none is near.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace kvali::expression
