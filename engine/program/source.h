#pragma once
// What a reader of definitions is given and what it gives back about it: files as values, places in them, faults.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kvali::program {

/// One file of a program: `path` as it should be shown to its author ("workflows/x/program.yaml"), `text` its bytes.
struct SourceFile {
  std::string path;
  std::string text;
};

/// A place in a source file. Lines and columns count from 1; columns count characters (code points), not bytes.
struct Position {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool operator==(const Position&) const = default;
};

/// The place of every value by its path in the YAML, joined by dots: names where the list is keyed by name, counted from 1
/// where it is not ("stages.application.states.draft.deadline.remind.1"). Scalars stand where they begin, mappings and
/// lists at the key that holds them. A path that nobody wrote has no entry.
using Positions = std::map<std::string, Position, std::less<>>;

/// What is wrong with a definition, at its place. `code` is short and stable ("unknown-target"); `message` is one sentence
/// without a full stop: what was found, what was expected; `suggestion` is what may have been meant, or empty.
struct Fault {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string code;
  std::string message;
  std::string suggestion;
};

/// "workflows/x/program.yaml:41:9: no state `sceening`; did you mean `screening`?"
std::string to_line(const Fault& fault);

/// Gathers faults, all at once but never without end: past limits::definition_faults_max they are only counted.
class Faults {
 public:
  void add(const Position& where, std::string code, std::string message, std::string suggestion = {});
  void add(Fault fault);
  /// Whether more would only be counted: nobody need look for suggestions then.
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool empty() const { return faults_.empty(); }
  /// In order of file (as first met), line and column; a last one says how many more there are.
  [[nodiscard]] std::vector<Fault> take();

 private:
  std::vector<Fault> faults_;
  std::size_t untold_ = 0;
};

/// The place of the value at `path`, else of the nearest thing written around it.
Position position_of(const Positions& positions, std::string_view path);

/// "a.b" joined; an empty part adds no dot.
std::string join_path(std::string_view path, std::string_view part);

}  // namespace kvali::program
