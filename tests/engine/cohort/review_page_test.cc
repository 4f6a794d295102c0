// The page about reviews (workflows/reference/review.md): what it shows is what happens.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include <fstream>

#include "engine/program/program.h"
#include "tests/engine/cohort/practice.h"

namespace kvali::cohort {
namespace {

using testing::Practice;

struct Example {
  int line = 0;
  std::string review, scores, readers, guard, gives, faults;
};

std::vector<Example> examples() {
  std::vector<Example> read;
  std::ifstream page(fmt::format("{}/workflows/reference/review.md", KVALI_SOURCE_DIR));
  std::string line;
  int number = 0;
  for (bool open = false; std::getline(page, line);) {
    ++number;
    if (line == "```") {
      open = !open;
      if (open) read.push_back({number + 1, {}, {}, {}, {}, {}, {}});
      continue;
    }
    if (!open) continue;
    Example& one = read.back();
    const std::size_t space = line.find(' ');
    const std::string word = line.substr(0, space), rest = line.substr(space + 1);
    std::string* to = word == "review" ? &one.review : word == "scores" ? &one.scores : word == "readers" ? &one.readers
                    : word == "guard" ? &one.guard : word == "gives" ? &one.gives : word == "faults" ? &one.faults : nullptr;
    if (!to) throw std::runtime_error(fmt::format("review.md:{}: no such word: {}", number, word));
    *to = rest;
  }
  return read;
}

/// A program whose only review is the one of the example; the guard ranks, so that it may ask for anything.
std::string program_with(const Example& one) {
  return fmt::format(R"(program: page
title: A page
languages: [en]
timezone: Europe/Vilnius
roles:
  manager:   {{label: Manager, scope: cohort, assigns: true}}
  reader:    {{label: Reader, scope: cohort}}
  applicant: {{label: Applicant, scope: initiative}}
cohort:
  parameters: {{spring: {{type: date, label: Scores are due}}}}
  localities: {{label: Localities}}
initiative:
  brought_by: [organisation]
  fields:
    title:    {{type: text, label: Title}}
    language: {{type: choice, label: Language, choices: {{lt: Lithuanian, ka: Georgian}}}}
    problem:  {{type: text, label: The problem}}
stages:
  application:
    label: Application
    states:
      assessment:
        label: Assessment
        waits_for: manager
        no_deadline: The committee meets when it meets
        review: {}
        moves:
          select: {{label: Select, by: manager, to: done{}}}
    outcomes:
      done: {{label: Done, ends: success}}
)",
                     one.review, one.guard.empty() || one.gives != "true" ? "" : fmt::format(", needs: [{{when: '{}', why: Not yet}}]", one.guard));
}

std::string field(const std::string& name, const YAML::Node& value) {
  std::int64_t number = 0;
  if (YAML::convert<std::int64_t>::decode(value, number)) return fmt::format("fields {{ name: \"{}\" value {{ number: {} }} }} ", name, number);
  return fmt::format("fields {{ name: \"{}\" value {{ text: \"{}\" }} }} ", name, value.as<std::string>());
}

TEST(ReviewPage, ShowsWhatHappens) {
  const std::vector<Example> all = examples();
  EXPECT_GE(all.size(), 18u);
  for (const Example& one : all) {
    SCOPED_TRACE(fmt::format("workflows/reference/review.md:{}: {}", one.line, one.review));
    const std::string text = program_with(one);
    const program::Loaded loaded = program::load({{"program.yaml", text}});
    std::vector<std::string> faults;
    for (const program::Fault& fault : loaded.faults) faults.push_back(program::to_line(fault));
    if (!one.faults.empty()) {
      EXPECT_THAT(faults, ::testing::ElementsAre(::testing::HasSubstr(one.faults)));
      continue;
    }
    ASSERT_THAT(faults, ::testing::IsEmpty());
    Practice cohort({"page", "2017-02-01 09:00", false, {}, {}, {}, text});
    cohort.people({"ann"});
    const YAML::Node scores = YAML::Load(one.scores.empty() ? "{}" : one.scores), readers = YAML::Load(one.readers.empty() ? "[]" : one.readers);
    std::set<std::string> given;
    const auto give = [&](const std::string& reader) {
      if (given.insert(reader).second) cohort.give("reader", reader);
    };
    ASSERT_EQ(cohort.ask("ann", R"(start_initiative { fields { name: "title" value { text: "Tea" } } })", "i"), "") << cohort.why();
    for (const auto& reader : readers) {
      give(reader.as<std::string>());
      ASSERT_EQ(cohort.ask("manager", fmt::format(R"(assign_readers {{ review: "review" way: BY_HAND initiatives: "i" readers: "{}" }})", reader.as<std::string>())), "") << cohort.why();
    }
    for (const auto& entry : scores) {
      give(entry.first.as<std::string>());
      std::string fields;
      for (const auto& mark : entry.second) fields += field(mark.first.as<std::string>(), mark.second);
      ASSERT_EQ(cohort.ask(entry.first.as<std::string>(), fmt::format("open_task {{ initiative: \"i\" kind: \"review\" {} }}", fields)), "") << cohort.why();
    }
    const auto guard = expression::compile(one.guard), gives = expression::compile(one.gives);
    ASSERT_TRUE(guard.has_value() && gives.has_value());
    const Facts facts(cohort.cohort(), &cohort.of("i"), nullptr, cohort.now);
    const auto value = facts.value(*guard), wanted = facts.value(*gives);
    ASSERT_TRUE(value.has_value() && wanted.has_value());
    EXPECT_EQ(expression::to_text(*value), expression::to_text(*wanted));
    EXPECT_THAT(cohort.broken(), ::testing::IsEmpty());
  }
}

}  // namespace
}  // namespace kvali::cohort
