// The minutes of a body, built from what was recorded. Its words stand in the languages kvali speaks.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/cohort/conflict.h"
#include "engine/cohort/facts.h"
#include "engine/cohort/gate.h"
#include "server/api/choosing.h"
#include "server/core/seal.h"

namespace kvali::api {
namespace {

enum class Minute { Minutes, Members, NoneVacant, Votes, NoVotes, Carried, NotCarried, Open, Lapsed, For, Against, Abstained, Excused, InConflict, Secret, Quorum, Rank, Approved, Reason };

std::string_view say(Minute which, const std::string& locale) {
  using Row = std::array<std::string_view, 3>;
  static constexpr std::array<Row, 19> rows = {{
      {"Minutes", "Protokolas", "ოქმი"},
      {"Members", "Nariai", "წევრები"},
      {"vacant", "laisva", "თავისუფალია"},
      {"Votes", "Balsavimai", "კენჭისყრები"},
      {"Nothing was voted on.", "Nebalsuota.", "კენჭი არ უყრიათ."},
      {"carried", "nutarta už", "მიღებულია"},
      {"not carried", "nepriimta", "არ მიიღეს"},
      {"still open", "dar vyksta", "ჯერ მიმდინარეობს"},
      {"no longer valid", "nebegalioja", "ძალა დაკარგა"},
      {"for", "už", "მომხრე"},
      {"against", "prieš", "წინააღმდეგი"},
      {"abstained", "susilaikė", "თავი შეიკავა"},
      {"excused", "nedalyvavo", "არ ესწრებოდა"},
      {"in conflict, did not vote", "interesų konfliktas, nebalsavo", "ინტერესთა კონფლიქტი, ხმა არ მიუცია"},
      {"secret vote", "slaptas balsavimas", "ფარული კენჭისყრა"},
      {"quorum", "kvorumas", "ქვორუმი"},
      {"ranked by", "eilė pagal", "რიგი"},
      {"Approved up to record", "Patvirtinta iki įrašo", "დამტკიცებულია ჩანაწერამდე"},
      {"Reason", "Priežastis", "მიზეზი"},
  }};
  const std::size_t language = locale == "lt" ? 1 : locale == "ka" ? 2 : 0;
  return rows.at(static_cast<std::size_t>(which)).at(language);
}

class Writer {
 public:
  Writer(const ChoosingReader& reader, const v1::Body& body, std::uint64_t from) : reader_(reader), body_(body), from_(from) {}

  std::string run() {
    const std::string label = cohort::in_language(body_.label(), reader_.locale);
    text_ += fmt::format("# {}: {}\n\n{}\n\n", say(Minute::Minutes), escaped(label), escaped(reader_.cohort.title));
    members();
    text_ += fmt::format("## {}\n\n", say(Minute::Votes));
    bool any = false;
    for (cohort::Slot slot = 0; slot < reader_.cohort.initiatives.size(); ++slot)
      for (const cohort::Task& task : reader_.cohort.initiatives[slot].tasks) any = vote(slot, task) || any;
    if (!any) text_ += fmt::format("{}\n", say(Minute::NoVotes));
    return std::move(text_);
  }

 private:
  std::string_view say(Minute which) const { return api::say(which, reader_.locale); }

  /// What people wrote is text and nothing else in the document.
  static std::string escaped(const std::string& text) {
    std::string made;
    for (const char c : text) {
      if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) made += '\\';
      made += c == '\n' ? ' ' : c;
    }
    return made;
  }

  std::string name(const std::string& person) const {
    const directory::Person* known = reader_.core.store().directory.person(person);
    const std::string open = known ? core::open(known->name, reader_.core.vault()) : std::string();
    return escaped(open.empty() ? person : open);
  }

  void members() {
    text_ += fmt::format("## {}\n\n", say(Minute::Members));
    std::uint32_t seats = body_.seats();
    const cohort::Instant now = cohort::instant_in(reader_.cohort, reader_.now_us);
    for (const cohort::Assignment& one : reader_.cohort.assignments) {
      if (one.ended || one.role != body_.role() || now >= one.until) continue;
      text_ += fmt::format("- {}\n", name(one.person));
      if (seats > 0) --seats;
    }
    for (; seats > 0; --seats) text_ += fmt::format("- *{}*\n", say(Minute::NoneVacant));
    text_ += '\n';
  }

  /// The record from which on something about the task was recorded.
  bool is_new(cohort::Slot slot, const cohort::Task& task) const {
    const cohort::History& all = reader_.cohort.happenings[slot];
    return std::any_of(all.begin(), all.end(), [&](const cohort::Happening& one) { return one.sequence >= from_ && one.task == task.key; });
  }

  bool vote(cohort::Slot slot, const cohort::Task& task) {
    const cohort::Initiative& initiative = reader_.cohort.initiatives[slot];
    const cohort::TaskModel* gate = initiative.model->task(task.kind);
    if (!gate || !gate->is_vote() || gate->kind->gate().body() != body_.name() || !is_new(slot, task)) return false;
    const std::string title = core::title_of(reader_.cohort, initiative, reader_.core.vault());
    text_ += fmt::format("### {} — {}\n\n", escaped(title.empty() ? initiative.id : title), escaped(cohort::in_language(gate->kind->label(), reader_.locale)));
    const cohort::Instant now = cohort::instant_in(reader_.cohort, reader_.now_us);
    const cohort::Viewer viewer{reader_.person, now};
    if (const auto conflict = cohort::conflict_of(reader_.cohort, reader_.core.store().world(), viewer, initiative)) {
      text_ += fmt::format("{}\n\n", cohort::in_language(cohort::sentence(cohort::sentence_key(conflict->kind)), reader_.locale));
      return true;
    }
    const cohort::Tally tally = cohort::tally_of(reader_.cohort, initiative, task, body_, now);
    const auto is = [&](const char* state) {
      const auto found = gate->chart->find(state);
      return found && cohort::active(task.at, *found);
    };
    const Minute how = !task.finished ? Minute::Open : is("made") ? Minute::Carried : is("lost") ? Minute::NotCarried : Minute::Lapsed;
    text_ += fmt::format("**{}**. ", say(how));
    // Two looks at the counts of a secret vote while it is open would tell how one voted between them.
    if (task.finished || !body_.secret())
      text_ += fmt::format("{} {}, {} {}, {} {}; ", say(Minute::For), tally.yes, say(Minute::Against), tally.no, say(Minute::Abstained), tally.abstain);
    text_ += fmt::format("{} {}.\n", say(Minute::Quorum), tally.quorum);
    if (body_.secret()) text_ += fmt::format("{}.\n", say(Minute::Secret));
    text_ += '\n';
    voices(task);
    rank(initiative, *gate, now);
    if (const std::string reason = core::opened(task.reason, reader_.core.vault()).text(); !reason.empty())
      text_ += fmt::format("- {}: {}\n", say(Minute::Reason), escaped(reason));
    text_ += '\n';
    return true;
  }

  void voices(const cohort::Task& task) {
    for (const auto& [choice, word] : {std::pair{v1::YES, Minute::For}, {v1::NO, Minute::Against}, {v1::ABSTAIN, Minute::Abstained}, {v1::EXCUSED, Minute::Excused},
                                       {v1::IN_CONFLICT, Minute::InConflict}}) {
      if (body_.secret() && choice != v1::EXCUSED && choice != v1::IN_CONFLICT) continue;
      std::string names;
      for (const cohort::Voice& one : task.ballots)
        if (one.choice == choice) names += (names.empty() ? "" : ", ") + name(one.person);
      if (!names.empty()) text_ += fmt::format("- {}: {}\n", say(word), names);
    }
  }

  void rank(const cohort::Initiative& initiative, const cohort::TaskModel& gate, cohort::Instant now) {
    const std::string& ranked_by = initiative.model->chart().node(gate.kind->gate().state()).ranked_by();
    if (ranked_by.empty()) return;
    const auto value = cohort::Facts(reader_.cohort, &initiative, nullptr, now).number(initiative.model->expression(ranked_by));
    if (value) text_ += fmt::format("- {} {}: {:.2f}\n", say(Minute::Rank), escaped(ranked_by), *value);
  }

  const ChoosingReader& reader_;
  const v1::Body& body_;
  std::uint64_t from_;
  std::string text_;
};

}  // namespace

ChoosingAnswer answer_minutes(const ChoosingReader& reader, const v1::MinutesQuery& query) {
  const v1::Body* body = reader.cohort.model->body(query.body());
  if (!body) return cohort::refuse(cohort::Code::NotFound, "no_body", {{"name", query.body()}});
  const auto approved = reader.cohort.minutes.find(body->name());
  const std::uint64_t from = query.from_sequence() != 0 ? query.from_sequence() : approved == reader.cohort.minutes.end() ? 1 : approved->second + 1;
  v1::Answer answer;
  answer.set_document(Writer(reader, *body, from).run());
  answer.set_document_up_to(reader.cohort.sequence);
  return answer;
}

}  // namespace kvali::api
