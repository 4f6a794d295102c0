// The naive model's states, places and timers.
#include "tests/simulation/model.h"

namespace kvali::simulation {
namespace {

struct Deadline {
  const char *state, *path, *by;  // a date of the cohort,
  int days, working_days;         // or so long after entering
  std::vector<int> days_before, working_days_before;  // its reminders, at eight in the morning
};

const std::vector<Deadline>& deadlines() {
  static const std::vector<Deadline> all = {
      {"draft", "application.draft", "application_closes", 0, 0, {7, 1}, {}},
      {"screening", "application.screening", "", 0, 10, {0}, {3}},
      {"returned", "application.returned", "", 0, 5, {0}, {2}},
      {"assessment", "application.assessment", "decisions_on", 0, 0, {0}, {5}},
      {"offered", "application.offered", "", 5, 0, {1}, {}},
      {"mentoring", "mentoring", "mentoring_ends", 0, 0, {14, 3}, {}},
      {"approval", "mentoring.alongside.project.approval", "", 0, 5, {}, {}},
  };
  return all;
}

const Deadline* deadline_of(const std::string& state) {
  for (const Deadline& one : deadlines())
    if (state == one.state) return &one;
  return nullptr;
}

bool holds(const std::string& state) { return state == "offered" || state == "waiting" || state == "alongside" || state == "reporting"; }
bool mentoring(const std::string& state) { return state == "waiting" || state == "alongside"; }

/// Whether the initiative is in what a deadline belongs to: its state, its stage, its project.
bool inside(const Work& work, const std::string& state) {
  return work.state == state || (state == "mentoring" && mentoring(work.state)) || (work.state == "alongside" && work.project == state);
}

}  // namespace

std::string Work::locality() const {
  const auto found = fields.find("locality");
  return found == fields.end() ? "" : found->second.text;
}

int Work::end() const {
  static const std::map<std::string, int> ends = {{"example", 1}, {"alumni", 1}, {"declined", 2}, {"withdrawn", 3}, {"lapsed", 4}, {"unfinished", 4}};
  const auto found = ends.find(state);
  return found == ends.end() ? 0 : found->second;
}

bool Work::ended() const { return end() != 0; }

std::vector<std::string> Work::states() const {
  if (state == "withdrawn") return {state};
  if (state == "alongside") return {"mentoring.alongside.project." + project, std::string("mentoring.alongside.sessions.") + (met_enough ? "done" : "open")};
  if (state == "waiting" || state == "unfinished") return {"mentoring." + state};
  if (state == "reporting" || state == "example" || state == "alumni") return {"follow_up." + state};
  return {"application." + state};
}

const Work* Model::work(const std::string& id) const {
  for (const Work& one : works)
    if (one.id == id) return &one;
  return nullptr;
}

bool Model::manages(const std::string& person) const {
  return std::any_of(managers.begin(), managers.end(), [&](const auto& one) { return one.second == person; });
}

std::set<std::string> Model::roles(const std::string& person, const Work& work) const {
  std::set<std::string> held;
  if (work.applicant == person) held.insert("applicant");
  if (manages(person)) held.insert("manager");
  for (const Entrusted& one : entrusted)
    if (one.person == person && !one.ended && (!one.until || now_ < one.until) && (one.locality.empty() || one.locality == work.locality()))
      held.insert(one.role);
  return held;
}

bool Model::acts(const std::string& person, const Work& work, const std::string& role) const {
  const std::set<std::string> held = roles(person, work);
  if (held.contains(role)) return true;
  if (held.contains("manager") && (role == "applicant" || role == "coordinator" || role == "mentor")) return true;
  return held.contains("coordinator") && role == "applicant";
}

bool Model::speaks_for_applicants(const std::string& person) const {
  return manages(person) || std::any_of(entrusted.begin(), entrusted.end(), [&](const Entrusted& one) {
           return one.person == person && one.role == "coordinator" && !one.ended && (!one.until || now_ < one.until);
         });
}

unsigned Model::places_of(const std::string& locality) const {
  const auto set = places.find(locality);
  return set == places.end() ? 4 : set->second;
}

unsigned Model::taken(const std::string& locality) const {
  return static_cast<unsigned>(std::count_if(works.begin(), works.end(), [&](const Work& one) { return one.place == locality; }));
}

std::optional<double> Model::score(const Work& work) {
  double sum = 0, weights = 0;
  for (const Item& item : work.items) {
    if (item.kind != "review") continue;
    for (const auto& [name, weight] : {std::pair("impact", 3), std::pair("feasibility", 2), std::pair("team", 1)}) {
      sum += weight * static_cast<double>(item.fields.at(name).number);
      weights += weight;
    }
  }
  return weights == 0 ? std::nullopt : std::optional(sum / weights);
}

std::vector<std::size_t> Model::line(const std::string& locality) const {
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < works.size(); ++i)
    if (works[i].state == "waitlist" && !locality.empty() && works[i].locality() == locality) waiting.push_back(i);
  std::stable_sort(waiting.begin(), waiting.end(), [&](std::size_t a, std::size_t b) {
    const double left = score(works[a]).value_or(-1), right = score(works[b]).value_or(-1);
    return left != right ? left > right : works[a].since < works[b].since;
  });
  return waiting;
}

Work* Model::find(const std::string& id, const std::string& actor) {
  for (Work& one : works)
    if (one.id == id) {
      if (!sees(actor, one)) return nullptr;
      before_ = one;
      fire(one);
      return &one;
    }
  return nullptr;
}

std::string Model::can_hold(const Work& work, const std::string& state) const {
  if (!holds(state) || !work.place.empty()) return "";
  if (work.locality().empty()) return "PRECONDITION";
  return taken(work.locality()) >= places_of(work.locality()) ? "QUOTA_FULL" : "";
}

void Model::go(Work& work, const std::string& state) {
  const std::string before = work.state;
  std::erase_if(work.timers, [&](const auto& one) {
    return one.first.first == before || one.first.first == "approval" || (!mentoring(state) && one.first.first == "mentoring");
  });
  work.held.reset();
  ++work.version;
  std::string freed;
  if (holds(state) && work.place.empty()) work.place = work.locality();
  if (!holds(state)) freed = std::exchange(work.place, "");
  if (state == "waiting" && !mentoring(before)) work.timers.erase({"mentoring", "deadline"});
  enter(work, state);
  if (!freed.empty()) pass_on(freed);
}

void Model::enter(Work& work, const std::string& state) {
  const bool stays = mentoring(work.state) && mentoring(state);
  work.state = state;
  work.since = now_;
  if (state == "alongside") {
    work.met_enough = false;
    work.project = "writing";
  }
  if (state == "waitlist") work.timers[{state, "close"}] = {local(dates.at("mentoring_starts"), 0), 0};
  if (state == "waiting") work.timers[{state, "start"}] = {local(dates.at("mentoring_starts"), 0), 0};
  if (state == "reporting") {
    work.settled = now_;
    work.timers[{state, "series"}] = {local(add_months(local_day(now_), 6) + 1 - 30, 0), 0};
  }
  const std::string owner = mentoring(state) ? "mentoring" : state;
  const Deadline* rule = stays ? nullptr : deadline_of(owner);
  if (!rule) return;
  const Day today = local_day(now_);
  Us due = *rule->by ? end_of(dates.at(rule->by)) : end_of(rule->days ? today + rule->days : add_working_days(today, rule->working_days, holidays));
  for (const Extended& one : extended_)
    if (one.state == rule->path && (one.locality.empty() || one.locality == work.locality())) due = std::max(due, one.to);
  arm(work, owner, due);
}

void Model::arm(Work& work, const std::string& state, Us deadline) {
  const Deadline& rule = *deadline_of(state);
  work.timers[{state, "deadline"}] = {deadline, 0};
  const Day last = local_day(deadline - 1);
  const auto remind = [&](const std::string& name, Day day) {
    if (local(day, 8) > now_) work.timers[{state, name}] = {local(day, 8), 0};
  };
  for (const int days : rule.days_before) remind("remind " + std::to_string(days), last - days);
  for (const int days : rule.working_days_before) remind("remind work " + std::to_string(days), add_working_days(last, -days, holidays));
}

void Model::pass_time(Us at) {
  now_ = std::max(at, clock);
  clock = now_;
  for (Work& one : works) fire(one);
}

void Model::fire(Work& work) {
  while (!work.ended()) {
    // Of two at one instant the stage's own is the first.
    const auto first = std::min_element(work.timers.begin(), work.timers.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.due, a.first.first != "mentoring") < std::pair(b.second.due, b.first.first != "mentoring");
    });
    Item* item = nullptr;
    Us item_due = first == work.timers.end() ? now_ + 1 : first->second.due;
    for (Item& one : work.items)
      for (const auto& [name, timer] : one.timers)
        if (timer.due < item_due) {
          item = &one;
          item_due = timer.due;
        }
    if (item_due > now_) return;
    if (item) {
      fire_item(work, *item);
      continue;
    }
    const auto [owner, name] = first->first;
    const Timer timer = first->second;
    work.timers.erase(first);
    if (name == "series") {
      const int count = timer.fired + 1;
      if (count < 4) work.timers[{owner, name}] = {local(add_months(local_day(work.settled), 6 * (count + 1)) + 1 - 30, 0), count};
      const Day planned = add_months(local_day(work.settled), 6 * count);
      Item report;
      report.kind = "impact";
      report.key = "impact/" + std::to_string(1 + std::count_if(work.items.begin(), work.items.end(), [](const Item& one) { return one.kind == "impact"; }));
      report.planned = end_of(planned);
      report.timers["deadline"] = {local(planned + 1 + 30, 0), 0};
      for (const int days : {14, 0})
        if (local(planned - days, 8) > now_) report.timers["remind " + std::to_string(days)] = {local(planned - days, 8), 0};
      work.items.push_back(std::move(report));
      work.version += 2;
    } else if (name == "close") {
      go(work, "declined");
    } else if (name == "start") {
      go(work, "alongside");
    } else if (name == "deadline" && owner == "mentoring") {
      go(work, "unfinished");
    } else if (name == "deadline" && (owner == "draft" || owner == "returned" || owner == "offered")) {
      go(work, "lapsed");
    } else {
      ++work.version;  // somebody is told
    }
    finish_reports(work);
  }
}

bool Model::fire_item(Work& work, Item& item) {
  const auto first = std::min_element(item.timers.begin(), item.timers.end(), [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
  const bool late = first->first == "deadline";
  if (late) item.timers.clear();
  else item.timers.erase(first);
  item.overdue = item.overdue || late;
  ++work.version;
  return late;
}

void Model::pass_on(const std::string& locality) {
  if (now_ >= local(dates.at("mentoring_starts"), 0)) return;
  for (const std::size_t next : line(locality)) {
    if (taken(locality) >= places_of(locality)) return;
    go(works[next], "offered");
  }
}

void Model::fill_free_places() {
  std::set<std::string> waited;
  for (const Work& one : works)
    if (one.state == "waitlist") waited.insert(one.locality());
  for (const std::string& locality : waited) pass_on(locality);
}

void Model::finish_reports(Work& work) {
  if (work.state != "reporting" || work.timers.contains({"reporting", "series"})) return;
  const auto open = [](const Item& one) { return one.kind == "impact" && !one.done; };
  const auto report = [](const Item& one) { return one.kind == "impact"; };
  if (std::any_of(work.items.begin(), work.items.end(), report) && std::none_of(work.items.begin(), work.items.end(), open)) go(work, "alumni");
}

std::string Model::extend(const v1::ExtendDeadline& extend, const std::string& actor) {
  const Deadline* rule = nullptr;
  for (const Deadline& one : deadlines())
    if (extend.state() == one.path) rule = &one;
  if (!rule) return extend.state() == "application.waitlist" ? "PRECONDITION" : "INVALID";
  const Us to = end_of(day_of(extend.to().year(), extend.to().month(), extend.to().day()));
  if (to <= now_ || extend.reason().empty()) return "INVALID";
  if (!extend.initiative().empty() && !find(extend.initiative(), actor)) return "NOT_FOUND";
  if (!manages(actor)) return "FORBIDDEN";
  bool moved = false;
  for (Work& one : works) {
    if (!extend.initiative().empty() && one.id != extend.initiative()) continue;
    fire(one);  // what is past is past
    if (!inside(one, rule->state) || (!extend.locality().empty() && one.locality() != extend.locality())) continue;
    const auto timer = one.timers.find({rule->state, "deadline"});
    if (timer != one.timers.end() && timer->second.due >= to) continue;
    arm(one, rule->state, to);
    ++one.version;
    moved = true;
  }
  if (!extend.initiative().empty()) return moved ? "" : "INVALID";
  extended_.push_back({rule->path, extend.locality(), to});
  return "";
}

std::string Model::set_parameter(const v1::SetParameter& set, const std::string& actor) {
  if (!manages(actor)) return "FORBIDDEN";
  if (!dates.contains(set.name()) || !set.value().has_date()) return "INVALID";
  dates[set.name()] = day_of(set.value().date().year(), set.value().date().month(), set.value().date().day());
  for (Work& one : works) {
    bool moved = false;
    for (const Deadline& rule : deadlines()) {
      if (set.name() != rule.by || !inside(one, rule.state)) continue;
      Us due = end_of(dates.at(rule.by));
      for (const Extended& extended : extended_)
        if (extended.state == rule.path && (extended.locality.empty() || extended.locality == one.locality())) due = std::max(due, extended.to);
      arm(one, rule.state, due);
      moved = true;
    }
    if (set.name() == "mentoring_starts" && (one.state == "waitlist" || one.state == "waiting")) {
      one.timers[{one.state, one.state == "waitlist" ? "close" : "start"}] = {local(dates.at("mentoring_starts"), 0), 0};
      moved = true;
    }
    if (moved) ++one.version;
  }
  return "";
}

}  // namespace kvali::simulation
