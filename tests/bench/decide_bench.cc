// Moves a second: decide and apply of persons' moves in the programme of 2017, on one core, with nothing durable. Every
// initiative of a cohort goes its way from draft to follow-up by the commands a server would be given: ids and hashes as long
// as real ones, people with roles, required fields, guards, held decisions, places, letters, timers by the civil calendar.
// Only moves are timed; what lies between them (publishing, writing, meetings, time) is not. Prints one line of JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>

#include "engine/cohort/apply.h"
#include "engine/cohort/decide.h"
#include "engine/directory/directory.h"
#include "engine/program/program.h"
#include "tests/bench/processor_time.h"

namespace {

using namespace kvali;
using calendar::day_us;

constexpr std::int64_t opened_at_us = 1'479'110'400'000'000;  // 2016-11-14
constexpr int localities = 15;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

v1::Value sealed(std::uint32_t size) {
  v1::Value value;
  value.mutable_sealed()->set_subject("i00000000001");
  value.mutable_sealed()->set_cipher(std::string(40 + size, 'x'));
  value.mutable_sealed()->set_size(size);
  return value;
}

v1::Value text(const std::string& of) {
  v1::Value value;
  value.set_text(of);
  return value;
}

std::string person(char role, std::size_t number) { return fmt::format("{}{:012}", role, number); }  // 13 characters, like real ones
std::string locality(std::size_t number) { return fmt::format("locality-{}", number % localities); }

std::shared_ptr<const cohort::Model> compile(const std::string& folder) {
  const program::Loaded loaded = program::load({{folder + "/program.yaml", text_of(folder + "/program.yaml")},
                                                {folder + "/texts/lt.yaml", text_of(folder + "/texts/lt.yaml")}});
  if (!loaded.ok()) give_up(program::to_line(loaded.faults.front()));
  auto model = cohort::Model::compile(loaded.program, loaded.machine, std::string(64, 'a'));
  if (!model) give_up(model.error().message);
  return *model;
}

struct Timed {
  double seconds = 0;
  std::size_t moves = 0;
};
using Figures = std::map<std::string, Timed>;  // by the move's name

/// One cohort of `size` initiatives.
class Season {
 public:
  Season(std::shared_ptr<const cohort::Model> model, std::size_t size);
  /// All initiatives from draft to follow-up.
  void live(Figures& figures);
  /// The first initiative is submitted and sent back, `pairs` times.
  void round(Figures& figures, int pairs);

 private:
  using ActorOf = std::string (*)(std::size_t initiative);

  void open(const v1::Program& program);
  void register_people();
  v1::Asked asked(const v1::Command& command, const std::string& actor);
  void carry_out(const v1::Asked& asked);
  void ask(const v1::Command& command, const std::string& actor) { carry_out(asked(command, actor)); }
  void start(std::size_t number);
  v1::Command move(std::size_t initiative, const char* name, bool with_reason) const;
  void each_moves(Figures& figures, const char* name, ActorOf actor, bool with_reason = false);
  void play(Timed& timed, const std::vector<v1::Asked>& all);
  void prepare_project();
  void hold_meetings();
  void wait_until(std::int64_t instant_us);

  std::size_t size_;
  cohort::Library library_;
  directory::Directory directory_;
  cohort::Cohort cohort_;
  cohort::Bench bench_;
  std::vector<std::string> ids_;
  std::int64_t now_us_ = opened_at_us;
  std::uint64_t number_ = 0;
};

Season::Season(std::shared_ptr<const cohort::Model> model, std::size_t size) : size_(size) {
  const v1::Program& program = model->program();
  library_.add({std::move(model), 0, ""});
  register_people();
  open(program);
  for (std::size_t i = 0; i < size; ++i) start(i);
}

void Season::register_people() {
  const auto apply = [&](const v1::Record& record) {
    if (!directory::apply(directory_, record)) give_up("the directory refuses");
  };
  const auto add = [&](const std::string& id) {
    v1::Record record;
    record.mutable_person_registered()->set_person(id);
    apply(record);
  };
  add(person('g', 0));
  for (std::size_t i = 0; i < localities; ++i) add(person('c', i)), add(person('m', i));
  for (std::size_t i = 0; i < size_; ++i) add(person('a', i));
  v1::Record grant;
  grant.mutable_relation_granted()->set_person(person('g', 0));
  grant.mutable_relation_granted()->set_relation("manager");
  apply(grant);
}

void Season::open(const v1::Program& program) {
  v1::Command command;
  v1::OpenCohort& season = *command.mutable_open_cohort();
  season.set_name("season");
  season.set_program(program.name());
  season.mutable_zone()->set_name(program.timezone());
  season.mutable_zone()->set_first_offset_s(7200);
  for (const v1::Field& field : program.cohort().parameters()) {
    v1::NamedValue& value = *season.add_parameters();
    value.set_name(field.name());
    v1::Date& date = *value.mutable_value()->mutable_date();
    date.set_year(field.name() == "mentoring_starts" ? 2017 : 2030);
    date.set_month(field.name() == "mentoring_starts" ? 2 : 1);
    date.set_day(15);
  }
  for (std::size_t i = 0; i < localities; ++i) season.add_localities()->set_id(locality(i));
  for (const auto& [month, day] : {std::pair(1, 1), {2, 16}, {3, 11}, {5, 1}, {6, 24}, {7, 6}, {8, 15}, {11, 1}, {12, 24}, {12, 25}, {12, 26}})
    for (const int year : {2016, 2017, 2018}) {
      v1::Date& holiday = *season.add_holidays();
      holiday.set_year(year);
      holiday.set_month(static_cast<std::uint32_t>(month));
      holiday.set_day(static_cast<std::uint32_t>(day));
    }
  const std::string manager = person('g', 0);
  ask(command, manager);
  v1::Command places;
  places.mutable_set_quota()->set_quota("per_locality");
  places.mutable_set_quota()->set_places(static_cast<std::uint32_t>((size_ + localities - 1) / localities));
  ask(places, manager);
  for (std::size_t i = 0; i < localities; ++i)
    for (const std::string role : {"coordinator", "mentor"}) {
      v1::Command assign;
      assign.mutable_assign_role()->set_person(person(role[0], i));
      assign.mutable_assign_role()->set_role(role);
      assign.mutable_assign_role()->set_locality(locality(i));
      assign.mutable_assign_role()->set_load_max(static_cast<std::uint32_t>(size_));
      ask(assign, manager);
    }
}

v1::Asked Season::asked(const v1::Command& command, const std::string& actor) {
  v1::Asked made;
  *made.mutable_command() = command;
  made.mutable_command()->set_id(fmt::format("0158ffff-0000-7000-8000-{:012}", ++number_));
  made.mutable_command()->set_channel(v1::WEB);
  made.set_actor(actor);
  made.set_now_us(now_us_ += 1000);
  made.set_fresh_id(fmt::format("i{:012}", number_));
  made.set_request_hash(fmt::format("{:016}", number_));
  return made;
}

void Season::carry_out(const v1::Asked& asked) {
  cohort::Verdict verdict = cohort::decide(cohort_, {directory_, library_}, asked, bench_);
  if (auto* refusal = std::get_if<cohort::Refusal>(&verdict)) give_up(cohort::in_language(refusal->sentence, "en"));
  for (const v1::Record& record : std::get<cohort::Decision>(verdict).records)
    if (auto applied = cohort::apply(cohort_, record, library_); !applied) give_up(applied.error().message);
}

void Season::start(std::size_t number) {
  v1::Command command;
  const auto give = [&](const char* name, v1::Value value) {
    v1::FieldInput& field = *command.mutable_start_initiative()->add_fields();
    field.set_name(name);
    *field.mutable_value() = std::move(value);
  };
  give("title", sealed(40));
  give("locality", text(locality(number)));
  give("problem", sealed(400));
  give("contact", sealed(20));
  ask(command, person('a', number));
  ids_.push_back(cohort_.initiatives.back().id);
}

v1::Command Season::move(std::size_t initiative, const char* name, bool with_reason) const {
  v1::Command command;
  command.mutable_make_move()->set_initiative(ids_[initiative]);
  command.mutable_make_move()->set_move(name);
  if (with_reason) *command.mutable_make_move()->mutable_reason() = sealed(30);
  return command;
}

void Season::play(Timed& timed, const std::vector<v1::Asked>& all) {
  const double begin = processor_seconds();
  for (const v1::Asked& one : all) carry_out(one);
  timed.seconds += processor_seconds() - begin;
  timed.moves += all.size();
}

/// Every initiative makes the move, in an order in which neighbours do not follow each other. The commands are made a few at
/// a time: what a server decides it has just read.
void Season::each_moves(Figures& figures, const char* name, ActorOf actor, bool with_reason) {
  constexpr std::size_t at_a_time = 30;
  std::size_t stride = size_ * 5 / 8;
  while (std::gcd(stride, size_) != 1) ++stride;
  std::vector<v1::Asked> few;
  for (std::size_t i = 0, at = 0; i < size_; ++i, at = (at + stride) % size_) {
    few.push_back(asked(move(at, name, with_reason), actor(at)));
    if (few.size() < at_a_time && i + 1 < size_) continue;
    play(figures[name], few);
    few.clear();
  }
}

void Season::wait_until(std::int64_t instant_us) {
  now_us_ = instant_us;
  v1::Command time;
  time.mutable_pass_time();
  while (cohort_.next_due() <= now_us_) ask(time, "");
}

void Season::prepare_project() {
  v1::Command command;
  for (std::size_t i = 0; i < size_; ++i) {
    command.mutable_save_fields()->set_initiative(ids_[i]);
    command.mutable_save_fields()->clear_fields();
    v1::FieldInput& field = *command.mutable_save_fields()->add_fields();
    field.set_name("plan");
    *field.mutable_value() = sealed(300);
    ask(command, person('a', i));
  }
}

void Season::hold_meetings() {
  for (std::size_t i = 0; i < size_ * 3; ++i) {
    v1::Command command;
    command.mutable_open_task()->set_initiative(ids_[i % size_]);
    command.mutable_open_task()->set_kind("meetings");
    const auto give = [&](const char* name) -> v1::Value& {
      v1::FieldInput& field = *command.mutable_open_task()->add_fields();
      field.set_name(name);
      return *field.mutable_value();
    };
    v1::Date& date = *give("date").mutable_date();
    date.set_year(2017);
    date.set_month(2);
    date.set_day(20);
    give("minutes").set_number(60);
    give("summary") = sealed(100);
    ask(command, person('m', i % size_ % localities));
  }
}

void Season::live(Figures& figures) {
  const ActorOf manager = [](std::size_t) { return person('g', 0); };
  const ActorOf applicant = [](std::size_t i) { return person('a', i); };
  const ActorOf coordinator = [](std::size_t i) { return person('c', i % localities); };
  const ActorOf mentor = [](std::size_t i) { return person('m', i % localities); };
  each_moves(figures, "submit", applicant);
  each_moves(figures, "return", coordinator, true);
  each_moves(figures, "submit", applicant);
  each_moves(figures, "pass", coordinator);
  each_moves(figures, "select", manager);
  v1::Command publish;
  publish.mutable_publish_decisions();
  ask(publish, person('g', 0));
  each_moves(figures, "accept", applicant);  // guard: mentors >= 1
  wait_until(opened_at_us + 95 * day_us);    // mentoring has begun
  prepare_project();
  each_moves(figures, "hand_in", applicant);
  each_moves(figures, "return", mentor, true);
  each_moves(figures, "hand_in", applicant);
  each_moves(figures, "approve", mentor);
  hold_meetings();
  each_moves(figures, "close", mentor);  // guard: size(meetings) >= 3
}

void Season::round(Figures& figures, int pairs) {
  for (int i = 0; i < pairs; ++i)
    play(figures["round"], {asked(move(0, "submit", false), person('a', 0)), asked(move(0, "return", true), person('c', 0))});
}

/// Of each move the best of `rounds`, each of so many cohorts of `size`.
Figures best_of(const std::shared_ptr<const cohort::Model>& model, std::size_t size, int rounds, int seasons) {
  Figures best;
  for (int round = 0; round < rounds; ++round) {
    Figures figures;
    for (int i = 0; i < seasons; ++i) Season(model, size).live(figures);
    if (size == 60) Season(model, 1).round(figures, 5'000);
    for (const auto& [name, timed] : figures) {
      Timed& known = best[name];
      if (known.moves == 0 || timed.seconds / static_cast<double>(timed.moves) < known.seconds / static_cast<double>(known.moves)) known = timed;
    }
  }
  return best;
}

double per_second(const Figures& figures, std::initializer_list<const char*> names) {
  Timed sum;
  for (const auto& [name, timed] : figures) {
    if (names.size() > 0 ? std::find(names.begin(), names.end(), name) == names.end() : name == "round") continue;
    sum.seconds += timed.seconds;
    sum.moves += timed.moves;
  }
  return static_cast<double>(sum.moves) / sum.seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) give_up("usage: decide_bench workflows/socifaction-2017 [small]");
  const auto model = compile(argv[1]);
  const bool small_only = argc > 2;
  if (argc > 2 && std::string(argv[2]) == "big") {
    const Figures big = best_of(model, 10'000, 2, 1);
    for (const auto& [name, timed] : big) fmt::print("{} {:.0f} ns\n", name, 1e9 * timed.seconds / static_cast<double>(timed.moves));
    return 0;
  }
  const bool once = argc > 2 && std::string(argv[2]) == "one";
  const Figures small = best_of(model, 60, once ? 1 : 5, once ? 3 : 20);
  fmt::print("{{\"decide\": {:.0f}, \"guarded\": {:.0f}, \"round\": {:.0f}, \"moves\": {{", per_second(small, {}), per_second(small, {"accept", "close"}),
             per_second(small, {"round"}));
  const char* comma = "";
  for (const auto& [name, timed] : small) fmt::print("{}\"{}\": {:.0f}", std::exchange(comma, ", "), name, static_cast<double>(timed.moves) / timed.seconds);
  if (!small_only) fmt::print("}}, \"cohort_10000\": {:.0f}}}\n", per_second(best_of(model, 10'000, 3, 1), {}));
  else fmt::print("}}}}\n");
}
