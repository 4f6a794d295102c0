#pragma once
// What a picture of a program shows, before anybody draws it: boxes in boxes, and arrows between boxes that stand in the same
// box. An arrow from the inside of one stage into another is drawn between the stages and says which state it leaves.
#include <cstddef>
#include <string>
#include <vector>

#include "kvali/v1/machine.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// What became of a box since another version.
enum class Mark { None, New, Changed, Gone };

struct Box {
  enum class Kind { Group, State, End, Done, Anywhere };  // Done: a part is finished; Anywhere: stands for all states around it
  Kind kind = Kind::State;
  std::string id;      // the state's path with _ for dots, unique in the picture
  std::string label;
  std::string detail;  // a second line: who is waited for, how it ends
  v1::State::End ends = v1::State::END_UNSPECIFIED;
  std::size_t parent = 0;             // the first box is the picture itself
  std::vector<std::size_t> children;  // in document order
  bool parallel = false;              // its children run side by side
  std::size_t begins = 0;             // of a group: the child it begins with; 0: all or none
  Mark mark = Mark::None;
};

struct Line {
  std::size_t from = 0;  // boxes with the same parent
  std::size_t to = 0;
  std::size_t leaves = 0;  // the boxes that its first arrow leaves and enters, perhaps inside of these
  std::size_t enters = 0;
  std::vector<std::string> labels;  // one for each arrow that it stands for
  bool by_person = false;           // else by time, or by itself
};

struct Picture {
  std::string title;
  std::vector<Box> boxes;
  std::vector<Line> lines;
  bool compared = false;  // some boxes may be marked
};

Picture picture_of(const v1::Program& program, const v1::Machine& machine, const std::string& language);

struct Version {
  const v1::Program& program;
  const v1::Machine& machine;
};

/// The picture of `now` with what is new (+), changed (±) and gone (−) since `was`; its title says what the signs mean.
Picture picture_since(const Version& was, const Version& now, const std::string& language);

/// The id of the box of a state by its path in the machine.
std::string box_id(const std::string& machine_path);

/// The word for how something ends: "success", in `language`.
std::string end_word(v1::State::End end, const std::string& language);

}  // namespace kvali::program
