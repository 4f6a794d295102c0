// What guards see of a program's fields: the type of each, its size, and whether it is sealed.
#include "engine/program/expression_types.h"

#include "engine/expression/bound.h"
#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

v1::Field field(const std::string& name, v1::Field::Type type) {
  v1::Field made;
  made.set_name(name);
  made.set_type(type);
  return made;
}

std::string seen(v1::Field::Type type) { return expression::to_text(type_seen(field("x", type))); }

TEST(ExpressionTypes, FollowTheTypesOfFields) {
  EXPECT_EQ(seen(v1::Field::NUMBER), "double");
  EXPECT_EQ(seen(v1::Field::WHOLE_NUMBER), "int");
  EXPECT_EQ(seen(v1::Field::COUNT), "int");
  EXPECT_EQ(seen(v1::Field::MONEY), "int");
  EXPECT_EQ(seen(v1::Field::DATE), "date");
  EXPECT_EQ(seen(v1::Field::YES_OR_NO), "bool");
  EXPECT_EQ(seen(v1::Field::CHOICE), "string");
  EXPECT_EQ(seen(v1::Field::CHOICES), "list(string)");
  EXPECT_EQ(seen(v1::Field::LOCALITY), "string");
  EXPECT_EQ(seen(v1::Field::URL), "string");
}

TEST(ExpressionTypes, AreSealedForTextsAndAllThatIsPersonal) {
  for (const auto type : {v1::Field::TEXT, v1::Field::EMAIL, v1::Field::PHONE, v1::Field::FILE}) EXPECT_EQ(seen(type), "sealed");
  v1::Field birthday = field("birthday", v1::Field::DATE);
  birthday.set_personal(true);
  EXPECT_EQ(expression::to_text(type_seen(birthday)), "sealed");
  EXPECT_EQ(expression::to_text(type_typed_in(birthday)), "date");
}

TEST(ExpressionTypes, AreListsOfRowsForTables) {
  v1::Field steps = field("steps", v1::Field::TABLE);
  *steps.add_fields() = field("step", v1::Field::TEXT);
  *steps.add_fields() = field("done", v1::Field::YES_OR_NO);
  EXPECT_EQ(expression::to_text(type_seen(steps)), "list({done: bool, step: sealed})");
  EXPECT_EQ(type_seen(steps).size_max(), 200u);
  steps.set_at_most(10);
  EXPECT_EQ(type_seen(steps).size_max(), 10u);
}

TEST(ExpressionTypes, SayHowLargeChoicesAre) {
  v1::Field themes = field("themes", v1::Field::CHOICES);
  for (const char* name : {"water", "energy", "work"}) themes.add_choices()->set_name(name);
  const expression::Type type = type_seen(themes);
  EXPECT_EQ(type.size_max(), 3u);
  EXPECT_EQ(type.part().size_max(), 6u);
}

TEST(ExpressionTypes, AreThoseOfTheNamesOfAProgram) {
  const Loaded loaded = load({{"program.yaml", testing::read_file("tests/engine/program/broken/base.yaml")}});
  ASSERT_TRUE(loaded.ok());
  const expression::Declarations names = declared_by(loaded.program, Names(loaded.program));
  const auto type = [&names](const char* path) {
    const auto known = names.type_of(path);
    return known ? expression::to_text(*known) : "unknown";
  };
  EXPECT_EQ(type("cohort"), "{closes: date, seats: int, starts: date}");
  EXPECT_EQ(type("initiative.title"), "sealed");
  EXPECT_EQ(type("mentors"), "int");
  EXPECT_EQ(type("calls"), "list({date: date, note: sealed})");
  EXPECT_EQ(type("harvest"), "list({kilos: int, shared: int})");
  EXPECT_EQ(type("review"), "{count: int, missing: int, readers: int, score: double}");
  EXPECT_EQ(type("planned"), "unknown");
  const expression::Declarations inside = declared_in_task(names, loaded.program.initiative().fields());
  EXPECT_EQ(expression::to_text(*inside.type_of("planned")), "timestamp");
  EXPECT_EQ(expression::to_text(*inside.type_of("task.soil")), "string");
}

}  // namespace
}  // namespace kvali::program
