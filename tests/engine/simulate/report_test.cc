// Findings as people read them.
#include "engine/simulate/report.h"

#include <nlohmann/json.hpp>

#include "engine/simulate/change.h"
#include "engine/simulate/simulate.h"
#include "tests/engine/simulate/seasons.h"

namespace kvali::simulate {
namespace {

using testing::season_of;

const std::string root = KVALI_SOURCE_DIR;

std::string everything(const Report& report) {
  std::string bytes = to_text(report) + to_json(report);
  for (const Picture& picture : draw(report)) bytes += picture.name + picture.svg;
  return bytes;
}

std::string everything(std::uint64_t seed) {
  const Setting setting = season_of(root, "socifaction-2017", 68, 3, seed);
  Setting changed = setting;
  EXPECT_TRUE(change(changed, "quota.per_locality=5").has_value());
  const Findings base = simulate(setting).value(), other = simulate(changed).value();
  return everything({*setting.model, base, &other, {"quota.per_locality=5"}});
}

TEST(Report, IsTheSameBytesForTheSameSeed) {
  const std::string one = everything(5);
  EXPECT_TRUE(one == everything(5));
  EXPECT_FALSE(one == everything(6));
}

TEST(Report, IsAScreenOfTextForAPerson) {
  const Setting setting = season_of(root, "garden", 12, 1, 4);
  const Findings found = simulate(setting).value();
  const std::string text = to_text({*setting.model, found});
  for (const char* part : {"Garden\n", "12 initiatives in 1 cohort, seed 4; opened on 2016-11-14", "\nStages ", "\nEnds ", "\nTime in a state ", "\nPlaces ",
                           "\nPeople ", "Money: the language of programs has none yet"})
    EXPECT_THAT(text, ::testing::HasSubstr(part));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("\x1b"))) << "no colour";
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr(" \n"))) << "nothing at the end of a line";
}

TEST(Report, ShowsWhatAChangeMakesBesideWhatIs) {
  const Setting setting = season_of(root, "socifaction-2017", 90, 4, 2);
  Setting changed = setting;
  ASSERT_TRUE(change(changed, "quota.per_locality=2").has_value());
  const Findings base = simulate(setting).value(), other = simulate(changed).value();
  const Report report{*setting.model, base, &other, {"quota.per_locality=2"}};
  const std::string text = to_text(report);
  EXPECT_THAT(text, ::testing::HasSubstr("What if: quota.per_locality=2. Where it makes a difference: before → after."));
  EXPECT_THAT(text, ::testing::HasSubstr("60 → 30"));
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json.at("with").at(0), "quota.per_locality=2");
  EXPECT_EQ(json.at("base").at("quotas").at(0).at("places"), 60);
  EXPECT_EQ(json.at("changed").at("quotas").at(0).at("places"), 30);
}

TEST(Report, SaysInJsonWhatWasFound) {
  const Setting setting = season_of(root, "socifaction-2017", 68, 2, 2);
  const Findings found = simulate(setting).value();
  const auto json = nlohmann::json::parse(to_json({*setting.model, found}));
  EXPECT_EQ(json.at("program"), "socifaction-2017");
  EXPECT_EQ(json.at("cohorts"), 2);
  EXPECT_EQ(json.at("began"), 136);
  EXPECT_EQ(json.at("engine").at("macrosteps"), found.macrosteps);
  EXPECT_TRUE(json.at("money").is_null());
  EXPECT_EQ(json.at("stages").at(0).at("state"), "application");
  EXPECT_EQ(json.at("stages").at(0).at("entered"), 136);
  std::uint64_t ended = 0;
  for (const auto& end : json.at("ends")) ended += end.at("count").get<std::uint64_t>();
  EXPECT_EQ(ended + json.at("still_running").get<std::uint64_t>(), 136u);
  for (const auto& state : json.at("states")) EXPECT_LE(state.at("median_s"), state.at("p90_s"));
}

TEST(Report, DrawsPicturesForLightAndDark) {
  const Setting setting = season_of(root, "garden", 12, 1, 4);
  const Findings found = simulate(setting).value();
  const std::vector<Picture> pictures = draw({*setting.model, found});
  ASSERT_EQ(pictures.size(), 4u);
  for (const Picture& picture : pictures) {
    SCOPED_TRACE(picture.name);
    EXPECT_THAT(picture.svg, ::testing::StartsWith("<svg xmlns="));
    EXPECT_THAT(picture.svg, ::testing::EndsWith("</svg>\n"));
    EXPECT_THAT(picture.svg, ::testing::HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(picture.svg, ::testing::HasSubstr("Garden · "));
  }
}

}  // namespace
}  // namespace kvali::simulate
