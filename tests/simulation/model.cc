#include "tests/simulation/model.h"

namespace kvali::simulation {
namespace {

constexpr const char* done = "";

struct Arrow {
  const char *state, *move, *by, *to;
  bool reason = false, held = false;
};

const Arrow* arrow_of(const Work& work, const std::string& move) {
  static const Arrow arrows[] = {
      {"draft", "submit", "applicant", "screening"},
      {"screening", "pass", "coordinator", "assessment"},
      {"screening", "return", "coordinator", "returned", true},
      {"returned", "submit", "applicant", "screening"},
      {"assessment", "select", "manager", "offered", false, true},
      {"assessment", "reserve", "manager", "waitlist", false, true},
      {"assessment", "decline", "manager", "declined", true, true},
      {"offered", "accept", "applicant", "waiting"},
      {"open", "close", "mentor", "done"},
      {"writing", "hand_in", "applicant", "approval"},
      {"approval", "approve", "mentor", "ready"},
      {"approval", "return", "mentor", "writing", true},
      {"reporting", "good_practice", "manager", "example"},
  };
  static const Arrow withdraw{"", "withdraw", "applicant", "withdrawn", true};
  if (move == withdraw.move) return &withdraw;
  for (const Arrow& one : arrows) {
    const bool here = work.state != "alongside" ? work.state == one.state
                                                : work.project == one.state || (!work.met_enough && std::string("open") == one.state);
    if (here && move == one.move) return &one;
  }
  return nullptr;
}

struct Form {
  const char* name;
  char type;  // text, number, locality, date
  std::size_t least = 0, most = 0;
};

const Form* form_of(const std::string& kind, const std::string& field) {
  static const std::map<std::string, std::vector<Form>> forms = {
      {"", {{"title", 't', 0, 120}, {"locality", 'l'}, {"problem", 't', 200, 4000}, {"contact", 't'}, {"plan", 't', 50, 20000}}},
      {"meetings", {{"date", 'd'}, {"minutes", 'n'}, {"summary", 't'}, {"next_step", 't'}, {"private_note", 't'}}},
      {"review", {{"impact", 'n', 1, 5}, {"feasibility", 'n', 1, 5}, {"team", 'n', 1, 5}}},
      {"impact", {{"beneficiaries", 'n'}, {"jobs", 'n'}, {"jobs_women", 'n'}}}};
  for (const Form& one : forms.at(kind))
    if (field == one.name) return &one;
  return nullptr;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool given(const std::map<std::string, Written>& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found != fields.end() && found->second.given;
}

bool enough(const Work& work, const std::string& name) {
  return given(work.fields, name) && characters(work.fields.at(name).text) >= form_of("", name)->least;
}

const char* first_of(std::initializer_list<const char*> codes) {
  for (const char* code : codes)
    if (*code) return code;
  return done;
}

/// Why nothing is done to what has ended: time ended it, or somebody did.
const char* over(const Work& work) { return work.end() == 4 ? "DEADLINE_PASSED" : "PRECONDITION"; }

/// A path of the program as a state of the model.
std::string state_at(const std::string& path) {
  if (path == "mentoring") return "waiting";
  if (path == "follow_up") return "reporting";
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

}  // namespace

std::string Model::ask(const v1::Command& command, const std::string& actor, Us at, const std::string& created) {
  Model next = *this;
  next.now_ = std::max(at, clock);
  const std::string code = next.decide(command, actor, created);
  if (!code.empty()) return code;
  next.fill_free_places();
  if (!command.cohort().empty()) next.clock = next.now_;
  *this = std::move(next);
  return done;
}

std::string Model::decide(const v1::Command& command, const std::string& actor, const std::string& created) {
  if (command.has_start_initiative()) return start(command, actor, created);
  if (command.has_save_fields()) return save(command.save_fields(), actor);
  if (command.has_make_move()) return move(command.make_move(), actor);
  if (command.has_open_task()) return open_item(command.open_task(), actor, created);
  if (command.has_publish_decisions()) return publish(command.publish_decisions().locality(), actor);
  if (command.has_extend_deadline()) return extend(command.extend_deadline(), actor);
  if (command.has_propose_exception()) return except(command.propose_exception().initiative(), command, actor);
  if (command.has_confirm_exception()) return except(command.confirm_exception().initiative(), command, actor);
  if (command.has_decline_exception()) return except(command.decline_exception().initiative(), command, actor);
  if (command.has_assign_role()) return assign(command.assign_role(), actor, created);
  if (command.has_set_parameter()) return set_parameter(command.set_parameter(), actor);
  if (command.has_set_quota()) return set_quota(command.set_quota(), actor);
  if (command.has_grant_relation() || command.has_end_relation()) return relate(command, actor, created);
  if (command.has_bulk_move()) {
    for (const std::string& id : command.bulk_move().initiatives())
      if (!find(id, actor)) return "NOT_FOUND";
    for (const std::string& id : command.bulk_move().initiatives()) {
      v1::MakeMove one;
      one.set_initiative(id);
      one.set_move(command.bulk_move().move());
      *one.mutable_reason() = command.bulk_move().reason();
      if (const std::string code = move(one, actor); !code.empty()) return code;
    }
    return done;
  }
  if (command.has_drop_decision()) {
    if (!manages(actor)) return "FORBIDDEN";
    Work* work = find(command.drop_decision().initiative(), actor);
    if (!work) return "NOT_FOUND";
    if (!work->held) return "PRECONDITION";
    work->held.reset();
    if (!work->place.empty()) pass_on(std::exchange(work->place, ""));
    return done;
  }
  if (command.has_end_assignment()) {
    if (!manages(actor)) return "FORBIDDEN";
    for (Entrusted& one : entrusted)
      if (one.id == command.end_assignment().assignment() && !one.ended) {
        one.ended = true;
        return done;
      }
    return "NOT_FOUND";
  }
  return "INVALID";
}

std::string Model::start(const v1::Command& command, const std::string& actor, const std::string& created) {
  const v1::StartInitiative& start = command.start_initiative();
  const std::string applicant = !start.applicant().empty() ? start.applicant() : command.on_behalf_of().empty() ? actor : command.on_behalf_of();
  if (!persons.contains(applicant)) return "NOT_FOUND";
  if (applicant != actor && !speaks_for_applicants(actor)) return "FORBIDDEN";
  Us closes = end_of(dates.at("application_closes"));
  for (const Extended& one : extended_)
    if (one.state == "application.draft") closes = std::max(closes, one.to);
  if (now_ >= closes) return "DEADLINE_PASSED";
  if (const std::string code = faults(nullptr, nullptr, start.fields(), "", actor); !code.empty()) return code;
  Work work;
  work.id = created;
  work.applicant = applicant;
  work.version = 1;
  write(work.fields, start.fields());
  enter(work, "draft");
  works.push_back(std::move(work));
  return done;
}

std::string Model::faults(const Work* work, const Item* item, const google::protobuf::RepeatedPtrField<v1::FieldInput>& fields,
                          const std::string& kind, const std::string& actor) const {
  static const std::map<std::string, Written> nothing;
  const std::map<std::string, Written>& before = item ? item->fields : work && kind.empty() ? work->fields : nothing;
  bool wrong = false, forbidden = false, stale = false;
  std::map<std::string, Written> after = before;
  for (const v1::FieldInput& input : fields) {
    const Form* form = form_of(kind, input.name());
    if (!form) return "INVALID";
    const v1::Value& value = input.value();
    if (form->type == 't') wrong |= value.kind_case() != v1::Value::kText || (form->most && characters(value.text()) > form->most);
    if (form->type == 'd') wrong |= !value.has_date();
    if (form->type == 'l') wrong |= std::find(localities.begin(), localities.end(), value.text()) == localities.end();
    if (form->type == 'n')
      wrong |= value.kind_case() != v1::Value::kNumber || value.number() < static_cast<std::int64_t>(form->least) ||
               (form->most && value.number() > static_cast<std::int64_t>(form->most));
    forbidden |= work && !item && kind.empty() && !acts(actor, *work, "applicant");
    const auto stored = before.find(input.name());
    stale |= input.has_if_version() && input.if_version() != (stored == before.end() ? 0 : stored->second.version);
    after[input.name()] = {"", value.number(), 0, true};
  }
  wrong |= kind == "impact" && given(after, "jobs_women") && given(after, "jobs") && after["jobs_women"].number > after["jobs"].number;
  return first_of({wrong ? "INVALID" : done, forbidden ? "FORBIDDEN" : done, stale ? "CONFLICT_VERSION" : done});
}

void Model::write(std::map<std::string, Written>& into, const google::protobuf::RepeatedPtrField<v1::FieldInput>& fields) {
  for (const v1::FieldInput& input : fields) {
    Written& one = into[input.name()];
    one = {input.value().text(), input.value().number(), one.version + 1, input.value().kind_case() != v1::Value::kText || !input.value().text().empty()};
  }
}

std::string Model::save(const v1::SaveFields& save, const std::string& actor) {
  Work* work = find(save.initiative(), actor);
  if (!work) return "NOT_FOUND";
  if (work->ended()) return over(*work);
  Item* item = nullptr;
  for (Item& one : work->items)
    if (one.key == save.task()) item = &one;
  if (!save.task().empty() && !item) return "NOT_FOUND";
  if (item && item->done) return "PRECONDITION";
  if (item && item->by != actor && !acts(actor, *work, "applicant")) return "FORBIDDEN";
  if (const std::string code = faults(work, item, save.fields(), item ? item->kind : "", actor); !code.empty()) return code;
  if (save.fields().empty()) return "INVALID";
  write(item ? item->fields : work->fields, save.fields());
  ++work->version;
  return done;
}

std::string Model::move(const v1::MakeMove& move, const std::string& actor) {
  Work* work = find(move.initiative(), actor);
  if (!work) return "NOT_FOUND";
  if (move.has_if_version() && move.if_version() != work->version) return "CONFLICT_VERSION";
  if (work->ended()) return over(*work);
  if (move.task().empty()) return move_work(*work, move, actor);
  for (Item& item : work->items)
    if (item.key == move.task()) return item.done || move.move() != "hand_in" ? "PRECONDITION" : move_item(*work, item, move, actor);
  return "NOT_FOUND";
}

std::string Model::move_item(Work& work, Item& item, const v1::MakeMove& move, const std::string& actor) {
  if (const std::string code = faults(&work, &item, move.fields(), item.kind, actor); !code.empty()) return code;
  write(item.fields, move.fields());
  if (!move.fields().empty()) ++work.version;
  if (!acts(actor, work, "applicant")) return "FORBIDDEN";
  if (!given(item.fields, "beneficiaries")) return "INVALID";
  item.done = true;
  item.timers.clear();
  ++work.version;
  finish_reports(work);
  return done;
}

std::string Model::move_work(Work& work, const v1::MakeMove& move, const std::string& actor) {
  const Arrow* arrow = arrow_of(work, move.move());
  if (!arrow) return arrow_of(*before_, move.move()) ? "DEADLINE_PASSED" : "PRECONDITION";  // time took it elsewhere just now
  const std::string to = arrow->to;
  if (const std::string code = faults(&work, nullptr, move.fields(), "", actor); !code.empty()) return code;
  write(work.fields, move.fields());
  if (!move.fields().empty()) ++work.version;
  if (!acts(actor, work, arrow->by)) return "FORBIDDEN";
  bool missing = arrow->reason && move.reason().text().empty();
  if (move.move() == "submit")
    missing |= !enough(work, "title") || !given(work.fields, "locality") || !enough(work, "problem") || !enough(work, "contact");
  if (move.move() == "hand_in") missing |= !enough(work, "plan");
  const auto mentors = [&](const Entrusted& one) { return one.role == "mentor" && !one.ended && one.locality == work.locality() && (!one.until || now_ < one.until); };
  const bool alone = move.move() == "accept" && std::none_of(entrusted.begin(), entrusted.end(), mentors);
  const bool few = move.move() == "close" && std::count_if(work.items.begin(), work.items.end(), [](const Item& one) { return one.kind == "meetings"; }) < 3;
  const std::string place = can_hold(work, to);
  const std::string code = first_of({missing ? "INVALID" : done, place == "PRECONDITION" ? "PRECONDITION" : done,
                                     alone || few ? "GUARD_FAILED" : done, place.c_str()});
  if (!code.empty()) return code;
  if (arrow->held) {
    work.held = move.move();
    if (to == "offered")
      work.place = work.locality();
    else if (!work.place.empty())
      pass_on(std::exchange(work.place, ""));
    return done;
  }
  if (work.state == "alongside" && to != "withdrawn") {
    if (to == "done") work.met_enough = true;
    else work.project = to;
    if (to != "done") std::erase_if(work.timers, [](const auto& one) { return one.first.first == "approval"; });
    if (to == "approval") arm(work, "approval", end_of(add_working_days(local_day(now_), 5, holidays)));
    if (work.met_enough && work.project == "ready") go(work, "reporting");
    else ++work.version;
    return done;
  }
  go(work, to);
  return done;
}

std::string Model::open_item(const v1::OpenTaskItem& open, const std::string& actor, const std::string& created) {
  Work* work = find(open.initiative(), actor);
  if (!work) return "NOT_FOUND";
  if (work->ended()) return over(*work);
  const bool here = (open.kind() == "meetings" && work->state == "alongside" && !work->met_enough) || (open.kind() == "review" && work->state == "assessment");
  if (!here) return "PRECONDITION";
  if (!acts(actor, *work, open.kind() == "review" ? "reviewer" : "mentor")) return "FORBIDDEN";
  if (open.kind() == "review") {
    for (const Entrusted& one : entrusted)
      if (one.person == actor && one.role != "reviewer" && !one.ended && (one.until == 0 || now_ < one.until) && !one.locality.empty() && one.locality == work->locality())
        return "CONFLICT_OF_INTEREST";
    for (const Item& one : work->items)
      if (one.kind == "review" && one.by == actor) return "PRECONDITION";
  }
  if (const std::string code = faults(work, nullptr, open.fields(), open.kind(), actor); !code.empty()) return code;
  Item item;
  item.kind = open.kind();
  item.key = item.kind + "/" + std::to_string(1 + std::count_if(work->items.begin(), work->items.end(), [&](const Item& one) { return one.kind == item.kind; }));
  item.by = actor;
  item.done = true;
  write(item.fields, open.fields());
  const auto need = item.kind == "review" ? std::vector<std::string>{"impact", "feasibility", "team"} : std::vector<std::string>{"date", "minutes"};
  for (const std::string& name : need)
    if (!given(item.fields, name)) return "INVALID";
  if (!created.empty() && created != item.key) return "it should be called " + item.key;
  if (item.kind != "review") ++work->version;  // who assesses whom is not told
  work->items.push_back(std::move(item));
  return done;
}

std::string Model::publish(const std::string& locality, const std::string& actor) {
  if (!manages(actor)) return "FORBIDDEN";
  std::vector<Work*> all;
  for (Work& one : works)
    if (one.held && (locality.empty() || one.locality() == locality)) all.push_back(&one);
  if (all.empty()) return "PRECONDITION";
  for (Work* one : all) {
    fire(*one);
    if (one->held) go(*one, *one->held == "select" ? "offered" : *one->held == "reserve" ? "waitlist" : "declined");
  }
  return done;
}

std::string Model::except(const std::string& id, const v1::Command& command, const std::string& actor) {
  Work* work = find(id, actor);
  if (!work) return "NOT_FOUND";
  if (command.has_propose_exception()) {
    const v1::ProposeException& propose = command.propose_exception();
    if (!manages(actor) && !roles(actor, *work).contains("coordinator")) return "FORBIDDEN";
    if (propose.to().find("nowhere") != std::string::npos || propose.reason().text().empty()) return "INVALID";
    if (const std::string code = can_hold(*work, state_at(propose.to())); !code.empty()) return code;
    work->proposal = {state_at(propose.to()), actor};
    return done;
  }
  if (!manages(actor)) return "FORBIDDEN";
  if (!work->proposal) return "PRECONDITION";
  const auto [to, by] = *work->proposal;
  if (command.has_confirm_exception()) {
    if (by == actor) return "FORBIDDEN";
    if (const std::string code = can_hold(*work, to); !code.empty()) return code;
    const bool there = work->state == to;  // the stage from its middle begins anew
    if (!there) {
      go(*work, to);
    } else {
      ++work->version;
      work->held.reset();
      if (to == "assessment" && !work->place.empty()) pass_on(std::exchange(work->place, ""));
    }
  }
  work->proposal.reset();
  return done;
}

std::string Model::assign(const v1::AssignRole& assign, const std::string& actor, const std::string& created) {
  if (!manages(actor)) return "FORBIDDEN";
  if (!persons.contains(assign.person())) return "NOT_FOUND";
  static const std::set<std::string> known = {"manager", "coordinator", "mentor", "reviewer", "applicant", "donor"};
  if (!known.contains(assign.role())) return "INVALID";
  const bool placed = std::find(localities.begin(), localities.end(), assign.locality()) != localities.end();
  if (assign.locality().empty() ? assign.role() == "mentor" || assign.role() == "coordinator" : !placed) return "INVALID";
  unsigned load = places_of(assign.locality());
  for (const Entrusted& one : entrusted) {
    if (one.ended || (one.until && now_ >= one.until) || one.person != assign.person() || one.role != assign.role()) continue;
    if (one.locality == assign.locality()) return "PRECONDITION";
    load += places_of(one.locality);
  }
  if (assign.role() == "mentor" && load > 8) return "LIMIT";
  entrusted.push_back({created, assign.person(), assign.role(), assign.locality(), assign.until_us(), false});
  return done;
}

std::string Model::set_quota(const v1::SetQuota& set, const std::string& actor) {
  if (!manages(actor)) return "FORBIDDEN";
  if (std::find(localities.begin(), localities.end(), set.by()) == localities.end()) return "INVALID";
  if (set.places() < taken(set.by())) return "QUOTA_FULL";
  const bool more = set.places() > places_of(set.by());
  places[set.by()] = set.places();
  if (more) pass_on(set.by());
  return done;
}

std::string Model::relate(const v1::Command& command, const std::string& actor, const std::string& created) {
  if (!manages(actor)) return "FORBIDDEN";
  if (command.has_end_relation()) return managers.erase(command.end_relation().grant()) ? done : "NOT_FOUND";
  if (!persons.contains(command.grant_relation().person())) return "NOT_FOUND";
  managers[created] = command.grant_relation().person();
  return done;
}

}  // namespace kvali::simulation
