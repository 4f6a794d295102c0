// How values read in letters and on the applicant's page.
#include "server/core/words.h"

#include <gmock/gmock.h>

#include "tests/server/demo/world.h"

namespace kvali::core {
namespace {

using demo::testing::Season;

TEST(Words, PutInWhatIsKnownOnceAndLeaveTheRest) {
  const auto known = [](const std::string& name) { return name == "title" ? std::optional<std::string>("{reason}") : name == "reason" ? std::optional<std::string>("Snow") : std::nullopt; };
  EXPECT_EQ(filled("{title}: {reason} {nobody} {", known), "{reason}: Snow {nobody} {");
}

TEST(Words, AreOfTheReadersLanguageAndRights) {
  Season season("2017-01-20 12:00");
  ASSERT_EQ(season.error, "");
  const auto word = [&](const char* reader, const char* name, const char* language) {
    return word_of(season.world.core().store(), season.cohort(), season.of("taurage-1"), {season.person(reader), season.cohort().clock}, name, language,
                   *season.world.vault)
        .value_or("unknown");
  };
  EXPECT_EQ(word("applicant-taurage-1", "initiative.title", "lt"), "Socialinių paslaugų centras");
  EXPECT_EQ(word("applicant-taurage-1", "initiative.locality", "lt"), "Tauragės rajonas");
  EXPECT_EQ(word("applicant-taurage-1", "initiative.contact", "lt"), "kazys.smiltinis@example.net");
  EXPECT_EQ(word("reviewer-1", "initiative.contact", "lt"), "–") << "who reads blind is not told by a letter either";
  EXPECT_EQ(word("applicant-taurage-2", "initiative.contact", "lt"), "–") << "nor a stranger";
  EXPECT_EQ(word("applicant-taurage-1", "initiative.plan", "en"), "–") << "nothing is written yet";
  EXPECT_EQ(word("applicant-taurage-1", "cohort.mentoring_starts", "en"), "2017-01-16");
  EXPECT_EQ(word("applicant-taurage-1", "training.title", "en"), "unknown");
  EXPECT_EQ(word("applicant-taurage-1", "person", "en"), "unknown");
}

TEST(Words, AreWrittenAsTheirKindIs) {
  Season season("2016-11-15 12:00");
  ASSERT_EQ(season.error, "");
  v1::Field field;
  const auto words = [&](const v1::Value& value, const char* language) { return words_of(season.world.core().store(), season.cohort(), field, &value, language, *season.world.vault); };
  v1::Value value;
  value.set_number(15'000);
  EXPECT_EQ(words(value, "en"), "15,000");
  value.set_flag(true);
  EXPECT_EQ(words(value, "lt"), "taip");
  EXPECT_EQ(words(value, "ka"), "დიახ");
  value.mutable_date()->set_year(2018);
  EXPECT_EQ(words(value, "en"), "2018");
  value.mutable_date()->set_month(3);
  EXPECT_EQ(words(value, "en"), "2018-03");
  value.mutable_date()->set_day(5);
  EXPECT_EQ(words(value, "en"), "5 March 2018");
  value.mutable_money()->set_minor_units(150'000);
  value.mutable_money()->set_currency("EUR");
  EXPECT_EQ(words(value, "en"), "EUR\u00a01,500");
  field.set_type(v1::Field::CHOICES);
  for (const auto& [name, label] : {std::pair("home", "Care at home"), std::pair("day", "Day centre")}) {
    v1::Choice& choice = *field.add_choices();
    choice.set_name(name);
    v1::Translation& one = *choice.mutable_label()->add_translations();
    one.set_language("en");
    one.set_text(label);
    value.mutable_list()->add_values()->set_text(name);
  }
  EXPECT_EQ(words(value, "en"), "Care at home, Day centre");
  value.set_empty(true);
  EXPECT_EQ(words(value, "en"), "–");
  field.set_type(v1::Field::TABLE);
  for (const char* column : {"step", "done"}) field.add_fields()->set_name(column);
  for (const bool done : {true, false}) {
    v1::Table::Row& row = *value.mutable_table()->add_rows();
    row.add_values()->set_name("done");
    row.mutable_values(0)->mutable_value()->set_flag(done);
    row.add_values()->set_name("step");
    row.mutable_values(1)->mutable_value()->set_number(done ? 1 : 2);
  }
  EXPECT_EQ(words(value, "en"), "1, yes; 2, no") << "in the order of the columns";
}

}  // namespace
}  // namespace kvali::core
