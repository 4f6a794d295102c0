#pragma once
// The names of a program's stages, states, regions and outcomes, and what a name means where it is written.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// One thing that can be named: the program itself (the first spot), a stage, region, state or outcome.
struct Spot {
  enum class Kind { Program, Stage, Region, State, Outcome };
  Kind kind = Kind::Program;
  std::string name;
  std::string path;          // as an author writes it: "mentoring.sessions.open"
  std::string machine_path;  // as the machine has it: "mentoring.alongside.sessions.open"
  std::string yaml_path;     // in Positions: "stages.mentoring.alongside.sessions.states.open"
  std::size_t parent = 0;
  std::vector<std::size_t> children;
  const v1::Stage* stage = nullptr;    // of a stage
  const v1::Region* region = nullptr;  // of a region
  const v1::State* state = nullptr;    // of a state or outcome
};

/// What a target means: a spot, or why none.
struct Resolution {
  enum class Problem { None, Unknown, Ambiguous, Region };
  Problem problem = Problem::None;
  std::size_t spot = 0;                 // the nearest, also when ambiguous
  std::vector<std::size_t> also;        // the others, when ambiguous
};

/// All spots of one program, in document order, which must outlive this.
class Names {
 public:
  explicit Names(const v1::Program& program);

  [[nodiscard]] const std::vector<Spot>& spots() const { return spots_; }
  [[nodiscard]] const Spot& operator[](std::size_t spot) const { return spots_[spot]; }

  /// What `target`, written at spot `from`, leads to. A bare name is a sibling, else a state or outcome around it up to the
  /// enclosing stage, else a stage, else an outcome of the program; from the program itself also any state of that name. With
  /// dots it is a path, from the program or from the enclosing stage.
  [[nodiscard]] Resolution resolve(std::size_t from, std::string_view target) const;

  /// What may have been meant by an unknown `target` written at `from`: the very name elsewhere, else a near one in sight, else a
  /// near one anywhere, written with its stage; or "".
  [[nodiscard]] std::string suggestion(std::size_t from, std::string_view target) const;

  /// The stage that `spot` is or stands in; 0 for what stands in none.
  [[nodiscard]] std::size_t stage_of(std::size_t spot) const;
  [[nodiscard]] bool contains(std::size_t outer, std::size_t inner) const;
  /// "the state `application.draft`".
  [[nodiscard]] std::string describe(std::size_t spot) const;

 private:
  std::size_t add(std::size_t parent, Spot::Kind kind, const std::string& name, const std::string& yaml_list,
                  const std::string& machine_between);
  void add_states(std::size_t parent, const google::protobuf::RepeatedPtrField<v1::State>& states, Spot::Kind kind,
                  const std::string& yaml_list);
  void add_regions(std::size_t parent, const google::protobuf::RepeatedPtrField<v1::Region>& regions,
                   const std::string& machine_between);
  [[nodiscard]] std::vector<std::vector<std::size_t>> levels(std::size_t from) const;

  std::vector<Spot> spots_;
};

}  // namespace kvali::program
