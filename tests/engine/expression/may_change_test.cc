// The earliest instant at which a value may change: exact where `now` is compared, never too late anywhere.
#include <array>

#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

using calendar::Instant;
using calendar::testing::at;
using testing::outcome_of;

class MayChange : public ::testing::Test {
 protected:
  MayChange() {
    bindings_.set("founded", Value::instant(at("2016-02-29T10:00:00Z")));
    bindings_.set("closes", Value::date({2017, 1, 11}));
    bindings_.set("size_of_team", Value::integer(3));
    bindings_.set("yes", Value::boolean(true));
    bindings_.set("starts", Value::list({Value::instant(at("2017-02-01T00:00:00Z")),
                                         Value::instant(at("2017-05-01T00:00:00Z"))}));
  }
  Outcome outcome(const std::string& source, Instant now) {
    const Context context{.now = now, .zone = &vilnius_, .zones = {&vilnius_, 1}, .holidays = &holidays_};
    return outcome_of(source, bindings_, context);
  }
  /// The value and the instant: "false until 2017-03-01T00:00:00Z", "true for ever".
  std::string answer(const std::string& source, const char* now = "2017-01-11T18:00:00Z") {
    const Outcome got = outcome(source, at(now));
    const std::string until =
        got.may_change_at == calendar::never ? " for ever" : " until " + calendar::to_string(got.may_change_at);
    return testing::answer_of(got) + until;
  }

  const calendar::Zone vilnius_ = calendar::testing::vilnius();
  const calendar::Holidays holidays_ = calendar::testing::lithuania_2017();
  NamedValues bindings_;
};

TEST_F(MayChange, IsNeverWithoutNow) {
  EXPECT_EQ(answer("size_of_team >= 3"), "true for ever");
  EXPECT_EQ(answer("founded < timestamp('2017-01-01T00:00:00Z')"), "true for ever");
  EXPECT_EQ(answer("size([now]) + size_of_team"), "4 for ever");
  EXPECT_EQ(answer("now - now == duration('0s')"), "true for ever");
}

TEST_F(MayChange, IsTheMomentThatNowIsComparedWith) {
  EXPECT_EQ(answer("now >= timestamp('2027-03-01T00:00:00Z')"), "false until 2027-03-01T00:00:00Z");
  EXPECT_EQ(answer("now > timestamp('2027-03-01T00:00:00Z')"), "false until 2027-03-01T00:00:00.000001Z");
  EXPECT_EQ(answer("now < timestamp('2027-03-01T00:00:00Z')"), "true until 2027-03-01T00:00:00Z");
  EXPECT_EQ(answer("now <= timestamp('2027-03-01T00:00:00Z')"), "true until 2027-03-01T00:00:00.000001Z");
  EXPECT_EQ(answer("timestamp('2027-03-01T00:00:00Z') <= now"), "false until 2027-03-01T00:00:00Z");
  EXPECT_EQ(answer("now == timestamp('2027-03-01T00:00:00Z')"), "false until 2027-03-01T00:00:00Z");
  EXPECT_EQ(answer("now == timestamp('2017-01-11T18:00:00Z')"), "true until 2017-01-11T18:00:00.000001Z");
  EXPECT_EQ(answer("now >= timestamp('2017-01-01T00:00:00Z')"), "true for ever");
  EXPECT_EQ(answer("now == timestamp('2017-01-01T00:00:00Z')"), "false for ever");
  EXPECT_EQ(answer("now >= timestamp('2027-03-01T00:00:00.000000001Z')"), "false until 2027-03-01T00:00:00.000001Z");
}

TEST_F(MayChange, FollowsNowThroughAdditionAndSubtraction) {
  EXPECT_EQ(answer("now - founded >= duration('17520h')"), "false until 2018-02-28T10:00:00Z");
  EXPECT_EQ(answer("founded + duration('17520h') <= now"), "false until 2018-02-28T10:00:00Z");
  EXPECT_EQ(answer("founded + period('P2Y') <= now"), "false until 2018-03-01T10:00:00Z");
  EXPECT_EQ(answer("now + duration('24h') >= timestamp('2017-01-20T00:00:00Z')"), "false until 2017-01-19T00:00:00Z");
  EXPECT_EQ(answer("timestamp('2017-01-20T00:00:00Z') - now < duration('48h')"),
            "false until 2017-01-18T00:00:00.000001Z");
  EXPECT_EQ(answer("cel.bind(age, now - founded, [age].exists(a, a > duration('10000h')))"),
            "false until 2017-04-21T02:00:00.000001Z");
}

TEST_F(MayChange, FollowsNowThroughTheCalendarUntilMidnight) {
  EXPECT_EQ(answer("now + period('1 month') >= timestamp('2017-02-11T20:00:00Z')"), "false until 2017-01-11T20:00:00Z");
  EXPECT_EQ(answer("now + period('1 month') >= timestamp('2017-03-01T00:00:00Z')"), "false until 2017-01-11T22:00:00Z");
  EXPECT_EQ(answer("now - period('2 years') >= founded", "2018-02-28T12:00:00Z"), "false until 2018-02-28T22:00:00Z");
}

TEST_F(MayChange, IsTheBoundaryOfAWholeDay) {
  EXPECT_EQ(answer("now <= closes"), "true until 2017-01-11T22:00:00Z");
  EXPECT_EQ(answer("now == closes"), "true until 2017-01-11T22:00:00Z");
  EXPECT_EQ(answer("now < closes", "2017-01-01T00:00:00Z"), "true until 2017-01-10T22:00:00Z");
  EXPECT_EQ(answer("now == closes", "2017-01-01T00:00:00Z"), "false until 2017-01-10T22:00:00Z");
  EXPECT_EQ(answer("closes < now"), "false until 2017-01-11T22:00:00Z");
  EXPECT_EQ(answer("now > closes", "2017-01-12T00:00:00Z"), "true for ever");
  EXPECT_EQ(answer("date(now) >= date('2017-02-01')"), "false until 2017-01-11T22:00:00Z");
}

TEST_F(MayChange, IsTheNextBoundaryOfAGetter) {
  EXPECT_EQ(answer("now.getFullYear()"), "2017 until 2017-03-26T01:00:00Z");  // the offset changes first
  EXPECT_EQ(answer("now.getFullYear('UTC')"), "2017 until 2018-01-01T00:00:00Z");
  EXPECT_EQ(answer("now.getMonth('UTC')"), "0 until 2017-02-01T00:00:00Z");
  EXPECT_EQ(answer("now.getDate()"), "11 until 2017-01-11T22:00:00Z");
  EXPECT_EQ(answer("now.getDayOfWeek('+02:00') == 3"), "true until 2017-01-11T22:00:00Z");
  EXPECT_EQ(answer("now.getHours()", "2017-01-11T18:20:30.5Z"), "20 until 2017-01-11T19:00:00Z");
  EXPECT_EQ(answer("now.getMinutes()", "2017-01-11T18:20:30.5Z"), "20 until 2017-01-11T18:21:00Z");
  EXPECT_EQ(answer("now.getSeconds()", "2017-01-11T18:20:30.5Z"), "30 until 2017-01-11T18:20:31Z");
  EXPECT_EQ(answer("now.getMilliseconds()", "2017-01-11T18:20:30.5Z"), "500 until 2017-01-11T18:20:30.501Z");
  EXPECT_EQ(answer("(now - founded).getHours()"), "7616 until 2017-01-11T19:00:00Z");
  // Five seconds before: with the next instant it is four and a bit.
  EXPECT_EQ(answer("(now - timestamp('2017-01-11T18:20:35Z')).getSeconds()", "2017-01-11T18:20:30Z"), "-5 until 2017-01-11T18:20:30.000001Z");
  EXPECT_EQ(answer("(now - timestamp('2017-01-11T18:20:35Z')).getSeconds()", "2017-01-11T18:20:30.5Z"), "-4 until 2017-01-11T18:20:31Z");
  EXPECT_EQ(answer("int(now)", "2017-01-11T18:20:30.5Z"), "1484158830 until 2017-01-11T18:20:31Z");
}

TEST_F(MayChange, CountsOnlyThePartThatDecides) {
  EXPECT_EQ(answer("size_of_team > 5 && now >= timestamp('2027-03-01T00:00:00Z')"), "false for ever");
  EXPECT_EQ(answer("now >= timestamp('2027-03-01T00:00:00Z') && size_of_team > 5"), "false until 2027-03-01T00:00:00Z");
  EXPECT_EQ(answer("yes || now >= timestamp('2027-03-01T00:00:00Z')"), "true for ever");
  EXPECT_EQ(answer("now < timestamp('2017-02-01T00:00:00Z') && now < timestamp('2017-03-01T00:00:00Z')"),
            "true until 2017-02-01T00:00:00Z");
  EXPECT_EQ(answer("now < timestamp('2017-02-01T00:00:00Z') || now < timestamp('2017-03-01T00:00:00Z')"),
            "true until 2017-02-01T00:00:00Z");
  EXPECT_EQ(answer("yes ? size_of_team : now.getFullYear()"), "3 for ever");
  EXPECT_EQ(answer("now < timestamp('2017-02-01T00:00:00Z') ? 1 : 2"), "1 until 2017-02-01T00:00:00Z");
  EXPECT_EQ(answer("starts.exists(s, s <= now)"), "false until 2017-02-01T00:00:00Z");
  EXPECT_EQ(answer("starts.exists(s, s <= now)", "2017-03-01T00:00:00Z"), "true for ever");
  EXPECT_EQ(answer("starts.all(s, s <= now)", "2017-03-01T00:00:00Z"), "false until 2017-05-01T00:00:00Z");
  EXPECT_EQ(answer("starts.filter(s, s <= now).size()", "2017-03-01T00:00:00Z"), "1 until 2017-05-01T00:00:00Z");
}

TEST_F(MayChange, KnowsErrorsThatPass) {
  EXPECT_EQ(answer("starts[starts.filter(s, s <= now).size() - 1]"),
            "error 1:7: index -1 is outside of a list with 2 elements until 2017-02-01T00:00:00Z");
  EXPECT_EQ(answer("1 / 0 > 0 || now >= timestamp('2027-03-01T00:00:00Z')"),
            "error 1:3: division by zero until 2027-03-01T00:00:00Z");
}

TEST_F(MayChange, IsAtOnceWhenTheResultMovesWithNow) {
  EXPECT_EQ(answer("now"), "timestamp(\"2017-01-11T18:00:00Z\") until 2017-01-11T18:00:00.000001Z");
  EXPECT_EQ(answer("[now - founded].size() == 1 ? [now] : []"),
            "[timestamp(\"2017-01-11T18:00:00Z\")] until 2017-01-11T18:00:00.000001Z");
  EXPECT_EQ(answer("string(now).size() > 3"), "true until 2017-01-11T18:00:00.000001Z");
  const Outcome moved = outcome("now", at("2017-01-11T18:00:00Z"));
  EXPECT_EQ(moved.result->drift(), 0);
}

TEST_F(MayChange, IsNeverTooLate) {
  constexpr std::array sources{"now >= timestamp('2017-03-26T00:30:00Z')",
                               "now <= closes",
                               "now == closes",
                               "now.getHours()",
                               "now.getDate()",
                               "now.getMonth()",
                               "now.getFullYear()",
                               "now.getDayOfYear('UTC')",
                               "now.getHours('-02:30')",
                               "date(now)",
                               "date(now) + period('1 month')",
                               "now - founded > duration('9400h')",
                               "(now - founded).getMinutes()",
                               "(founded - now).getHours()",
                               "founded + period('P1Y') < now",
                               "now + period('1 month') > founded + period('395 days')",
                               "now + period('1 day') < timestamp('2017-03-27T01:00:00Z')",
                               "now - period('1 day') < timestamp('2017-03-26T00:59:00Z')",
                               "date(now + period('1 day'))",
                               "(now + period('P1M1DT3H')).getHours()",
                               "now + period('3 working days') >= closes",
                               "date(now + period('7 months')).getDayOfWeek()",
                               "timestamp('2017-03-27T00:00:00Z') - now < duration('2h')",
                               "(now - founded) + (now - founded) > duration('18800h')",
                               "(founded - (now - founded)).getDate()",
                               "[now - founded] == [duration('9350h')]",
                               "now < closes || now.getHours() > 12",
                               "now > closes && now.getHours() > 12",
                               "string(now).size()",
                               "[1, 2].exists(x, now.getHours() == x)",
                               "int(now) / 3600",
                               "{'a': now}.a - founded < duration('9353h')",
                               "(now > closes ? now : founded).getDate()"};
  constexpr std::array starts{"2017-01-11T21:59:59.5Z", "2017-03-25T12:00:00Z", "2017-03-26T00:59:59.999999Z",
                              "2017-03-26T01:00:00Z",   "2017-02-26T00:30:00Z", "2017-10-29T00:30:00Z",
                              "2017-10-28T23:15:00Z",   "2017-01-31T08:00:00Z"};
  for (const char* source : sources) {
    for (const char* start : starts) {
      const Instant now = at(start);
      const Outcome first = outcome(source, now);
      EXPECT_GT(first.may_change_at, now) << source;
      const Instant last = std::min(first.may_change_at - 1, now + 40 * calendar::day_us);
      constexpr int steps = 60;
      for (int step = 0; step <= steps; ++step) {
        const Instant then = now + (last - now) / steps * step + (step == steps ? (last - now) % steps : 0);
        EXPECT_EQ(testing::answer_of(outcome(source, then)), testing::answer_of(first))
            << source << " from " << start << " at " << calendar::to_string(then);
      }
    }
  }
}

}  // namespace
}  // namespace kvali::expression
