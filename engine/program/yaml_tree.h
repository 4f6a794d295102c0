#pragma once
// YAML text as a tree of values that know where they stand. Nothing of YAML's guessing is taken over: a scalar stays the text
// that was written, and whoever reads it knows what it should be, so that `no` may be a language.
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/program/source.h"

namespace kvali::program {

struct YamlNode;
/// Shared, because an alias stands for the very node of its anchor.
using Yaml = std::shared_ptr<const YamlNode>;

struct YamlNode {
  enum class Kind { Nothing, Scalar, List, Mapping };
  Kind kind = Kind::Nothing;
  Position at;
  std::string text;     // of a scalar
  bool quoted = false;  // of a scalar: it was written in quotes or as a block
  std::vector<Yaml> items;
  std::vector<std::pair<Yaml, Yaml>> entries;  // of a mapping, in order; keys as they were written, twice if they were
  std::size_t nodes = 1;                       // in this tree, aliases expanded
  std::size_t depth = 1;
};

/// Reads one YAML document. Returns null when a fault was added: text that is no UTF-8, that has control characters or tabs as
/// indentation, that breaks YAML's grammar or a limit of limits.h (bytes, depth, aliases, nodes), an empty document or a second
/// one. Duplicate and merge keys are left to the reader, who knows what they mean.
Yaml parse_yaml(const SourceFile& file, Faults& faults);

}  // namespace kvali::program
