// Values given to a program that is played by hand: those of its fields' types are let in.
#include "engine/program/given.h"

#include <gtest/gtest.h>

#include "engine/program/expression_types.h"
#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

/// "" when the value fits, else the sentence. The value is written as an expression.
std::string told(const std::string& path, const std::string& written) {
  static const Loaded loaded = load({{"program.yaml", testing::read_file("tests/engine/program/broken/base.yaml")}});
  static const expression::Declarations names = declared_by(loaded.program, Names(loaded.program));
  const auto source = expression::compile(written);
  if (!source) return "unreadable";
  const auto value = expression::evaluate(*source, expression::NamedValues(), expression::Context()).result;
  if (!value) return value.error().message;
  const auto fit = fits(names, path, *value);
  return fit ? "" : fit.error().message;
}

TEST(Given, FitsWhatTheProgramDeclares) {
  EXPECT_EQ(told("cohort", "{'closes': date('2017-01-20'), 'seats': 4}"), "");
  EXPECT_EQ(told("initiative", "{'title': 'Beans', 'soil': 'clay', 'cost': 250000, 'town': null}"), "");
  EXPECT_EQ(told("calls", "[{'date': date('2017-03-01'), 'note': 'dry'}, {}]"), "");
  EXPECT_EQ(told("mentors", "2"), "");
  EXPECT_EQ(told("review", "{'score': 4}"), "");
}

TEST(Given, IsToldWhatDoesNotFit) {
  EXPECT_EQ(told("cohort", "{'closes': 'soon'}"), "cohort.closes is \"soon\"; expected a date such as \"2017-03-01\"");
  EXPECT_EQ(told("cohort", "{'seats': 1.5}"), "cohort.seats is 1.5; expected a whole number");
  EXPECT_EQ(told("cohort", "{'seat': 1}"), "cohort has no \"seat\"; did you mean \"seats\"?");
  EXPECT_EQ(told("cohort", "3"), "cohort is 3; expected an object of its fields");
  EXPECT_EQ(told("initiative", "{'title': 5}"), "initiative.title is 5; expected a text");
  EXPECT_EQ(told("initiative", "{'soil': 'caly'}"), "initiative.soil is \"caly\"; expected one of clay, sand; did you mean \"clay\"?");
  EXPECT_EQ(told("calls", "2"), "calls is 2; expected a list");
  EXPECT_EQ(told("calls", "[{}, {'date': true}]"), "calls[1].date is true; expected a date such as \"2017-03-01\"");
  EXPECT_EQ(told("mentor", "2"), "the program has no \"mentor\"; did you mean \"mentors\"?");
}

}  // namespace
}  // namespace kvali::program
