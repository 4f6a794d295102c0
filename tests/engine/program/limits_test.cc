// What no table can show: bytes, depths and sizes. Whatever comes in, faults come out, with their places.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/limits.h"
#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> told(const std::string& text) { return testing::lines_of(load({{"p.yaml", text}}).faults); }

TEST(ReadLimits, RefusesATextThatIsNotUtf8) {
  EXPECT_THAT(told("title: \xC3\x28\nprogram: a\xFF\n"),
              ElementsAre("p.yaml:1:8: byte 0xC3 is not UTF-8; save the file as UTF-8",
                          "p.yaml:2:11: byte 0xFF is not UTF-8; save the file as UTF-8"));
  EXPECT_THAT(told("a: \xED\xA0\x80"), ElementsAre("p.yaml:1:4: byte 0xED is not UTF-8; save the file as UTF-8")) << "a surrogate";
  EXPECT_THAT(told("a: \xC0\xAF"), ElementsAre("p.yaml:1:4: byte 0xC0 is not UTF-8; save the file as UTF-8")) << "an overlong form";
}

TEST(ReadLimits, RefusesTabsAsIndentationInEveryLine) {
  EXPECT_THAT(told("roles:\n\tmanager:\n  \tlabel: x\ntitle: a\tb\n"),
              ElementsAre("p.yaml:2:1: a tab indents this line; YAML is indented with spaces",
                          "p.yaml:3:3: a tab indents this line; YAML is indented with spaces"));
}

TEST(ReadLimits, RefusesControlCharactersWrittenOrEscaped) {
  EXPECT_THAT(told(std::string("title: a\0b", 10)), ElementsAre("p.yaml:1:9: control character 0x00; a definition is plain text"));
  EXPECT_THAT(told("title: \"a\\x07b\""), ElementsAre("p.yaml:1:8: control character 0x07; a definition is plain text"));
  EXPECT_THAT(told("title: a\u202Eb"),
              ElementsAre("p.yaml:1:9: an invisible character that turns the direction of text; take it out"));
}

TEST(ReadLimits, ReadsPastAByteOrderMark) {
  EXPECT_THAT(told("\xEF\xBB\xBFprogarm: a"), ::testing::Contains("p.yaml:1:1: unknown key `progarm` in a program; did you mean `program`?"));
}

TEST(ReadLimits, RefusesWhatIsTooLarge) {
  const std::string large = "title: " + std::string(limits::definition_bytes_max, 'a');
  EXPECT_THAT(told(large), ElementsAre(fmt::format("p.yaml: {} bytes; a definition has at most {}", large.size(), limits::definition_bytes_max)));
}

TEST(ReadLimits, RefusesWhatIsTooDeep) {
  const std::size_t depth = limits::definition_depth_max;
  EXPECT_THAT(told("title: " + std::string(depth * 3, '[')),
              ElementsAre(::testing::HasSubstr(fmt::format("nested deeper than {} levels", depth))));
  std::string mappings;
  for (std::size_t i = 0; i <= depth; ++i) mappings += std::string(i, ' ') + "a:\n";
  EXPECT_THAT(told(mappings), ElementsAre(fmt::format("p.yaml:{0}:{0}: nested deeper than {1} levels", depth, depth)));
}

TEST(ReadLimits, RefusesAnAliasBombBeforeItIsExpanded) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'i'; ++name) {
    const char last = static_cast<char>(name - 1);
    bomb += fmt::format("{0}: &{0} [*{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}]\n", name, last);
  }
  EXPECT_THAT(told(bomb), ElementsAre(::testing::HasSubstr("more than 50000 values, aliases expanded")));
}

TEST(ReadLimits, RefusesTooManyAliasesAndEndlessOnes) {
  std::string many = "a: &a x\nb: [";
  for (std::size_t i = 0; i <= limits::definition_aliases_max; ++i) many += "*a, ";
  EXPECT_THAT(told(many + "]"), ElementsAre(::testing::HasSubstr("more than 256 aliases")));
  EXPECT_THAT(told("a: &a [x, *a]"), ElementsAre("p.yaml:1:11: this alias stands inside of what it stands for"));
}

TEST(ReadLimits, ReadsAnAliasAsWhatItStandsFor) {
  const Loaded loaded = load({{"p.yaml", "title: &t A garden\nprogram: garden\nroles: {manager: {label: *t, scope: cohort}}\n"}});
  EXPECT_EQ(loaded.program.roles(0).label().translations_size(), 1);
}

TEST(ReadLimits, TellsAtMostSoManyFaults) {
  std::string text = "program: garden\n";
  for (int i = 0; i < 1000; ++i) text += fmt::format("unknown_{}: x\n", i);
  const std::vector<Fault> faults = load({{"p.yaml", text}}).faults;
  ASSERT_EQ(faults.size(), limits::definition_faults_max + 1);
  EXPECT_THAT(to_line(faults.back()), ::testing::StartsWith("p.yaml: and "));
}

TEST(ReadLimits, AsksForExactlyOneProgram) {
  EXPECT_THAT(testing::lines_of(load({}).faults), ElementsAre("program.yaml: there is no program among the files"));
  const auto two = testing::lines_of(load({{"a.yaml", "program: a"}, {"b.yaml", "program: b"}}).faults);
  EXPECT_THAT(two, ::testing::Contains("b.yaml: a second program; a.yaml is the first"));
}

// Every prefix of a good definition, and every byte of it replaced, is read or refused: nothing else.
TEST(ReadLimits, SurvivesEveryCutAndEveryFlippedByte) {
  const std::string whole = testing::read_file("tests/engine/program/broken/base.yaml");
  for (std::size_t cut = 0; cut < whole.size(); cut += 61) {
    EXPECT_FALSE(load({{"p.yaml", whole.substr(0, cut)}}).ok()) << cut;
  }
  for (std::size_t at = 0; at < whole.size(); at += 127) {
    for (const char byte : {'\0', '\x80', '{', '\'', '&', '\n', ' '}) {
      std::string flipped = whole;
      flipped[at] = byte;
      const Loaded loaded = load({{"p.yaml", flipped}});
      EXPECT_EQ(loaded.ok(), loaded.machine.states_size() > 0);
    }
  }
}

}  // namespace
}  // namespace kvali::program
