#include "tests/engine/cohort/describe.h"

#include <fmt/format.h>

#include <fmt/ranges.h>

#include <algorithm>

#include "engine/cohort/scoring.h"
#include "engine/cohort/zone_table.h"

namespace kvali::cohort::testing {
namespace {

std::string when(Instant at) { return at == calendar::never ? "never" : calendar::to_string(at); }

/// FNV-1a, enough to tell two ciphers apart in a text.
std::uint32_t checksum(const std::string& bytes) {
  std::uint32_t sum = 2166136261u;
  for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * 16777619u;
  return sum;
}

std::string words(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kText: return '"' + value.text() + '"';
    case v1::Value::kNumber: return std::to_string(value.number());
    case v1::Value::kDecimal: return fmt::format("{}", value.decimal());
    case v1::Value::kFlag: return value.flag() ? "yes" : "no";
    case v1::Value::kDate: return calendar::to_string(date_of(value.date()));
    case v1::Value::kInstantUs: return when(value.instant_us());
    case v1::Value::kMoney: return fmt::format("{} {}", value.money().minor_units(), value.money().currency());
    case v1::Value::kSealed:
      return fmt::format("sealed({}, {} characters, {:08x})", value.sealed().subject(), value.sealed().size(), checksum(value.sealed().cipher()));
    case v1::Value::kFile: return "file " + value.file().id();
    case v1::Value::kList: {
      std::string text;
      for (const v1::Value& one : value.list().values()) text += (text.empty() ? "" : ", ") + words(one);
      return "[" + text + "]";
    }
    case v1::Value::kTable: {
      std::string text;
      for (const v1::Table::Row& row : value.table().rows()) {
        text += text.empty() ? "" : "; ";
        for (const v1::NamedValue& one : row.values()) text += one.name() + " " + words(one.value()) + " ";
      }
      return "{" + text + "}";
    }
    case v1::Value::kEmpty: return "empty";
    case v1::Value::KIND_NOT_SET: return "nothing";
  }
  return "?";
}

class Writer {
 public:
  template <class... Args>
  void line(int depth, fmt::format_string<Args...> form, Args&&... args) {
    text.append(static_cast<std::size_t>(depth) * 2, ' ');
    text += fmt::format(form, std::forward<Args>(args)...);
    text += '\n';
  }
  std::string text;
};

std::string words(const v1::Fact& fact) {
  const auto day = [](const v1::Date& date) { return fmt::format("{}-{}-{}", date.year(), date.month(), date.day()); };
  return fmt::format("{} {} from {} until {} {}", fact.id(), fact.name(), day(fact.from()), day(fact.until()), fact.note());
}

std::string path_of(const statechart::Chart& chart, std::uint32_t state) {
  return state < chart.state_count() ? (chart.path(state).empty() ? "(root)" : std::string(chart.path(state))) : fmt::format("state {}?", state);
}

std::string words(const Timer& timer, const statechart::Chart& chart) {
  return fmt::format("{} timer {} due {} planned {} fired {}{}", path_of(chart, timer.state), timer.timer, when(timer.due), when(timer.planned),
                     timer.fired, timer.blocked ? " blocked" : "");
}

void write(Writer& out, int depth, const Instance& instance, const statechart::Chart& chart) {
  for (const statechart::StateId state : instance.where.active) {
    const auto since = std::find_if(instance.since.begin(), instance.since.end(), [&](const auto& one) { return one.first == state; });
    out.line(depth, "in {} since {}", path_of(chart, state), since == instance.since.end() ? "?" : when(since->second));
  }
  if (instance.since.size() != instance.where.active.size()) out.line(depth, "since has {} states", instance.since.size());
  if (instance.where.done) out.line(depth, "done");
  for (const auto& [history, states] : instance.where.history) {
    std::string paths;
    for (const auto state : states) paths += " " + path_of(chart, state);
    out.line(depth, "history {}:{}", path_of(chart, history), paths);
  }
  std::vector<Timer> timers = instance.timers;
  std::sort(timers.begin(), timers.end(), [](const Timer& a, const Timer& b) { return std::pair(a.state, a.timer) < std::pair(b.state, b.timer); });
  for (const Timer& timer : timers) out.line(depth, "{}", words(timer, chart));
  for (const auto& [history, remaining] : instance.remaining)
    for (const Timer& timer : remaining) out.line(depth, "remaining {}: state {} timer {} {} µs", path_of(chart, history), timer.state, timer.timer, timer.due);
}

void write(Writer& out, int depth, const std::vector<FieldState>& fields) {
  for (const FieldState& field : fields) out.line(depth, "field {} = {} (version {})", field.name, words(field.value), field.version);
}

void write(Writer& out, const Initiative& initiative) {
  out.line(0, "initiative {}{} of {} by {} version {} last {}{}", initiative.id, initiative.kind().empty() ? "" : ", a " + initiative.kind() + ",", initiative.model->version().substr(0, 12), initiative.applicant,
           initiative.version, when(initiative.last_activity), initiative.organisation.empty() ? "" : " for " + initiative.organisation);
  if (initiative.ended()) out.line(1, "ended {}", v1::State::End_Name(initiative.end));
  write(out, 1, initiative.at, initiative.model->chart());
  write(out, 1, initiative.fields);
  for (const auto& [quota, by] : initiative.places) out.line(1, "place {} {}", quota, by);
  if (initiative.held) {
    out.line(1, "held {} arrow {} by {} reason {}", initiative.held->move, initiative.held->arrow, initiative.held->by, words(initiative.held->reason));
    for (const auto& [quota, by] : initiative.held->places) out.line(2, "claims {} {}", quota, by);
  }
  if (initiative.proposal)
    out.line(1, "proposed {} by {} reason {}", path_of(initiative.model->chart(), initiative.proposal->to), initiative.proposal->by,
             words(initiative.proposal->reason));
  if (initiative.bringers) {
    const auto noted = [&](const char* what, const v1::OrganisationNoted& one) {
      out.line(1, "{} {} {} {} {}", what, one.organisation(), one.kind(), one.country(), one.register_());
      for (const v1::Fact& fact : one.facts()) out.line(2, "fact {} accepted {} times", words(fact), fact.accepted_size());
    };
    if (initiative.bringers->has_organisation()) noted("brought by", initiative.bringers->organisation());
    for (const v1::OrganisationNoted& one : initiative.bringers->partners()) noted("with", one);
  }
  if (!initiative.migration.empty()) out.line(1, "taken over by {}{}", initiative.migration, initiative.before ? ", unchanged since" : "");
  for (const auto& [what, person] : initiative.makers) out.line(1, "{} made by {}", what, person);
  if (!initiative.bulk.empty()) out.line(1, "part of {}{}", initiative.bulk, initiative.before_bulk ? ", unchanged since" : "");
  for (const Task& task : initiative.aside) out.line(1, "aside {} with {} fields", task.key, task.fields.size());
  for (const Reading& one : initiative.readings)
    out.line(1, "reading {} by {} since {}{}", one.review, one.reader, when(one.assigned_at), one.ended.empty() ? "" : " " + one.ended + ": " + words(one.reason));
  for (const Translated& one : initiative.translations)
    out.line(1, "translated {} {} of version {} by {} at {}: {}", one.field, one.language, one.of_version, one.by, when(one.at), words(one.text));
  for (const Task& task : initiative.tasks) {
    out.line(1, "task {} number {} planned {} by {} opened {}{}", task.key, task.number, when(task.planned), task.by.empty() ? "-" : task.by,
             when(task.opened_at), task.finished ? " finished" : "");
    if (!task.role.empty()) out.line(2, "for {}", task.role);
    for (const Voice& voice : task.ballots) out.line(2, "{} says {}", voice.person, v1::Ballot_Name(voice.choice));
    if (!task.read_in.empty() || task.due != 0) out.line(2, "read in {} due {}", task.read_in, when(task.due));
    if (!task.on_behalf_of.empty()) out.line(2, "on behalf of {}", task.on_behalf_of);
    write(out, 2, task.at, *initiative.model->task(task.kind)->chart);
    write(out, 2, task.fields);
  }
}

void write(Writer& out, const Happening& one) {
  out.line(1, "{} {} {} {} {} arrow {} entered {} by {} for {} channel {} reason {} told {}", one.sequence, when(one.at), one.kind, one.what, one.task,
           static_cast<std::int64_t>(one.arrow == UINT32_MAX ? -1 : static_cast<std::int64_t>(one.arrow)), fmt::join(one.entered, " "), one.actor,
           one.on_behalf_of, static_cast<int>(one.channel), words(one.reason), fmt::join(one.told, " "));
}

void write_head(Writer& out, const Cohort& cohort) {
  out.line(0, "cohort {} \"{}\" of {} {}", cohort.id, cohort.title, cohort.model->name(), cohort.model->version());
  out.line(1, "zone {} {} with {} changes", cohort.zone.name, cohort.zone.version, cohort.zone.changes.size());
  out.line(1, "sequence {} clock {} target {}{}", cohort.sequence, when(cohort.clock), when(cohort.clock_target), cohort.rehearsal ? " rehearsal" : "");
  if (const Migration& way = cohort.migration; !way.id.empty()) {
    out.line(1, "migration {} {} to {} below {} next {}{}{}{}", way.id, way.from, way.version, way.initiatives, way.next, way.paused ? " paused" : "",
             way.ended ? " ended" : "", way.undone ? " undone" : "");
    for (const auto& [slot, parked] : way.parked) out.line(2, "parked {} {} with {} words", slot, parked.why, parked.words.size());
  }
  out.line(1, "last commit {} by {} at {}", cohort.commit.command_id(), cohort.commit.actor(), when(cohort.commit.recorded_at_us()));
  for (const v1::NamedValue& one : cohort.parameters) out.line(1, "parameter {} = {}", one.name(), words(one.value()));
  for (const v1::LocalityEntry& one : cohort.localities) out.line(1, "locality {} \"{}\"", one.id(), one.name());
  out.line(1, "holidays {}", cohort.holidays.size());
  for (const v1::QuotaPlaces& one : cohort.quotas) out.line(1, "quota {} {} {}", one.quota(), one.by(), one.places());
  for (const Assignment& one : cohort.assignments)
    out.line(1, "assignment {} {} {} {}{} load {} until {}{}{}", one.id, one.person, one.role, one.locality, one.initiative, one.load_max,
             when(one.until), one.substitute_for.empty() ? "" : " for " + one.substitute_for, one.ended ? " ended" : "");
  for (const Term& one : cohort.terms)
    out.line(1, "term {} of {} from {} until {} with {} notices", one.number, one.body, when(one.from), when(one.until), one.notices.size());
  for (const auto& [body, up_to] : cohort.minutes) out.line(1, "minutes of {} up to {}", body, up_to);
  for (const Bulk& one : cohort.bulks) out.line(1, "bulk {} {} by {} until {}: {}", one.id, one.move, one.by, when(one.undo_until), fmt::join(one.slots, " "));
  for (const DeclaredConflict& one : cohort.conflicts)
    out.line(1, "conflict {} of {} toward {}{} kind {} by {} at {}: {}", one.id, one.person, one.initiative, one.organisation, static_cast<int>(one.kind), one.by,
             when(one.at), words(one.note));
  for (const Waiver& one : cohort.waivers)
    out.line(1, "waiver {} {} by {} and {} at {}: {}", one.person, one.initiative, one.proposed_by, one.confirmed_by, when(one.at), words(one.reason));
  for (const auto& [person, all] : cohort.competences)
    for (const v1::Competence& one : all) out.line(1, "competence {} {}: {}", person, one.field(), fmt::join(one.values(), " "));
  for (const auto& [key, sums] : cohort.marks) out.line(1, "marks {} {} {} {} {}", key.first, key.second, sums.count, sums.sum, sums.squares);
  for (const Extension& one : cohort.extensions) out.line(1, "extension {} {} to {}", one.state, one.locality, when(one.to));
}

}  // namespace

std::string describe(const Initiative& initiative) {
  Writer out;
  write(out, initiative);
  return out.text;
}

std::string describe(const Cohort& cohort, Depth depth) {
  Writer out;
  if (!cohort.open()) return "not open\n";
  write_head(out, cohort);
  for (const Initiative& initiative : cohort.initiatives) write(out, initiative);
  for (const auto& [key, count] : cohort.taken)
    if (count > 0) out.line(0, "taken {} {} {}", key.first, key.second, count);
  std::map<std::string, std::vector<Slot>> localities(cohort.by_locality.begin(), cohort.by_locality.end());
  for (const auto& [locality, slots] : localities)
    if (!slots.empty()) out.line(0, "slots of {}: {}", locality, fmt::join(slots, " "));
  for (const auto& [due, slot] : cohort.due.until(calendar::never)) out.line(0, "due {} {}", when(due), slot);
  if (depth == Depth::State) return out.text;
  for (std::size_t slot = 0; slot < cohort.happenings.size(); ++slot) {
    out.line(0, "happenings of {}", slot);
    for (const Happening& one : cohort.happenings[slot]) write(out, one);
  }
  for (const auto& [command, at, answer] : cohort.answered)
    out.line(0, "answered {} at {} {} {} {:08x}", command, when(at), answer.sequence, answer.created, checksum(answer.request_hash));
  return out.text;
}

std::string describe(const directory::Directory& directory) {
  Writer out;
  const auto sealed = [](const v1::Sealed& one) { return fmt::format("sealed({}, {} characters, {:08x})", one.subject(), one.size(), checksum(one.cipher())); };
  out.line(0, "directory at {}", directory.sequence);
  for (const directory::Person& one : directory.persons)
    out.line(1, "person {} {} {} {}", one.id, sealed(one.name), sealed(one.email), fmt::join(one.languages, " "));
  for (const directory::Organisation& one : directory.organisations) {
    out.line(1, "organisation {} \"{}\" {} {} {} {} from {}{}", one.id, one.name, one.kind, one.country, one.reg, one.registration,
             fmt::join(one.successor_of, " "), one.merged_into.empty() ? "" : " merged into " + one.merged_into);
    for (const directory::FormerName& name : one.names) out.line(2, "once \"{}\" from {} until {}", name.name, name.from.year(), name.until.year());
    for (const v1::Fact& fact : one.facts) {
      out.line(2, "fact {}", words(fact));
      for (const v1::FactAcceptance& accepted : fact.accepted()) out.line(3, "accepted by {} as {} {}", accepted.by(), accepted.program(), accepted.role());
    }
  }
  for (const directory::Grant& one : directory.grants)
    out.line(1, "grant {} {}{} {} {} from {} until {}{}", one.id, one.person, one.organisation, one.relation, one.scope, when(one.from), when(one.until), one.ended ? " ended" : "");
  return out.text;
}

std::string difference(const std::string& expected, const std::string& found) {
  if (expected == found) return {};
  std::size_t line = 1, at = 0;
  const std::size_t common = std::min(expected.size(), found.size());
  std::size_t i = 0;
  for (; i < common && expected[i] == found[i]; ++i)
    if (expected[i] == '\n') {
      ++line;
      at = i + 1;
    }
  const auto rest = [&](const std::string& text) { return at < text.size() ? text.substr(at, text.find('\n', at) - at) : std::string("(ends here)"); };
  return fmt::format("line {}\n  expected: {}\n  found:    {}", line, rest(expected), rest(found));
}

namespace {

void check(std::vector<std::string>& broken, const Initiative& initiative, const Instance& instance, const statechart::Chart& chart,
           const std::string& where) {
  if (!statechart::legal(chart, instance.where)) broken.push_back(where + ": its states are no legal configuration");
  for (const Timer& timer : instance.timers) {
    if (!active(instance, timer.state)) broken.push_back(where + ": a timer of " + path_of(chart, timer.state) + ", which is not active");
    if (timer.state >= chart.state_count() || static_cast<int>(timer.timer) >= chart.node(timer.state).timers_size())
      broken.push_back(where + ": a timer that the machine does not have");
  }
  for (const statechart::StateId state : instance.where.active) {
    const auto count = std::count_if(instance.since.begin(), instance.since.end(), [&](const auto& one) { return one.first == state; });
    if (count != 1) broken.push_back(fmt::format("{}: {} entries say since when it is in {}", where, count, path_of(chart, state)));
  }
  if (instance.since.size() != instance.where.active.size()) broken.push_back(where + ": it is said since when it is in states it is not in");
  (void)initiative;
}

std::map<std::pair<std::string, std::string>, std::uint32_t> recount(const Cohort& cohort) {
  std::map<std::pair<std::string, std::string>, std::uint32_t> taken;
  for (const Initiative& initiative : cohort.initiatives)
    for (const auto& place : initiative.places) ++taken[place];
  return taken;
}

/// A place is held in the states that the program names, or claimed by a decision that is held.
void check_places(std::vector<std::string>& broken, const Initiative& initiative) {
  for (const QuotaModel& quota : initiative.model->quotas()) {
    const bool in_state = !initiative.ended() && std::any_of(initiative.at.where.active.begin(), initiative.at.where.active.end(),
                                                             [&](statechart::StateId state) { return quota.holds[state]; });
    const auto held = std::count_if(initiative.places.begin(), initiative.places.end(), [&](const auto& one) { return one.first == quota.quota->name(); });
    const bool claimed = initiative.held && std::any_of(initiative.held->places.begin(), initiative.held->places.end(),
                                                        [&](const auto& one) { return one.first == quota.quota->name(); });
    if (held > 1) broken.push_back(fmt::format("{}: holds {} places of {}", initiative.id, held, quota.quota->name()));
    if (in_state && held == 0) broken.push_back(fmt::format("{}: holds no place of {} where it should", initiative.id, quota.quota->name()));
    if (!in_state && !claimed && held > 0) broken.push_back(fmt::format("{}: holds a place of {} for nothing", initiative.id, quota.quota->name()));
    if (claimed && held == 0) broken.push_back(fmt::format("{}: its decision claims a place of {} that it does not hold", initiative.id, quota.quota->name()));
  }
}

/// What is kept to be fast, made anew from what it was made of.
struct Indexes {
  std::map<std::string, std::uint32_t> applicants;
  std::map<std::string, std::vector<Slot>> subjects;
  AssignmentIndex entrusted;
  std::map<std::string, std::set<Slot>> blocked, waiting;
  std::set<Slot> held;
  std::map<std::string, std::vector<std::uint32_t>> conflicts_of;
  std::map<ReaderKey, ReaderSums> marks;
};

Indexes reindexed(const Cohort& cohort) {
  Indexes made;
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) {
    const Initiative& initiative = cohort.initiatives[slot];
    if (!initiative.applicant.empty()) ++made.applicants[initiative.applicant];
    if (!initiative.kind().empty()) made.subjects[initiative.kind()].push_back(slot);
    if (is_blocked(initiative)) made.blocked[locality_of(initiative)].insert(slot);
    if (is_waiting(initiative)) made.waiting[locality_of(initiative)].insert(slot);
    if (initiative.held) made.held.insert(slot);
    count_marks(made.marks, {}, marks_of(initiative));
  }
  for (std::uint32_t at = 0; at < cohort.conflicts.size(); ++at) made.conflicts_of[cohort.conflicts[at].person].push_back(at);
  for (std::uint32_t at = 0; at < cohort.assignments.size(); ++at) {
    const Assignment& one = cohort.assignments[at];
    if (one.ended) continue;
    made.entrusted.by_person[one.person].push_back(at);
    (!one.initiative.empty() ? made.entrusted.by_initiative[one.initiative]
     : !one.locality.empty() ? made.entrusted.by_locality[one.locality]
                             : made.entrusted.everywhere).push_back(at);
  }
  return made;
}

/// Without the entries that have become empty.
template <class Map>
auto filled(const Map& map) {
  std::map<typename Map::key_type, typename Map::mapped_type> made(map.begin(), map.end());
  std::erase_if(made, [](const auto& entry) { return entry.second.empty(); });
  return made;
}

void check_indexes(std::vector<std::string>& broken, const Cohort& cohort) {
  const Indexes made = reindexed(cohort);
  const auto must_be = [&](bool equal, const char* what) {
    if (!equal) broken.push_back(fmt::format("the index of {} is not what the state says", what));
  };
  must_be(std::map(cohort.applicants.begin(), cohort.applicants.end()) == made.applicants, "applicants");
  must_be(cohort.subjects == made.subjects, "subjects");
  must_be(cohort.entrusted.everywhere == made.entrusted.everywhere, "assignments for the whole cohort");
  must_be(filled(cohort.entrusted.by_locality) == filled(made.entrusted.by_locality), "assignments by locality");
  must_be(filled(cohort.entrusted.by_initiative) == filled(made.entrusted.by_initiative), "assignments by initiative");
  must_be(filled(cohort.entrusted.by_person) == filled(made.entrusted.by_person), "assignments by person");
  must_be(filled(cohort.blocked) == made.blocked, "blocked timers");
  must_be(filled(cohort.waiting) == made.waiting, "who waits for a place");
  must_be(cohort.held == made.held, "held decisions");
  must_be(filled(cohort.conflicts_of) == made.conflicts_of, "conflicts of interest by person");
  must_be(cohort.marks == made.marks, "sums of marks");
}

}  // namespace

std::vector<std::string> broken_invariants(const Cohort& cohort) {
  std::vector<std::string> broken;
  if (!cohort.open()) return broken;
  const auto taken = recount(cohort);
  for (const auto& [key, count] : cohort.taken) {
    const auto found = taken.find(key);
    if (count != (found == taken.end() ? 0 : found->second)) broken.push_back(fmt::format("{} {}: {} places are counted, not {}", key.first, key.second, count, found == taken.end() ? 0 : found->second));
  }
  for (const auto& [key, count] : taken) {
    const QuotaModel* quota = cohort.model->any_quota(key.first);
    if (!quota && cohort.migration.id.empty()) broken.push_back(fmt::format("{} {}: places of no quota", key.first, key.second));
    if (!quota) continue;  // of an older version: counted with the name it has now, or not at all
    const auto other = taken.find({cohort.other_name(key.first), key.second});
    const auto all = count + (other == taken.end() ? 0 : other->second);
    if (all > cohort.places(*quota->quota, key.second)) broken.push_back(fmt::format("{} {}: {} places are taken, more than there are", key.first, key.second, count));
    if (!cohort.taken.contains(key)) broken.push_back(fmt::format("{} {}: places are not counted", key.first, key.second));
  }
  std::set<DueIndex::Entry> due;
  std::map<std::string, std::vector<Slot>> localities;
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) {
    const Initiative& initiative = cohort.initiatives[slot];
    check(broken, initiative, initiative.at, initiative.model->chart(), initiative.id);
    for (const Task& task : initiative.tasks) check(broken, initiative, task.at, *initiative.model->task(task.kind)->chart, initiative.id + " " + task.key);
    check_places(broken, initiative);
    if (const Instant earliest = earliest_due(initiative); earliest != calendar::never) due.emplace(earliest, slot);
    if (std::string locality = locality_of(initiative); !locality.empty()) localities[locality].push_back(slot);
    if (initiative.ended() != initiative.at.where.done && initiative.ended()) broken.push_back(initiative.id + ": ended, but its machine is not done");
    if (cohort.find(initiative.id) != slot) broken.push_back(initiative.id + ": is not found by its id");
  }
  const std::vector<DueIndex::Entry> indexed = cohort.due.until(calendar::never);
  if (!std::equal(due.begin(), due.end(), indexed.begin(), indexed.end())) broken.emplace_back("the index of what is due is not what the timers say");
  for (const auto& [locality, slots] : localities) {
    const auto found = cohort.by_locality.find(locality);
    if (found == cohort.by_locality.end() || found->second != slots) broken.push_back("the index of " + locality + " is not what the initiatives say");
  }
  check_indexes(broken, cohort);
  return broken;
}

}  // namespace kvali::cohort::testing
