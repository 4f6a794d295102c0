// 64 people click at random, and a model that knows nothing of the engine looks after every commit: places and seats are never more than
// there are, and no place is unused while somebody who may have it waits. KVALI_LONG=1 makes it 100,000 commands.
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "tests/engine/cohort/cohorts.h"

namespace kvali::cohort::testing {
namespace {

using ::testing::IsEmpty;

constexpr std::size_t actors = 64, places_of_a_town = 2, halls = 3, seats = 7;

/// The naive model: what the program of choosing.yaml says, in words of its own.
class Rules {
 public:
  explicit Rules(const Practice& practice) : practice_(practice) {}

  std::vector<std::string> broken() const {
    std::vector<std::string> found;
    std::map<std::string, std::size_t> held, in_halls;
    std::map<std::string, double> complaint;
    for (const Initiative& one : practice_.cohort().initiatives) {
      const std::string state = practice_.where(one.id);
      if (state == "choosing.drafted" || state == "choosing.entered") ++in_halls["halls"];
      const bool has_place = state == "choosing.offered" || state == "choosing.taken" || (one.held && one.held->move == "select");
      if (has_place) ++held[town(one)];
      if (state == "choosing.complaint") complaint[town(one)] = std::max(complaint.try_emplace(town(one), -1).first->second, points(one, 1e9));
    }
    for (const auto& [town, count] : held)
      if (count > places_of_a_town) found.push_back(fmt::format("{} has {} in {} places", town, count, places_of_a_town));
    if (in_halls["halls"] > halls) found.push_back(fmt::format("{} in {} halls", in_halls["halls"], halls));
    for (const Initiative& one : practice_.cohort().initiatives) {
      if (practice_.where(one.id) != "choosing.listed" || town(one).empty() || held[town(one)] >= places_of_a_town) continue;
      const auto frozen = complaint.find(town(one));
      if (frozen == complaint.end() || points(one, -1e9) > frozen->second) found.push_back(one.id + " waits, and a place is free in " + town(one));
    }
    std::size_t members = 0;
    for (const Assignment& one : practice_.cohort().assignments)
      if (one.role == "director" && !one.ended && practice_.now < one.until) ++members;
    if (members > seats) found.push_back(fmt::format("{} sit on {} seats", members, seats));
    return found;
  }

 private:
  static std::string town(const Initiative& one) {
    const v1::Value* value = one.field("town");
    return value ? value->text() : "";
  }
  static double points(const Initiative& one, double unknown) {
    const v1::Value* value = one.field("points");
    return value ? static_cast<double>(value->number()) : unknown;
  }
  const Practice& practice_;
};

class Crowd : public Practice {
 public:
  explicit Crowd(std::uint64_t seed) : Practice({"choosing", "2017-01-10 09:00", false, ""}), random_(seed) {
    look = Look::Seldom;
    for (std::size_t i = 0; i < actors; ++i) everybody_.push_back(fmt::format("person-{}", i));
    people(everybody_);
    EXPECT_EQ(ask("manager", "set_parameter { name: \"spring\" value { date { year: 2099 month: 1 day: 1 } } reason: \"Places are always given on\" }"), "") << why();
    for (std::size_t i = 0; i < 6; ++i) give("manager", everybody_[i]);
    give("council", everybody_[6]);
    give("council", everybody_[7]);
    give("chair", everybody_[8]);
  }

  void click() {
    now += static_cast<std::int64_t>(below(90)) * 60 * calendar::second_us;
    const std::string who = everybody_[below(actors)];
    if (below(60) == 0) return pass_time();
    switch (below(14)) {
      case 0:
      case 1: return begin(who);
      case 2: return seat(who);
      case 3: return tell(who, R"(publish_decisions {})");
      case 4: return tell(manager(), fmt::format("select_ranked {{ move: \"select\" reserve: \"reserve\" decline: \"decline\" by: \"{}\" reserves_max: 2 }}", town()));
      case 5: return vote(who);
      case 6: return bulk();
      default: return move(who);
    }
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::string town() { return below(2) == 0 ? "taurage" : "kelme"; }
  std::string manager() { return everybody_[below(6)]; }
  std::string some() { return cohort().initiatives.empty() ? "none" : cohort().initiatives[cohort().initiatives.size() - 1 - below(std::min<std::size_t>(24, cohort().initiatives.size()))].id; }
  void tell(const std::string& who, const std::string& command, const std::string& fresh = {}) { (void)ask(who, command, fresh); }

  void begin(const std::string& who) {
    tell(who, fmt::format("start_initiative {{ fields {{ name: \"town\" value {{ text: \"{}\" }} }} fields {{ name: \"points\" value {{ number: {} }} }} }}", town(), below(9)),
         fmt::format("i{}", ++made_));
  }
  void seat(const std::string& who) {
    if (below(4) == 0 && !cohort().assignments.empty())
      return tell(manager(), fmt::format("end_assignment {{ assignment: \"{}\" }}", cohort().assignments[below(cohort().assignments.size())].role == "director"
                                                                                        ? cohort().assignments.back().id
                                                                                        : "none"));
    tell(manager(), fmt::format("assign_role {{ person: \"{}\" role: \"director\" }}", who), fmt::format("seat-{}", ++made_));
  }
  void vote(const std::string& who) { tell(who, fmt::format("cast_vote {{ initiative: \"{}\" choice: {} }}", some(), below(3) == 0 ? "NO" : "YES")); }
  void bulk() {
    if (!cohort().bulks.empty() && below(3) == 0) return tell(manager(), fmt::format("undo_bulk {{ bulk: \"{}\" }}", cohort().bulks.back().id));
    tell(manager(), fmt::format("bulk_move {{ where: \"initiative.points >= {}\" state: \"choosing.entered\" move: \"{}\" }}", below(9), below(2) == 0 ? "put" : "select"),
         fmt::format("bulk-{}", ++made_));
  }
  void move(const std::string& who) {
    const std::string id = some();
    if (id == "none") return;
    const Initiative& one = of(id);
    const auto moves = statechart::moves(one.model->chart(), one.at.where);
    if (moves.empty()) return;
    const v1::Arrow& arrow = one.model->chart().arrow(moves[below(moves.size())]);
    const bool own = std::find(arrow.move().by().begin(), arrow.move().by().end(), "applicant") != arrow.move().by().end();
    tell(own && below(8) != 0 ? one.applicant : below(3) == 0 ? who : manager(), step(id, arrow.move().name(), reason));
  }
  void pass_time() {
    v1::Command time;
    time.set_channel(v1::TIME);
    time.mutable_pass_time();
    (void)ask("", std::move(time));
  }

  std::mt19937_64 random_;
  std::vector<std::string> everybody_;
  std::uint64_t made_ = 0;
};

TEST(Clicks, NeverExceedPlacesOrSeatsNorLeaveOneUnused) {
  const char* given = std::getenv("KVALI_LONG");
  const bool all = given != nullptr && std::string(given) == "1";
  const std::size_t commands = all ? 100'000 : 6'000;
  Crowd crowd(20170116);
  const Rules rules(crowd);
  std::size_t commits = 0;
  for (std::size_t i = 0; i < commands; ++i) {
    const std::uint64_t before = crowd.cohort().sequence;
    crowd.click();
    if (crowd.cohort().sequence == before) continue;
    ++commits;
    const auto broken = rules.broken();
    ASSERT_THAT(broken, IsEmpty()) << "after command " << i << ", record " << crowd.cohort().sequence;
  }
  EXPECT_GT(commits, commands / 10);
  crowd.refold();
  EXPECT_THAT(crowd.broken(), IsEmpty());
}

}  // namespace
}  // namespace kvali::cohort::testing
