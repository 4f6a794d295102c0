#pragma once
// The pages of reasons: for each code of `kvali check` what it looks for, why it matters, an example and how to mend it.
#include <span>
#include <string_view>

namespace kvali::program::proof {

struct Page {
  std::string_view code;
  std::string_view what;     // what was found, in a sentence
  std::string_view why;      // why it matters
  std::string_view example;  // a piece of YAML that is told so
  std::string_view mend;     // what to do
};

std::span<const Page> pages_of_proof();   // of the proof
std::span<const Page> pages_of_checks();  // of what is seen without trying configurations
std::span<const Page> pages_of_reading();  // of grammar and texts
std::span<const Page> pages_of_plans();    // of plans that lead from one version to another
std::span<const Page> pages_of_subjects();  // of subjects beside initiatives
std::span<const Page> pages_of_choosing();  // of deciding together
std::span<const Page> pages_of_forms();     // of tables, files and sections

}  // namespace kvali::program::proof
