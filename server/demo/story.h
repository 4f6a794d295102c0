#pragma once
// A demonstration: people, a cohort, applications and what happened to them, told in four YAML files and played through the
// same door as any command. The files say at their heads how they are written.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/calendar/calendar.h"
#include "kvali/v1/command.pb.h"

namespace kvali::demo {

/// The texts of one folder of workflows/.
struct Files {
  std::vector<v1::SourceFile> program;  // program.yaml, texts/LANG.yaml
  std::string people, cohort, applications, history;
};

/// What became of one command.
struct Answer {
  std::string created;  // id of what it created
  std::string code;     // "QUOTA_FULL"; empty: done
  std::string sentence;
};

/// Carries one command as one person (empty: nobody yet, for the first of all) and gives it its key. What the command sets
/// in motion, a rehearsal's clock, has come to rest when it returns.
using Send = std::function<Answer(const std::string& actor, const v1::Command& command)>;

struct Played {
  std::string cohort;                      // its id
  std::map<std::string, std::string> ids;  // key of the files → id: manager-1, taurage-1
  std::size_t commands = 0;
};

/// Plays it all: registers the people, publishes the program, opens the cohort, follows the history. The first of the people
/// runs the house, opens the season and moves its clock. Stops at the first thing that goes otherwise than the files say,
/// with file, line and the refusal's sentence.
Result<Played> play(const Files& files, const calendar::Zone& zone, const Send& send);

}  // namespace kvali::demo
