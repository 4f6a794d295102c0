#include "tests/engine/simulate/seasons.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "engine/cohort/zone_table.h"
#include "engine/program/program.h"
#include "tests/engine/calendar/vilnius.h"

namespace kvali::simulate::testing {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void parameter(v1::OpenCohort& opening, const std::string& name, int year, std::uint32_t month, std::uint32_t day) {
  v1::NamedValue& value = *opening.add_parameters();
  value.set_name(name);
  value.mutable_value()->mutable_date()->set_year(year);
  value.mutable_value()->mutable_date()->set_month(month);
  value.mutable_value()->mutable_date()->set_day(day);
}

void dates(v1::OpenCohort& opening) {
  const std::string& name = opening.program();
  if (name == "garden") parameter(opening, "spring", 2017, 3, 1);
  if (name == "orchard") parameter(opening, "opens", 2017, 3, 1);
  if (name != "socifaction-2017") return;
  parameter(opening, "application_closes", 2016, 12, 18);
  parameter(opening, "decisions_on", 2017, 1, 9);
  parameter(opening, "mentoring_starts", 2017, 1, 16);
  parameter(opening, "mentoring_ends", 2017, 3, 31);
  parameter(opening, "waitlist_closes", 2017, 2, 28);
}

}  // namespace

std::shared_ptr<const cohort::Model> program_at(const std::string& root, const std::string& name) {
  static std::map<std::string, std::shared_ptr<const cohort::Model>> models;
  std::shared_ptr<const cohort::Model>& model = models[name];
  if (model) return model;
  std::string file = root + "/workflows/" + name + "/program.yaml", texts = root + "/workflows/" + name + "/texts/lt.yaml";
  std::string texts_name = "texts/lt.yaml";
  if (!std::filesystem::exists(file)) {
    file = root + "/tests/engine/cohort/" + name + ".yaml";
    texts = root + "/tests/engine/cohort/" + name + ".ka.yaml";
    texts_name = "texts/ka.yaml";
  }
  std::vector<program::SourceFile> files = {{"program.yaml", text_of(file)}};
  if (std::filesystem::exists(texts)) files.push_back({texts_name, text_of(texts)});
  const program::Loaded loaded = program::load(files);
  if (!loaded.ok()) throw std::runtime_error(program::to_line(loaded.faults.front()));
  auto made = cohort::Model::compile(loaded.program, loaded.machine, std::string(64, 'a'));
  if (!made) throw std::runtime_error(made.error().message);
  return model = *made;
}

Setting season_of(const std::string& root, const std::string& name, std::uint32_t initiatives, std::uint32_t cohorts, std::uint64_t seed) {
  Setting setting;
  setting.model = program_at(root, name);
  setting.habits = usual_habits(*setting.model);
  setting.initiatives = initiatives;
  setting.cohorts = cohorts;
  setting.seed = seed;
  setting.opening.set_name("season");
  setting.opening.set_program(setting.model->name());
  setting.opening.set_clock_us(calendar::parse_instant("2016-11-14T09:00:00+02:00").value());
  *setting.opening.mutable_zone() = cohort::table_of(calendar::testing::vilnius());
  dates(setting.opening);
  if (!setting.model->locality_field().empty())
    for (const char* one : {"taurage", "kelme", "silute", "rokiskis", "varena", "utena", "pakruojis", "akmene", "zarasai", "lazdijai", "skuodas",
                            "moletai", "birzai", "raseiniai", "ignalina"}) {
      v1::LocalityEntry& locality = *setting.opening.add_localities();
      locality.set_id(one);
      locality.set_name(one);
    }
  for (const int year : {2016, 2017, 2018, 2019})
    for (const auto& [month, day] : {std::pair(1, 1), {2, 16}, {3, 11}, {5, 1}, {6, 24}, {7, 6}, {8, 15}, {11, 1}, {12, 24}, {12, 25}, {12, 26}}) {
      v1::Date& holiday = *setting.opening.add_holidays();
      holiday.set_year(year);
      holiday.set_month(static_cast<std::uint32_t>(month));
      holiday.set_day(static_cast<std::uint32_t>(day));
    }
  return setting;
}

}  // namespace kvali::simulate::testing
