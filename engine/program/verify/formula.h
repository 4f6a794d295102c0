#pragma once
// A guard as a formula over few values: choices, yes or no, and numbers compared with constants have finitely many that make a
// difference; everything else a guard asks is a question of its own that may be answered yes, no, or not at all (an error).
//
// The values of a number that matter are each constant it is compared with anywhere in the program, and one beside and between
// them. So `size(meetings) >= 3` and `size(meetings) < 3` exclude each other, and `size(meetings) >= 0` always holds.
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/expression/expression.h"
#include "engine/expression/tree.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program::proof {

enum class Truth : std::uint8_t { No, Yes, Error };

/// Something a guard asks about, with the values that make a difference. The first may be "it is not there".
struct Variable {
  enum class Kind : std::uint8_t { Value, Number, Question };
  std::string name;  // "initiative.kind", "size(meetings)", or the question itself
  Kind kind = Kind::Question;
  std::vector<std::optional<expression::Value>> values;  // of Value
  std::vector<std::optional<double>> numbers;            // of Number
  std::vector<Truth> answers;                            // of Question
  std::size_t size() const { return kind == Kind::Value ? values.size() : kind == Kind::Number ? numbers.size() : answers.size(); }
  /// The value at `index`, for people: "grant", "3", "not given".
  std::string say(std::size_t index) const;
};

using VariableId = std::uint32_t;

/// A value for each variable of a formula, by index.
using Valuation = std::map<VariableId, std::size_t>;

struct Formula {
  enum class Kind : std::uint8_t { Constant, Leaf, Not, And, Or, If };
  Kind kind = Kind::Constant;
  Truth constant = Truth::Yes;
  std::vector<Formula> parts;
  // of a leaf:
  std::function<Truth(const Valuation&)> ask;
  std::vector<VariableId> reads;
};

/// All variables of a program's guards, and how a guard becomes a formula over them. Guards are given first (for the
/// constants), then made.
class Formulas {
 public:
  explicit Formulas(const v1::Program& program);
  Formulas(const Formulas&) = delete;
  Formulas& operator=(const Formulas&) = delete;

  /// Fields of the initiative of which it is known that nobody ever fills them in.
  void set_empty(std::vector<std::string> fields) { empty_ = std::move(fields); }
  /// Takes note of the constants in a guard.
  void learn(const std::string& source);
  /// The formula of a guard; what cannot be read is a question.
  Formula make(const std::string& source);
  const Variable& variable(VariableId id) const { return variables_[id]; }

 private:
  using Node = expression::Node;
  struct Compared {
    std::string term;
    expression::Function function;
    double constant;
  };
  void learn(const Node& node);
  Formula make(const expression::Expression& expression, const Node& node);
  Formula leaf(const expression::Expression& expression, const Node& node);
  Formula compared_leaf(const Compared& compared);
  std::optional<Compared> compared(const Node& node) const;
  std::optional<std::string> number_term(const Node& node) const;
  const v1::Field* field(const std::string& path) const;
  bool is_finite(const std::string& path) const;
  bool is_empty(const std::string& path) const;
  bool is_whole(const std::string& term) const;
  bool is_always_there(const std::string& term) const;
  bool is_score(const std::string& path) const;
  bool is_count(const std::string& path) const;
  VariableId value_variable(const std::string& path);
  VariableId number_variable(const std::string& term);
  VariableId question(const std::string& text, bool may_fail);

  const v1::Program& program_;
  std::vector<std::string> empty_;
  std::set<std::string> reviews_;  // names
  std::map<std::string, std::vector<double>> constants_;  // by term
  std::vector<Variable> variables_;
  std::map<std::string, VariableId> ids_;
};

Truth evaluate(const Formula& formula, const Valuation& valuation);
/// Adds the variables a formula reads, each once.
void collect(const Formula& formula, std::vector<VariableId>& variables);

}  // namespace kvali::program::proof
