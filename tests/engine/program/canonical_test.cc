#include "engine/program/canonical.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>

#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

TEST(Canonical, SortsKeysAndLeavesDefaultsOut) {
  v1::Field field;
  field.set_name("cost");
  field.set_type(v1::Field::MONEY);
  field.set_at_most(15000);
  field.set_personal(false);
  field.add_sdg(8);
  field.add_required_for("submit");
  EXPECT_EQ(canonical(field), R"({"atMost":"15000","name":"cost","requiredFor":["submit"],"sdg":[8],"type":"MONEY"})");
  v1::Move move;
  move.set_if_("true");
  EXPECT_EQ(canonical(move), R"({"if":"true"})");
}

TEST(Canonical, EscapesOnlyWhatRfc8785Escapes) {
  EXPECT_EQ(json_string("a\"b\\c/d\x01\x1f\n\t\x7fšქ"), "\"a\\\"b\\\\c/d\\u0001\\u001f\\n\\t\x7fšქ\"");
}

TEST(Canonical, IsReadBackAsTheSameProgram) {
  const Loaded loaded = load(testing::workflow("socifaction-2017"));
  v1::Program program;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(canonical(loaded.program), &program).ok());
  EXPECT_EQ(program.SerializeAsString(), loaded.program.SerializeAsString());
  v1::Machine machine;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(canonical(loaded.machine), &machine).ok());
  EXPECT_EQ(machine.SerializeAsString(), loaded.machine.SerializeAsString());
}

// nlohmann's objects are sorted by bytes and dumped without blanks: another hand that writes the same form.
TEST(Canonical, EqualsWhatAnotherWriterMakesOfProtosJson) {
  const Loaded loaded = load(testing::workflow("socifaction-2017"));
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(loaded.program, &json).ok());
  EXPECT_EQ(canonical(loaded.program), nlohmann::json::parse(json).dump());
}

TEST(Canonical, DoesNotDependOnHowTheYamlIsLaidOut) {
  std::string text = testing::read_file("tests/engine/program/broken/base.yaml");
  const std::string plain = canonical(load({{"a.yaml", text}}).program);
  const std::string from = "{within: 5 days, remind: 1 day before, then: lapsed}";
  text.replace(text.find(from), from.size(), "{then: {to: lapsed}, within: P5D, remind: [-P1D]}  # as data");
  EXPECT_EQ(canonical(load({{"b.yaml", text}}).program), plain);
}

}  // namespace
}  // namespace kvali::program
