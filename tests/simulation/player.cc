#include "tests/simulation/player.h"

namespace kvali::simulation {
namespace {

v1::FieldInput& field(google::protobuf::RepeatedPtrField<v1::FieldInput>& fields, const std::string& name) {
  v1::FieldInput& input = *fields.Add();
  input.set_name(name);
  return input;
}

void set(v1::Date& date, Day day) {
  date.set_year(static_cast<int>(civil(day).year()));
  date.set_month(static_cast<unsigned>(civil(day).month()));
  date.set_day(static_cast<unsigned>(civil(day).day()));
}

bool missing(const Work& work, const std::string& name) {
  const auto found = work.fields.find(name);
  return found == work.fields.end() || found->second.text.empty();
}

}  // namespace

std::string Player::somebody() {
  const std::size_t who = random_.below(100);
  if (who < 50) return random_.of(o_.applicants);
  if (who < 62) return random_.of(o_.coordinators);
  if (who < 76) return random_.of(o_.mentors);
  if (who < 84) return random_.of(o_.reviewers);
  if (who < 98) return random_.of(o_.managers);
  return o_.donor;
}

v1::Command Player::cohort_command() {
  v1::Command command;
  command.set_cohort(Opening::cohort);
  command.set_channel(random_.chance(10) ? v1::PAPER : v1::WEB);
  return command;
}

v1::Command Player::move(const Work& work, const std::string& name, const std::string& item) {
  v1::Command command = cohort_command();
  v1::MakeMove& move = *command.mutable_make_move();
  move.set_initiative(work.id);
  move.set_move(name);
  move.set_task(item);
  if (random_.chance(15)) move.set_if_version(work.version - (random_.chance(25) ? 1 : 0));
  const bool reason = name == "return" || name == "decline" || name == "withdraw";
  if (random_.chance(reason ? 85 : 10)) move.mutable_reason()->set_text(random_.words(12));
  return command;
}

const Work* Player::some(const Model& model, const std::string& state, const std::string& person) {
  std::vector<const Work*> found;
  for (const Work& one : model.works)
    if ((state.empty() || one.state == state) && (person.empty() || model.sees(person, one))) found.push_back(&one);
  return found.empty() ? nullptr : random_.of(found);
}

std::optional<v1::Command> Player::ask(const std::string& person, const Model& model, Us now) {
  if (random_.chance(6)) return nonsense(person, model, now);
  const auto is = [&](const std::vector<std::string>& all) { return std::find(all.begin(), all.end(), person) != all.end(); };
  if (is(o_.managers)) return manager(person, model, now);
  if (is(o_.reviewers)) return reviewer(person, model);
  if (is(o_.coordinators)) return coordinator(person, model);
  if (is(o_.mentors)) return mentor(person, model);
  if (is(o_.applicants)) return applicant(person, model, now);
  return nonsense(person, model, now);
}

// --- fields

void Player::fill(google::protobuf::RepeatedPtrField<v1::FieldInput>& fields, const std::string& name) {
  v1::Value& value = *field(fields, name).mutable_value();
  if (name == "title") value.set_text(random_.chance(4) ? "" : random_.chance(4) ? random_.words(130) : random_.words(20) + " ąž");
  if (name == "locality") value.set_text(random_.chance(2) ? "nowhere" : random_.of(o_.localities));
  if (name == "problem") value.set_text(random_.words(random_.chance(8) ? 80 : 220));
  if (name == "contact") value.set_text("somebody@example.net");
  if (name == "plan") value.set_text(random_.words(random_.chance(10) ? 30 : 60));
}

void Player::figures(google::protobuf::RepeatedPtrField<v1::FieldInput>& fields) {
  if (random_.chance(85)) field(fields, "beneficiaries").mutable_value()->set_number(random_.between(random_.chance(5) ? -3 : 0, 90));
  if (random_.chance(60)) field(fields, "jobs").mutable_value()->set_number(random_.between(0, 9));
  if (random_.chance(40)) field(fields, "jobs_women").mutable_value()->set_number(random_.between(0, 9));
}

v1::Command Player::start(const std::string& applicant) {
  v1::Command command = cohort_command();
  command.mutable_start_initiative()->set_applicant(applicant);
  for (const char* name : {"title", "locality", "problem", "contact"})
    if (random_.chance(75)) fill(*command.mutable_start_initiative()->mutable_fields(), name);
  return command;
}

v1::Command Player::save(const Work& work) {
  v1::Command command = cohort_command();
  v1::SaveFields& save = *command.mutable_save_fields();
  save.set_initiative(work.id);
  for (const char* name : {"title", "locality", "problem", "contact", "plan"}) {
    // Where an initiative stands is settled once it is handed in.
    if (std::string(name) == "locality" && work.state != "draft" && work.state != "returned") continue;
    if (std::string(name) == "plan" && work.state != "alongside") continue;
    if (!random_.chance(missing(work, name) ? 80 : 15)) continue;
    fill(*save.mutable_fields(), name);
    const auto stored = work.fields.find(name);
    const std::uint32_t version = stored == work.fields.end() ? 0 : stored->second.version;
    if (random_.chance(30)) save.mutable_fields(save.fields_size() - 1)->set_if_version(version + (random_.chance(15) ? 1 : 0));
  }
  return command;
}

// --- people

std::optional<v1::Command> Player::applicant(const std::string& person, const Model& model, Us now) {
  std::vector<const Work*> own;
  for (const Work& one : model.works)
    if (one.applicant == person) own.push_back(&one);
  if (own.empty() && now > local(model.dates.at("application_closes") + 3, 0) && !random_.chance(3)) return std::nullopt;
  if (own.empty() || random_.chance(2)) return start(random_.chance(70) ? "" : person);
  return applicant_in(*random_.of(own));
}

std::optional<v1::Command> Player::applicant_in(const Work& work) {
  if (work.ended() ? random_.chance(10) : random_.chance(2)) return move(work, "withdraw");
  if (work.ended()) return std::nullopt;
  if (work.state == "draft" || work.state == "returned") {
    const bool ready = !missing(work, "title") && !missing(work, "locality") && !missing(work, "problem") && !missing(work, "contact");
    return random_.chance(ready ? 80 : 10) ? move(work, "submit") : save(work);
  }
  if (work.state == "offered" && random_.chance(60)) return move(work, "accept");
  if (work.state == "alongside" && work.project == "writing") {
    if (missing(work, "plan") && random_.chance(70)) return save(work);
    v1::Command command = move(work, "hand_in");
    if (random_.chance(30)) fill(*command.mutable_make_move()->mutable_fields(), "plan");
    return command;
  }
  for (const Item& item : work.items) {
    if (item.kind != "impact" || item.done) continue;
    v1::Command command = random_.chance(65) ? move(work, "hand_in", item.key) : cohort_command();
    if (command.has_make_move()) {
      figures(*command.mutable_make_move()->mutable_fields());
      return command;
    }
    command.mutable_save_fields()->set_initiative(work.id);
    command.mutable_save_fields()->set_task(item.key);
    figures(*command.mutable_save_fields()->mutable_fields());
    return command;
  }
  return random_.chance(10) ? std::optional(save(work)) : std::nullopt;
}

std::optional<v1::Command> Player::coordinator(const std::string& person, const Model& model) {
  if (random_.chance(4)) {
    v1::Command command = start(random_.of(o_.applicants));
    command.set_channel(v1::PAPER);
    return command;
  }
  if (const Work* work = some(model, "screening", person)) return move(*work, random_.chance(85) ? "pass" : "return");
  if (const Work* work = some(model, "lapsed", person); work && random_.chance(25)) {
    v1::Command command = cohort_command();
    command.mutable_propose_exception()->set_initiative(work->id);
    command.mutable_propose_exception()->set_to(random_.chance(80) ? "application.assessment" : "application.offered");
    command.mutable_propose_exception()->mutable_reason()->set_text(random_.chance(90) ? "the post was late" : "");
    return command;
  }
  return std::nullopt;
}

std::optional<v1::Command> Player::mentor(const std::string& person, const Model& model) {
  const Work* work = some(model, "alongside", person);
  if (!work) return std::nullopt;
  const auto meetings = std::count_if(work->items.begin(), work->items.end(), [](const Item& one) { return one.kind == "meetings"; });
  if (work->project == "approval" && random_.chance(60)) return move(*work, random_.chance(80) ? "approve" : "return");
  if (!work->met_enough && random_.chance(meetings >= 3 ? 80 : 8)) return move(*work, "close");
  v1::Command command = cohort_command();
  v1::OpenTaskItem& open = *command.mutable_open_task();
  open.set_initiative(work->id);
  open.set_kind("meetings");
  set(*field(*open.mutable_fields(), "date").mutable_value()->mutable_date(), local_day(model.clock));
  if (random_.chance(90)) field(*open.mutable_fields(), "minutes").mutable_value()->set_number(random_.between(-1, 90));
  if (random_.chance(50)) field(*open.mutable_fields(), "private_note").mutable_value()->set_text(random_.words(40));
  return command;
}

std::optional<v1::Command> Player::reviewer(const std::string& person, const Model& model) {
  const Work* work = some(model, "assessment", person);
  if (!work) return std::nullopt;
  v1::Command command = cohort_command();
  v1::OpenTaskItem& open = *command.mutable_open_task();
  open.set_initiative(work->id);
  open.set_kind("review");
  for (const char* name : {"impact", "feasibility", "team"})
    if (random_.chance(97)) field(*open.mutable_fields(), name).mutable_value()->set_number(random_.between(random_.chance(4) ? 0 : 1, 5));
  return command;
}

std::optional<v1::Command> Player::manager(const std::string& person, const Model& model, Us now) {
  for (const Work& one : model.works)
    if (one.proposal && random_.chance(40)) {
      v1::Command command = cohort_command();
      if (random_.chance(80)) command.mutable_confirm_exception()->set_initiative(one.id);
      else command.mutable_decline_exception()->set_initiative(one.id);
      return command;
    }
  const std::size_t what = random_.below(100);
  if (what < 8) return run_the_cohort(model, now);
  if (what < 12) return run_the_house(model, now);
  if (what < 20 && now > local(model.dates.at("decisions_on") - 4, 0)) {
    v1::Command command = cohort_command();
    command.mutable_publish_decisions()->set_locality(random_.chance(60) ? "" : random_.of(o_.localities));
    return command;
  }
  const Work* work = some(model, "assessment", person);
  if (work && what < 70) {
    if (work->held && random_.chance(30)) {
      v1::Command command = cohort_command();
      command.mutable_drop_decision()->set_initiative(work->id);
      return command;
    }
    if (work->held && random_.chance(60)) return std::nullopt;
    const std::size_t decision = random_.below(100);
    return move(*work, decision < 60 ? "select" : decision < 88 ? "reserve" : "decline");
  }
  if (const Work* reporting = some(model, "reporting"); reporting && what < 73) return move(*reporting, "good_practice");
  if (const Work* any = some(model, ""); any && what < 77) {
    v1::Command command = cohort_command();
    static const std::vector<std::string> to = {"application.assessment", "application.waitlist", "application.offered", "application.screening",
                                                "mentoring", "follow_up", "application.declined", "application.nowhere"};
    command.mutable_propose_exception()->set_initiative(any->id);
    command.mutable_propose_exception()->set_to(random_.of(to));
    command.mutable_propose_exception()->mutable_reason()->set_text("nobody foresaw it");
    return command;
  }
  if (what < 80) {
    v1::Command command = cohort_command();
    command.mutable_bulk_move()->set_move("select");
    for (const Work& one : model.works)
      if (one.state == "assessment" && random_.chance(30)) command.mutable_bulk_move()->add_initiatives(one.id);
    if (command.bulk_move().initiatives_size() > 0) return command;
  }
  return std::nullopt;
}

v1::Command Player::extend(const Model& model, Us now) {
  v1::Command command = cohort_command();
  v1::ExtendDeadline& extend = *command.mutable_extend_deadline();
  static const std::vector<std::string> states = {"application.draft", "application.returned", "application.screening", "application.offered",
                                                  "application.assessment", "mentoring", "application.waitlist", "application.nowhere"};
  extend.set_state(random_.of(states));
  set(*extend.mutable_to(), local_day(now) + static_cast<Day>(random_.between(-1, 9)));
  extend.set_reason(random_.chance(92) ? "snow" : "");
  const Work* work = some(model, "");
  if (work && random_.chance(60)) extend.set_initiative(work->id);
  else if (random_.chance(70)) extend.set_locality(random_.of(o_.localities));
  return command;
}

std::optional<v1::Command> Player::run_the_cohort(const Model& model, Us now) {
  v1::Command command = cohort_command();
  switch (random_.below(5)) {
    case 0: return extend(model, now);
    case 1:
      command.mutable_set_quota()->set_quota("per_locality");
      command.mutable_set_quota()->set_by(random_.of(o_.localities));
      command.mutable_set_quota()->set_places(static_cast<unsigned>(random_.between(3, 5)));
      return command;
    case 2: {
      static const std::vector<std::string> names = {"application_closes", "decisions_on", "mentoring_starts", "mentoring_ends"};
      const std::string& name = random_.of(names);
      command.mutable_set_parameter()->set_name(name);
      set(*command.mutable_set_parameter()->mutable_value()->mutable_date(), model.dates.at(name) + static_cast<Day>(random_.between(0, 3)));
      return command;
    }
    case 3: {
      const bool mentor = random_.chance(60);
      command.mutable_assign_role()->set_person(random_.of(mentor ? o_.mentors : o_.reviewers));
      command.mutable_assign_role()->set_role(mentor ? "mentor" : "coordinator");
      command.mutable_assign_role()->set_locality(random_.of(o_.localities));
      if (random_.chance(30)) command.mutable_assign_role()->set_until_us(now + random_.between(1, 20) * day_us);
      return command;
    }
    default: command.mutable_end_assignment()->set_assignment(random_.of(model.entrusted).id); return command;
  }
}

std::optional<v1::Command> Player::run_the_house(const Model& model, Us) {
  v1::Command command;
  // The first manager stays, so that somebody always runs the house.
  for (const auto& [grant, person] : model.managers)
    if (person != o_.managers[0] && random_.chance(40)) {
      command.mutable_end_relation()->set_grant(grant);
      return command;
    }
  command.mutable_grant_relation()->set_person(random_.chance(60) ? o_.managers[1] : random_.of(o_.coordinators));
  command.mutable_grant_relation()->set_relation("manager");
  return command;
}

v1::Command Player::nonsense(const std::string& person, const Model& model, Us now) {
  const Work* work = some(model, "", random_.chance(80) ? person : "");
  Work nobody;
  nobody.id = "0000000000000";
  if (!work || random_.chance(5)) work = &nobody;
  static const std::vector<std::string> moves = {"submit", "pass", "return", "select", "reserve", "decline", "accept", "close",
                                                 "hand_in", "approve", "good_practice", "withdraw", "fly"};
  switch (random_.below(8)) {
    case 0: return save(*work);
    case 1: return extend(model, now);
    case 2: {
      v1::Command command = cohort_command();
      command.mutable_publish_decisions();
      return command;
    }
    case 3: {
      v1::Command command = cohort_command();
      command.mutable_open_task()->set_initiative(work->id);
      command.mutable_open_task()->set_kind(random_.chance(50) ? "review" : "meetings");
      return command;
    }
    case 4: {
      v1::Command command = cohort_command();
      command.mutable_confirm_exception()->set_initiative(work->id);
      return command;
    }
    default: return move(*work, random_.of(moves), random_.chance(10) ? "impact/1" : "");
  }
}

}  // namespace kvali::simulation
