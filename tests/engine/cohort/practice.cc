#include "tests/engine/cohort/practice.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "engine/cohort/organisations.h"
#include "engine/cohort/snapshot.h"
#include "engine/cohort/zone_table.h"
#include "engine/directory/decide.h"
#include "engine/program/program.h"
#include "tests/engine/calendar/vilnius.h"
#include "tests/engine/cohort/describe.h"

namespace kvali::cohort::testing {
namespace {

const std::filesystem::path root = KVALI_SOURCE_DIR;

program::SourceFile source(const std::string& path, const std::string& from_root) {
  std::ifstream in(root / from_root, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return {path, text.str()};
}

std::shared_ptr<const Model> compiled(std::vector<program::SourceFile> files, const std::string& version, const std::string& in_place_of = {},
                                      const std::string& guard = {}) {
  program::Loaded loaded = program::load(files);
  std::string faults;
  for (const program::Fault& fault : loaded.faults) faults += program::to_line(fault) + "\n";
  if (!loaded.ok()) throw std::runtime_error(faults);
  for (v1::Arrow& arrow : *loaded.machine.mutable_arrows())
    if (!guard.empty() && arrow.guard() == in_place_of) arrow.set_guard(guard);
  auto model = Model::compile(loaded.program, loaded.machine, version);
  if (!model) throw std::runtime_error(model.error().message);
  return *model;
}

std::shared_ptr<const Model> compiled(const std::string& name, const std::string& in_place_of = {}, const std::string& guard = {}) {
  std::vector<program::SourceFile> files;
  if (name == "socifaction-2017")
    files = {source("program.yaml", "workflows/" + name + "/program.yaml"), source("texts/lt.yaml", "workflows/" + name + "/texts/lt.yaml")};
  else
    files = {source("program.yaml", "tests/engine/cohort/" + name + ".yaml")};
  if (name == "membership") files.push_back(source("texts/ka.yaml", "tests/engine/cohort/membership.ka.yaml"));
  return compiled(std::move(files), "version-of-" + name, in_place_of, guard);
}

std::string usual_parameters(const std::string& program) {
  if (program == "orchard") return R"(parameters { name: "opens" value { date { year: 2017 month: 3 day: 1 } } })";
  if (program == "membership" || program == "alliance") return {};
  if (program != "socifaction-2017") return R"(parameters { name: "spring" value { date { year: 2017 month: 3 day: 1 } } })";
  return R"(
    parameters { name: "application_closes" value { date { year: 2016 month: 12 day: 18 } } }
    parameters { name: "decisions_on" value { date { year: 2017 month: 1 day: 9 } } }
    parameters { name: "mentoring_starts" value { date { year: 2017 month: 1 day: 16 } } }
    parameters { name: "mentoring_ends" value { date { year: 2017 month: 3 day: 31 } } })";
}

std::string localities() {
  std::string text;
  for (const char* name : {"taurage", "kelme", "silute", "rokiskis", "varena", "utena", "pakruojis", "akmene", "zarasai", "lazdijai", "skuodas",
                           "moletai", "birzai", "raseiniai", "ignalina"})
    text += fmt::format("localities {{ id: \"{}\" name: \"{}\" }}\n", name, name);
  return text;
}

std::string local(const calendar::Zone& zone, Instant instant) {
  const std::int64_t shifted = instant + calendar::offset_at(zone, instant) * calendar::second_us;
  std::string text = calendar::to_string(shifted);  // 2017-01-09T10:00:00Z
  text[10] = ' ';
  return text.substr(0, 16);
}

std::uint32_t characters(const std::string& text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void close(v1::Value& value, const std::string& subject) {
  if (value.kind_case() != v1::Value::kText) return;
  const std::string text = value.text();
  value.mutable_sealed()->set_subject(subject);
  value.mutable_sealed()->set_cipher(text);
  value.mutable_sealed()->set_size(characters(text));
}

}  // namespace

std::shared_ptr<const Model> program(const std::string& name) {
  static std::map<std::string, std::shared_ptr<const Model>> models;
  std::shared_ptr<const Model>& model = models[name];
  if (!model) model = compiled(name);
  return model;
}

std::string edited(const std::string& name, const std::vector<std::pair<std::string, std::string>>& edits) {
  std::string text = source("program.yaml", "tests/engine/cohort/" + name + ".yaml").text;
  for (const auto& [from, to] : edits) {
    if (text.find(from) == std::string::npos) throw std::runtime_error(fmt::format("not in {}: {}", name, from));
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  }
  return text;
}

Instant at(const std::string& text, const calendar::Zone& zone) {
  const calendar::Date date = calendar::parse_date(text.substr(0, 10)).value();
  return calendar::instant_at(zone, date, std::stoi(text.substr(11, 2)) * 3600 + std::stoi(text.substr(14, 2)) * 60);
}

Instant at(const std::string& text) { return at(text, calendar::testing::vilnius()); }

Practice::Practice(const Opening& opening)
    : now(at(opening.begins, opening.zone ? *opening.zone : calendar::testing::vilnius())), zone_(opening.zone ? *opening.zone : calendar::testing::vilnius()) {
  if (!opening.text.empty())
    publish(opening.text, "version-1");
  else
    library_.add({opening.guard.empty() ? program(opening.program) : compiled(opening.program, opening.in_place_of, opening.guard), 0, ""});
  people({"manager"});
  v1::Record grant;
  grant.mutable_relation_granted()->set_grant("grant");
  grant.mutable_relation_granted()->set_person("manager");
  grant.mutable_relation_granted()->set_relation("manager");
  if (!directory::apply(directory_, grant)) throw std::runtime_error("no manager");
  v1::Command command;
  const std::string text = fmt::format("open_cohort {{ name: \"season\" program: \"{}\" rehearsal: {} clock_us: {} {} {} {} }}", opening.program,
                                       opening.rehearsal, opening.rehearsal ? now : 0, usual_parameters(opening.program), localities(), opening.parameters);
  if (!google::protobuf::TextFormat::ParseFromString(text, &command)) throw std::runtime_error("no command: " + text);
  *command.mutable_open_cohort()->mutable_zone() = table_of(zone_);
  for (const calendar::Date& date : calendar::testing::lithuania_2017()) *command.mutable_open_cohort()->add_holidays() = date_of(date);
  *command.mutable_open_cohort()->add_holidays() = date_of(calendar::Date{2016, 12, 26});
  if (const std::string code = ask("manager", std::move(command)); !code.empty()) throw std::runtime_error(code + ": " + why());
}

void Practice::publish(const std::string& yaml, const std::string& version) { library_.add({compiled({{"program.yaml", yaml}}, version), 0, ""}); }

void Practice::people(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    v1::Record record;
    record.mutable_person_registered()->set_person(name);
    if (!directory::apply(directory_, record)) throw std::runtime_error("not registered: " + name);
  }
}

void Practice::person(const std::string& name, const std::string& mail_domain) {
  v1::Record record;
  record.mutable_person_registered()->set_person(name);
  record.mutable_person_registered()->set_mail_domain(mail_domain);
  if (!directory::apply(directory_, record)) throw std::runtime_error("not registered: " + name);
}

void Practice::organisation(const std::string& name, const std::vector<std::string>& facts) {
  v1::Record record;
  record.mutable_organisation_registered()->set_organisation(name);
  for (const std::string& fact : facts)
    if (!google::protobuf::TextFormat::ParseFromString(fact, record.mutable_organisation_registered()->add_facts()))
      throw std::runtime_error("no fact: " + fact);
  if (!directory::apply(directory_, record)) throw std::runtime_error("not registered: " + name);
}

void Practice::member(const std::string& person, const std::string& organisation) { relate(person, "member", organisation); }

void Practice::relate(const std::string& person, const std::string& relation, const std::string& organisation) {
  v1::Record record;
  if (directory_.organisation(person)) record.mutable_relation_granted()->set_organisation(person);
  else record.mutable_relation_granted()->set_person(person);
  record.mutable_relation_granted()->set_relation(relation);
  record.mutable_relation_granted()->set_scope(organisation);
  if (!directory::apply(directory_, record)) throw std::runtime_error("no member: " + person);
}

std::string Practice::tell(const std::string& actor, const std::string& text, const std::string& fresh, const std::vector<std::string>& roles) {
  v1::Asked asked;
  if (!google::protobuf::TextFormat::ParseFromString(text, asked.mutable_command())) throw std::runtime_error("no command: " + text);
  asked.set_actor(actor);
  asked.set_now_us(now);
  asked.mutable_command()->set_id(fmt::format("command-{}", ++commands_));
  asked.set_fresh_id(fresh.empty() ? fmt::format("made-{}", commands_) : fresh);
  for (const std::string& role : roles) asked.add_roles(role);
  if (!roles.empty()) {
    asked.set_program(cohort_.model->name());
    asked.mutable_command()->set_cohort("season");
  }
  directory::Verdict verdict = directory::decide(directory_, asked);
  refusal_ = {};
  records_.clear();
  if (const auto* refusal = std::get_if<directory::Refusal>(&verdict)) {
    std::vector<Filling> words;
    for (const auto& [mark, word] : refusal->words) words.emplace_back(mark, word);
    refusal_.sentence = sentence(refusal->key, words);
    return refusal->code;
  }
  for (const v1::Record& record : std::get<directory::Decision>(verdict).records)
    if (const auto applied = directory::apply(directory_, record); !applied) throw std::runtime_error(applied.error().message);
  if (is_behind(cohort_, directory_, {})) {
    v1::Command note;
    note.set_channel(v1::TIME);
    note.mutable_note_facts();
    if (const std::string code = ask("", std::move(note)); !code.empty()) throw std::runtime_error(code + ": " + why());
    if (is_behind(cohort_, directory_, {})) broken_.emplace_back("the cohort is still behind the directory");
  }
  return "";
}

void Practice::give(const std::string& role, const std::string& person, const std::string& locality) {
  if (!directory_.person(person)) people({person});
  const std::string code = ask("manager", fmt::format("assign_role {{ person: \"{}\" role: \"{}\" locality: \"{}\" }}", person, role, locality),
                               role + "/" + person + (locality.empty() ? "" : "/" + locality));
  if (!code.empty()) throw std::runtime_error(role + " " + person + ": " + why());
}

std::string Practice::ask(const std::string& actor, const std::string& text, const std::string& fresh) {
  v1::Command command;
  if (!google::protobuf::TextFormat::ParseFromString(text, &command)) throw std::runtime_error("no command: " + text);
  return ask(actor, std::move(command), fresh);
}

std::string Practice::ask(const std::string& actor, v1::Command command, const std::string& fresh) {
  v1::Asked asked;
  if (command.id().empty() && !actor.empty()) command.set_id(fmt::format("command-{}", ++commands_));
  command.set_cohort("season");
  asked.set_actor(actor);
  asked.set_now_us(now);
  asked.set_fresh_id(fresh.empty() ? fmt::format("made-{}", commands_) : fresh);
  asked.set_request_hash("hash");
  *asked.mutable_command() = std::move(command);
  seal(*asked.mutable_command());
  const World all = world();
  Verdict verdict = decide(cohort_, all, asked, bench_);
  Bench fresh_bench;
  const Verdict again = decide(cohort_, all, asked, fresh_bench);
  refusal_ = {};
  records_.clear();
  if (verdict.index() != again.index()) broken_.emplace_back("decided twice, the answers differ");
  if (auto* refusal = std::get_if<Refusal>(&verdict)) {
    refusal_ = std::move(*refusal);
    return std::string(to_string(refusal_.code));
  }
  const Records records = std::move(std::get<Decision>(verdict).records);
  if (const auto* other = std::get_if<Decision>(&again)) {
    bool same = other->records.size() == records.size();
    for (std::size_t i = 0; same && i < records.size(); ++i) same = records[i].SerializeAsString() == other->records[i].SerializeAsString();
    if (!same) broken_.emplace_back("decided twice, the records differ");
  }
  commit({records.begin(), records.end()});
  return "";
}

/// The state becomes what a start would make of its rows.
void Practice::go_through_rows() {
  if (!through_.open()) return;
  auto decoded = decode(encode(through_), library_);
  if (!decoded)
    broken_.push_back("its rows are not read again: " + decoded.error().message);
  else
    through_ = std::move(*decoded);
}

/// Takes a snapshot of what changed, and compares what all of them came to with the rows of the state, and of `through_`.
void Practice::compare_rows() {
  RowChanges changes = encode_stale(cohort_, std::exchange(kept_until_, cohort_.sequence));
  cohort_.stale = {};
  for (Row& row : changes.upserts) rows_[row.key] = std::move(row.bytes);
  for (const std::string& key : changes.deletes) rows_.erase(key);
  std::vector<Row> kept;
  for (const auto& [key, bytes] : rows_) kept.push_back({key, bytes});
  for (const auto& [what, other] : {std::pair("what snapshots of changes came to", kept), std::pair("the fold through snapshots", encode(through_))}) {
    const std::vector<Row> whole = encode(cohort_);
    const auto [one, two] = std::mismatch(whole.begin(), whole.end(), other.begin(), other.end());
    if (one != whole.end() || two != other.end())
      broken_.push_back(fmt::format("{}: row {} differs from {}", what, one != whole.end() ? one->key : "", two != other.end() ? two->key : "no row"));
  }
}

void Practice::commit(std::vector<v1::Record> records) {
  if (look == Look::Always) go_through_rows();
  for (const v1::Record& record : records) {
    v1::Record read;
    if (!read.ParseFromString(record.SerializeAsString())) broken_.emplace_back("a record cannot be read again");
    if (const auto applied = apply(cohort_, record, library_); !applied) broken_.push_back("apply failed: " + applied.error().message);
    if (const auto applied = apply(through_, read, library_); !applied) broken_.push_back("through a snapshot apply failed: " + applied.error().message);
    if (look == Look::Seldom) {
      journal_.push_back(record);
      continue;
    }
    if (const auto applied = apply(twin_, read, library_); !applied) broken_.push_back("the restart's apply failed: " + applied.error().message);
    journal_.push_back(record);
  }
  records_ = std::move(records);
  if (look == Look::Seldom) return;
  if (std::string other = difference(describe(cohort_, Depth::State), describe(twin_, Depth::State)); !other.empty()) broken_.push_back("a restart differs: " + other);
  compare_rows();
  for (std::string& one : broken_invariants(cohort_)) broken_.push_back(std::move(one));
}

void Practice::refold() {
  Cohort folded;
  for (const v1::Record& record : journal_) {
    v1::Record read;
    if (!read.ParseFromString(record.SerializeAsString())) broken_.emplace_back("a record cannot be read again");
    if (const auto applied = apply(folded, read, library_); !applied) broken_.push_back("folding failed: " + applied.error().message);
  }
  if (std::string other = difference(describe(cohort_), describe(folded)); !other.empty()) broken_.push_back("folded from record 1: " + other);
  compare_rows();
  go_through_rows();
  if (std::string other = difference(describe(cohort_), describe(through_)); !other.empty()) broken_.push_back("folded through snapshots: " + other);
  if (through_.zone != cohort_.zone || through_.holidays != cohort_.holidays) broken_.emplace_back("through snapshots the calendar is another");
  for (const Cohort* one : {&cohort_, &through_})
    for (std::string& sentence : broken_invariants(*one)) broken_.push_back(std::move(sentence));
}

void Practice::wait(const std::string& local_time) {
  const Instant to = at(local_time, zone_);
  if (to < now) throw std::runtime_error("the clock never goes back");
  while (cohort_.next_due() <= to) {
    now = std::max(now, cohort_.next_due());
    const Instant due = cohort_.next_due();
    v1::Command time;
    time.set_channel(v1::TIME);
    time.mutable_pass_time();
    const std::uint64_t before = cohort_.sequence;
    ask("", std::move(time));
    if (cohort_.sequence == before) throw std::runtime_error("what is due at " + local(cohort_.zone, due) + " does not happen");
  }
  now = to;
}

void Practice::seal(v1::Command& command) const {
  const auto close_fields = [&](google::protobuf::RepeatedPtrField<v1::FieldInput>& fields, const std::string& subject) {
    for (v1::FieldInput& input : fields) {
      const Model* model = cohort_.model.get();
      const v1::Field* field = model ? model->field(input.name()) : nullptr;
      for (const TaskModel& kind : model->tasks())
        if (!field) field = form_field(kind, input.name());
      const auto is_free = [](const v1::Field& one) { return one.type() == v1::Field::TEXT || one.type() == v1::Field::EMAIL || one.type() == v1::Field::PHONE; };
      if (field && is_free(*field)) close(*input.mutable_value(), subject);
      if (!field || !input.value().has_table()) continue;
      for (v1::Table::Row& row : *input.mutable_value()->mutable_table()->mutable_rows())
        for (v1::NamedValue& one : *row.mutable_values())
          for (const v1::Field& inner : field->fields())
            if (inner.name() == one.name() && is_free(inner)) close(*one.mutable_value(), subject);
    }
  };
  if (command.has_start_initiative()) close_fields(*command.mutable_start_initiative()->mutable_fields(), "initiative");
  if (command.has_save_fields()) close_fields(*command.mutable_save_fields()->mutable_fields(), command.save_fields().initiative());
  if (command.has_open_task()) close_fields(*command.mutable_open_task()->mutable_fields(), command.open_task().initiative());
  if (command.has_make_move()) {
    close_fields(*command.mutable_make_move()->mutable_fields(), command.make_move().initiative());
    if (command.make_move().has_reason()) close(*command.mutable_make_move()->mutable_reason(), command.make_move().initiative());
  }
  if (command.has_bulk_move() && command.bulk_move().has_reason()) close(*command.mutable_bulk_move()->mutable_reason(), "bulk");
  if (command.has_select_ranked() && command.select_ranked().has_reason()) close(*command.mutable_select_ranked()->mutable_reason(), "many");
  if (command.has_decline_reading()) close(*command.mutable_decline_reading()->mutable_reason(), command.decline_reading().initiative());
  if (command.has_waive_conflict()) close(*command.mutable_waive_conflict()->mutable_reason(), command.waive_conflict().person());
  if (command.has_translate_field()) close(*command.mutable_translate_field()->mutable_text(), command.translate_field().initiative());
  if (command.has_declare_conflict() && command.declare_conflict().has_note()) close(*command.mutable_declare_conflict()->mutable_note(), command.declare_conflict().person());
  if (command.has_propose_exception() && command.propose_exception().has_reason())
    close(*command.mutable_propose_exception()->mutable_reason(), command.propose_exception().initiative());
}

std::string Practice::why(const std::string& language) const { return in_language(refusal_.sentence, language); }

std::vector<std::string> Practice::unmet(const std::string& language) const {
  std::vector<std::string> sentences;
  for (const Unmet& one : refusal_.unmet) sentences.push_back(in_language(one.why, language));
  return sentences;
}

std::vector<std::string> Practice::facts(const std::string& language) const {
  std::vector<std::string> sentences;
  for (const Unmet& one : refusal_.unmet) sentences.push_back(in_language(one.facts, language));
  return sentences;
}

const Initiative& Practice::of(const std::string& initiative) const { return cohort_.initiatives[cohort_.find(initiative).value()]; }

std::string Practice::where(const std::string& initiative) const {
  const Initiative& one = of(initiative);
  std::string text;
  for (const auto state : statechart::atomic_states(one.model->chart(), one.at.where)) text += (text.empty() ? "" : " + ") + one.model->chart().path(state);
  return text;
}

std::string Practice::due(const std::string& initiative, const std::string& state, const std::string& name) const {
  const Initiative& one = of(initiative);
  for (const Timer& timer : one.at.timers) {
    const v1::Node& node = one.model->chart().node(timer.state);
    if (node.path() == state && node.timers(static_cast<int>(timer.timer)).name() == name) return local(cohort_.zone, timer.due);
  }
  return {};
}

std::vector<std::string> Practice::letters() const {
  std::vector<std::string> letters;
  const auto add = [&](const auto& told) {
    for (const v1::Told& one : told)
      for (const std::string& person : one.persons()) letters.push_back(one.message() + " to " + person);
  };
  for (const v1::Record& record : journal_) {
    add(record.task_opened().told());
    add(record.advanced().told());
    add(record.excepted().told());
    add(record.blocked().told());
    add(record.guard_failed().told());
    add(record.readers_assigned().told());
    add(record.reading_declined().told());
  }
  return letters;
}

}  // namespace kvali::cohort::testing
