// Decisions a second: decide and apply of a person's move in the programme of 2017, on one core, with nothing durable. The move
// goes round: submit, send back, submit … with roles, needs, timers by the civil calendar, letters, records. Prints JSON.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "engine/cohort/apply.h"
#include "engine/cohort/decide.h"
#include "engine/directory/directory.h"
#include "engine/program/program.h"

namespace {

using namespace kvali;

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
  value.mutable_sealed()->set_subject("i");
  value.mutable_sealed()->set_cipher(std::string(40 + size, 'x'));
  value.mutable_sealed()->set_size(size);
  return value;
}

struct Bench {
  cohort::Library library;
  directory::Directory directory;
  cohort::Cohort cohort;
  cohort::Bench bench;
  std::int64_t now_us = 1'479'110'400'000'000;  // 2016-11-14
  std::uint64_t number = 0;

  void person(const std::string& id) {
    v1::Record record;
    record.mutable_person_registered()->set_person(id);
    if (!directory::apply(directory, record)) give_up("the directory refuses");
  }
  void ask(const v1::Command& command, const std::string& actor) {
    v1::Asked asked;
    *asked.mutable_command() = command;
    asked.set_actor(actor);
    asked.set_now_us(now_us += 1000);
    asked.set_fresh_id(fmt::format("i{}", ++number));
    cohort::Verdict verdict = cohort::decide(cohort, {directory, library}, asked, bench);
    if (auto* refusal = std::get_if<cohort::Refusal>(&verdict)) give_up(cohort::in_language(refusal->sentence, "en"));
    for (const v1::Record& record : std::get<cohort::Decision>(verdict).records)
      if (auto applied = cohort::apply(cohort, record, library); !applied) give_up(applied.error().message);
  }
};

void open(Bench& b, const std::string& folder) {
  const program::Loaded loaded = program::load({{folder + "/program.yaml", text_of(folder + "/program.yaml")},
                                                {folder + "/texts/lt.yaml", text_of(folder + "/texts/lt.yaml")}});
  if (!loaded.ok()) give_up(program::to_line(loaded.faults.front()));
  auto model = cohort::Model::compile(loaded.program, loaded.machine, "v");
  if (!model) give_up(model.error().message);
  b.library.add({*model, 0, ""});
  for (const char* id : {"manager", "coordinator", "applicant"}) b.person(id);
  v1::Record grant;
  grant.mutable_relation_granted()->set_person("manager");
  grant.mutable_relation_granted()->set_relation("manager");
  if (!directory::apply(b.directory, grant)) give_up("the directory refuses");
  v1::Command command;
  v1::OpenCohort& season = *command.mutable_open_cohort();
  season.set_name("season");
  season.set_program(loaded.program.name());
  season.mutable_zone()->set_name(loaded.program.timezone());
  season.mutable_zone()->set_first_offset_s(7200);
  for (const v1::Field& field : loaded.program.cohort().parameters()) {
    v1::NamedValue& value = *season.add_parameters();
    value.set_name(field.name());
    value.mutable_value()->mutable_date()->set_year(2030);
    value.mutable_value()->mutable_date()->set_month(1);
    value.mutable_value()->mutable_date()->set_day(15);
  }
  for (std::uint32_t i = 0; i < loaded.program.cohort().localities().count(); ++i) season.add_localities()->set_id(fmt::format("l{}", i));
  b.ask(command, "manager");
  v1::Command assign;
  assign.mutable_assign_role()->set_person("coordinator");
  assign.mutable_assign_role()->set_role("coordinator");
  assign.mutable_assign_role()->set_locality("l0");
  b.ask(assign, "manager");
}

std::string start(Bench& b) {
  v1::Command command;
  const auto give = [&](const char* name, v1::Value value) {
    v1::FieldInput& field = *command.mutable_start_initiative()->add_fields();
    field.set_name(name);
    *field.mutable_value() = std::move(value);
  };
  v1::Value place;
  place.set_text("l0");
  give("title", sealed(40));
  give("locality", place);
  give("problem", sealed(400));
  give("contact", sealed(20));
  b.ask(command, "applicant");
  return b.cohort.initiatives.back().id;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) give_up("usage: decide_bench workflows/socifaction-2017");
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    Bench b;
    open(b, argv[1]);
    v1::Command submit, back;
    submit.mutable_make_move()->set_initiative(start(b));
    submit.mutable_make_move()->set_move("submit");
    back = submit;
    back.mutable_make_move()->set_move("return");
    *back.mutable_make_move()->mutable_reason() = sealed(30);
    constexpr int pairs = 20'000;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < pairs; ++i) {
      b.ask(submit, "applicant");
      b.ask(back, "coordinator");
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    best = std::max(best, 2 * pairs / seconds.count());
  }
  fmt::print("{{\"decide\": {}}}\n", best);
}
