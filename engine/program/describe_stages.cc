// The way of an initiative: stages with their states, what is waited for there, and where it leads.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "engine/program/check.h"
#include "engine/program/describer.h"
#include "engine/program/expand_task.h"
#include "engine/program/picture.h"
#include "engine/program/reviews.h"
#include "engine/program/texts.h"

namespace kvali::program {

namespace {

/// The weights as whole shares of a hundred that sum to it: what is lost by rounding goes to the largest rests.
std::vector<std::uint32_t> shares_of(const v1::Review& review) {
  const auto& criteria = review.criteria();
  const std::uint64_t sum = std::accumulate(criteria.begin(), criteria.end(), std::uint64_t{0}, [](std::uint64_t all, const v1::Criterion& one) { return all + one.weight(); });
  std::vector<std::uint32_t> shares;
  std::vector<std::pair<std::uint64_t, std::size_t>> rests;
  std::uint32_t given = 0;
  for (const v1::Criterion& one : criteria) {
    const std::uint64_t hundred = sum == 0 ? 0 : std::uint64_t{100} * one.weight();
    shares.push_back(sum == 0 ? 0 : static_cast<std::uint32_t>(hundred / sum));
    rests.emplace_back(sum == 0 ? 0 : hundred % sum, shares.size() - 1);
    given += shares.back();
  }
  std::stable_sort(rests.begin(), rests.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; sum != 0 && i < rests.size() && given < 100; ++i, ++given) ++shares[rests[i].second];
  return shares;
}

}  // namespace

void Describer::way() {
  heading(2, say(Prose::TheWay));
  const std::vector<Spot>& spots = speaker_.names().spots();
  std::size_t number = 0;
  for (const std::size_t child : spots[0].children)
    if (spots[child].kind == Spot::Kind::Stage) stage(child, ++number);
  const bool any = std::any_of(program_.anywhere().begin(), program_.anywhere().end(), [&](const v1::Move& one) { return !applicant_ || hers(one.by()); });
  if (any) {
    heading(2, say(Prose::FromAnywhere));
    for (const v1::Move& one : program_.anywhere())
      if (!applicant_ || hers(one.by())) move(0, one, 0);
  }
  ends(program_.outcomes(), "##");
}

void Describer::stage(std::size_t spot, std::size_t number) {
  const v1::Stage& stage = *speaker_.names()[spot].stage;
  heading(3, fmt::format("{}. {}", number, speaker_.text(stage.label())));
  if (!stage.waits_until().empty()) item(say(Prose::WaitsUntil, {{"words", speaker_.words_or_code(stage.waits_until())}}));
  waiting(stage.applicant(), stage.waits_for());
  if (stage.has_deadline()) deadline(spot, stage.deadline());
  if (!stage.alongside().empty()) {
    std::vector<std::string> parts;
    for (const v1::Region& part : stage.alongside()) parts.push_back(speaker_.strong(speaker_.label(part.label(), part.name())));
    item(say(Prose::SideBySide, {{"list", with_commas(parts)}}));
  }
  done(spot, stage.when_done());
  moves(spot, stage.moves());
  reports(stage);
  inside(spot, 4);
  ends(stage.outcomes(), "####");
}

void Describer::inside(std::size_t spot, std::size_t level) {
  for (const std::size_t child : speaker_.names()[spot].children) {
    const Spot::Kind kind = speaker_.names()[child].kind;
    if (kind == Spot::Kind::State) state(child, level);
    if (kind == Spot::Kind::Region) region(child, level);
  }
}

void Describer::region(std::size_t spot, std::size_t level) {
  heading(level, speaker_.text(speaker_.names()[spot].region->label()));
  inside(spot, std::min<std::size_t>(level + 1, 6));
}

void Describer::state(std::size_t spot, std::size_t level) {
  const v1::State& state = *speaker_.names()[spot].state;
  heading(level, speaker_.text(state.label()));
  waiting(state.applicant(), state.waits_for());
  if (state.final()) item(say(Prose::FinalHere));
  if (state.ends() != v1::State::END_UNSPECIFIED) item(ended(say(Prose::EndsHere, {{"how", end_word(state.ends(), language_)}})));
  if (state.has_deadline()) deadline(spot, state.deadline());
  if (state.has_no_deadline() && !applicant_) item(ended(say(Prose::NoDeadline, {{"why", speaker_.text(state.no_deadline().why())}})));
  for (const ReviewAt& one : reviews_of(speaker_.names()[spot])) review(*one.review);
  if (!state.ranked_by().empty() && may_read(state.ranked_by())) item(say(Prose::Order, {{"words", speaker_.words_or_code(state.ranked_by())}}));
  if (state.remembers()) item(say(Prose::Remembers));
  if (!state.standstill().empty()) {
    const v1::Quota* quota = speaker_.quota(state.standstill());
    item(say(Prose::Standstill, {{"label", speaker_.soft(quota == nullptr ? state.standstill() : speaker_.label(quota->label(), quota->name()))}}));
  }
  if (!state.alongside().empty()) {
    std::vector<std::string> parts;
    for (const v1::Region& part : state.alongside()) parts.push_back(speaker_.strong(speaker_.label(part.label(), part.name())));
    item(say(Prose::SideBySide, {{"list", with_commas(parts)}}));
  }
  done(spot, state.when_done());
  for (const v1::Log& one : state.log()) log(one, state.waits_for());
  moves(spot, state.moves());
  inside(spot, std::min<std::size_t>(level + 1, 6));
}

void Describer::ends(const States& outcomes, std::string_view level) {
  if (outcomes.empty()) return;
  heading(level.size(), say(Prose::Ends));
  for (const v1::State& one : outcomes) {
    std::string line = fmt::format("{}: {}", speaker_.strong(speaker_.label(one.label(), one.name())), say(Prose::EndsHere, {{"how", end_word(one.ends(), language_)}}));
    if (one.has_applicant()) line = fmt::format("{} {}", ended(line), applicant_ ? speaker_.text(one.applicant()) : say(Prose::ApplicantReads, {{"text", speaker_.quoted(one.applicant())}}));
    item(ended(line));
  }
}

void Describer::waiting(const v1::Text& told, const NameList& waits_for) {
  if (!told.translations().empty()) item(ended(applicant_ ? speaker_.text(told) : say(Prose::ApplicantReads, {{"text", speaker_.quoted(told)}})));
  if (waits_for.empty()) return;
  const bool alone = waits_for.size() == 1 && hers(waits_for);
  item(applicant_ && alone ? say(Prose::YourTurn) : say(Prose::WaitsFor, {{"list", speaker_.roles(waits_for)}}));
}

void Describer::deadline(std::size_t spot, const v1::Deadline& deadline) {
  std::string line = deadline.by().empty() ? say(Prose::DeadlineWithin, {{"time", speaker_.time(deadline.within(), Around::Within)}})
                                           : say(Prose::DeadlineBy, {{"words", speaker_.words_or_code(deadline.by())}});
  // What others are reminded of, and who is told that they are late, is theirs.
  const v1::Stage* stage = speaker_.names()[spot].stage;
  const v1::State* state = speaker_.names()[spot].state;
  const bool shown = !applicant_ || stage != nullptr || (state != nullptr && hers(state->waits_for()));
  if (shown && !deadline.remind().empty()) line += fmt::format(" {}", say(Prose::Reminders, {{"list", listed(speaker_.reminders(deadline.remind()), Joint::And)}}));
  const v1::Then& then = deadline.then();
  const std::string state_said = then.to().empty() ? "" : speaker_.strong(speaker_.target(spot, then.to()));
  const std::string told = speaker_.roles(then.tell());
  if (!then.to().empty() && (then.tell().empty() || applicant_)) line += fmt::format(" {}", say(Prose::ThenGoes, {{"state", state_said}}));
  if (then.to().empty() && !then.tell().empty() && shown && !applicant_) line += fmt::format(" {}", say(Prose::ThenTold, {{"list", told}}));
  if (!then.to().empty() && !then.tell().empty() && !applicant_) line += fmt::format(" {}", say(Prose::ThenBoth, {{"state", state_said}, {"list", told}}));
  item(line);
}

void Describer::done(std::size_t spot, const std::string& when_done) {
  if (!when_done.empty()) item(say(Prose::WhenAllDone, {{"state", speaker_.strong(speaker_.target(spot, when_done))}}));
}

// --- moves ----------------------------------------------------------------------------------------------------------

void Describer::moves(std::size_t spot, const Moves& moves) {
  const bool any = std::any_of(moves.begin(), moves.end(), [&](const v1::Move& one) { return !applicant_ || hers(one.by()); });
  if (any) {
    item(say(applicant_ ? Prose::YouMay : Prose::WhatMayHappen));
    for (const v1::Move& one : moves)
      if (!applicant_ || hers(one.by())) move(spot, one, 1);
  }
  if (applicant_) goes_on(spot, moves);
}

/// Where what others decide may lead; not who, nor when it is told.
void Describer::goes_on(std::size_t spot, const Moves& moves) {
  std::vector<std::string> next;
  for (const v1::Move& one : moves) {
    if (hers(one.by())) continue;
    std::string state = speaker_.strong(speaker_.target(spot, one.to()));
    if (std::find(next.begin(), next.end(), state) == next.end()) next.push_back(std::move(state));
  }
  if (!next.empty()) item(say(Prose::GoesOn, {{"list", listed(next, Joint::Or)}}));
}

/// Who makes it, or when it is made by itself: "Coordinator", "by itself, on the day: …".
std::string Describer::how_made(const v1::Move& move) const {
  std::string alone;
  if (!move.at().empty()) alone = say(Prose::ByItselfOn, {{"words", speaker_.words_or_code(move.at())}});
  if (!move.when_freed().empty()) {
    const v1::Quota* quota = speaker_.quota(move.when_freed());
    const std::string label = quota == nullptr ? move.when_freed() : speaker_.label(quota->label(), quota->name());
    alone = say(Prose::ByItselfFreed, {{"label", speaker_.soft(label)}});
  }
  const bool waits = alone.empty() && move.by().empty();
  if (!move.if_().empty() && may_read(move.if_())) {
    const std::string asked = say(waits ? Prose::ByItselfIf : Prose::OnlyIf, {{"words", speaker_.words_or_code(move.if_())}});
    alone = alone.empty() ? asked : fmt::format("{}; {}", alone, asked);
    if (!waits && move.at().empty() && move.when_freed().empty()) return fmt::format("{}; {}", speaker_.roles(move.by()), asked);
  } else if (waits) {
    alone = say(Prose::ByItself);
  }
  if (move.by().empty()) return alone;
  return alone.empty() ? speaker_.roles(move.by()) : say(Prose::ByPersonOr, {{"who", speaker_.roles(move.by())}, {"how", alone}});
}

std::vector<std::string> Describer::details(std::size_t spot, const v1::Move& move) const {
  std::vector<std::string> lines = together(spot, move);
  for (const v1::Need& need : move.needs()) {
    std::string why = speaker_.text(need.why());
    while (why.ends_with('.')) why.pop_back();
    lines.push_back(say(Prose::Needs, {{"list", may_read(need.when()) ? speaker_.need(need) : why}}));
  }
  if (!move.must_give().empty()) {
    std::vector<std::string> given;
    for (const std::string& name : move.must_give()) given.push_back(name == "reason" && speaker_.field(name) == nullptr ? say(Prose::AReason) : speaker_.soft(speaker_.field_label(name)));
    lines.push_back(say(Prose::MustGive, {{"list", listed(given, Joint::And)}}));
  }
  if (move.held() && !applicant_) lines.push_back(say(Prose::Held));
  if (move.has_confirm()) lines.push_back(ended(say(Prose::AskedBefore, {{"text", speaker_.quoted(move.confirm())}})));
  for (const v1::Tell& tell : move.tells()) {
    if (applicant_) continue;
    const v1::Message* letter = speaker_.letter(tell.message());
    const std::string subject = letter == nullptr ? speaker_.code(tell.message()) : speaker_.quoted(letter->subject());
    lines.push_back(say(Prose::LetterTo, {{"who", speaker_.role(tell.role())}, {"subject", subject}}));
  }
  return lines;
}

void Describer::move(std::size_t spot, const v1::Move& move, std::size_t depth) {
  const std::string label = speaker_.strong(speaker_.label(move.label(), move.name())), state = speaker_.strong(speaker_.target(spot, move.to()));
  const bool alone = applicant_ && move.by().size() == 1 && move.at().empty() && move.if_().empty();
  item(alone ? say(Prose::MoveAlone, {{"move", label}, {"state", state}}) : say(Prose::MoveBy, {{"move", label}, {"who", how_made(move)}, {"state", state}}), depth);
  for (const std::string& line : details(spot, move)) item(line, depth + 1);
}

// --- what is done in a state ----------------------------------------------------------------------------------------

void Describer::review(const v1::Review& review) {
  if (review.has_label()) item(say(Prose::ReviewNamed, {{"label", speaker_.strong(speaker_.label(review.label(), review.name()))}}));
  if (!applicant_)
    item(say(Prose::ReviewBy, {{"who", speaker_.role(review.by())}, {"count", number_said(review.each() == 0 ? 1 : review.each(), speaker_.tongue())}}));
  std::vector<std::string> criteria;
  const std::vector<std::uint32_t> shares = shares_of(review);
  for (int i = 0; i < review.criteria_size(); ++i) {
    const v1::Criterion& one = review.criteria(i);
    const std::string share = percent_said(std::int64_t{100} * shares[static_cast<std::size_t>(i)], speaker_.tongue());
    criteria.push_back(say(Prose::Criterion, {{"label", speaker_.label(one.label(), one.name())}, {"share", share}}));
  }
  item(say(applicant_ ? Prose::HowAssessed : Prose::CriteriaOf, {{"list", with_commas(criteria)},
                                                                 {"from", number_said(review.scale().from(), speaker_.tongue())},
                                                                 {"to", number_said(review.scale().to(), speaker_.tongue())}}));
  points(review);
  for (const auto& [note, prose] : {std::pair(&review.feedback(), Prose::ForApplicant), {&review.comment(), Prose::ForDeciders}})
    if (note->has_label() && (!applicant_ || prose == Prose::ForApplicant)) item(say(prose, {{"label", speaker_.label(note->label(), "")}}));
  std::vector<std::string> shown;
  for (const int one : review.shows())
    shown.push_back(say(one == v1::Review::READERS ? Prose::ShowsReaders : one == v1::Review::SCORE ? Prose::ShowsScore : Prose::ShowsFeedback));
  if (!shown.empty()) item(say(Prose::ShownLater, {{"list", with_commas(shown)}}));
  if (applicant_) return;
  how_scored(review);
  readers(review);
}

/// What the points mean: of the whole scale, and of the criteria that say it themselves.
void Describer::points(const v1::Review& review) {
  const auto tell = [&](const std::string& label, const google::protobuf::RepeatedPtrField<v1::Point>& points) {
    std::vector<std::string> list;
    for (const v1::Point& one : points) list.push_back(fmt::format("{} – {}", one.point(), speaker_.label(one.meaning(), one.point())));
    if (!list.empty()) item(say(Prose::PointsMean, {{"label", label}, {"list", with_commas(list)}}));
  };
  tell(fmt::format("{}–{}", number_said(review.scale().from(), speaker_.tongue()), number_said(review.scale().to(), speaker_.tongue())), review.points());
  for (const v1::Criterion& one : review.criteria()) tell(speaker_.label(one.label(), one.name()), one.points());
}

void Describer::how_scored(const v1::Review& review) {
  if (review.score() == v1::Review::MEDIAN) item(say(Prose::TakenMedian));
  if (review.score() == v1::Review::TRIMMED_MEAN) item(say(Prose::TakenTrimmed, {{"count", number_said(review.trim() == 0 ? 1 : review.trim(), speaker_.tongue())}}));
  if (review.normalised()) item(say(Prose::Normalised));
  if (review.has_agreement()) item(say(Prose::AgreementOf, {{"positive", review.agreement().positive()}, {"apart", review.agreement().apart()}}));
}

void Describer::readers(const v1::Review& review) {
  if (review.load() > 0) item(say(Prose::ReaderLoad, {{"count", number_said(review.load(), speaker_.tongue())}}));
  std::vector<std::string> needs, hidden;
  for (const std::string& name : review.needs()) needs.push_back(speaker_.soft(speaker_.field_label(name)));
  if (!needs.empty()) item(say(Prose::ReaderNeeds, {{"list", with_commas(needs)}}));
  if (review.has_due()) {
    const v1::ReviewDue& due = review.due();
    item(due.by().empty() ? say(Prose::ScoresDueWithin, {{"time", speaker_.time(due.within(), Around::Within)}})
                          : say(Prose::ScoresDueBy, {{"time", speaker_.words_or_code(due.by())}}));
    if (!due.remind().empty()) item(say(Prose::Reminders, {{"list", listed(speaker_.reminders(due.remind()), Joint::And)}}), 1);
    if (!due.tell().empty()) item(say(Prose::LateTold, {{"list", speaker_.roles(due.tell())}}), 1);
  }
  for (const std::string& name : review.hide()) {
    const bool field = speaker_.field(name) != nullptr;
    if (!field && (name == "applicant" || name == "organisation"))
      hidden.push_back(say(name == "applicant" ? Prose::TheApplicant : Prose::TheOrganisation));
    else
      hidden.push_back(speaker_.soft(speaker_.field_label(name)));
  }
  if (!hidden.empty()) item(say(Prose::ReviewHides, {{"list", with_commas(hidden)}}));
  const std::string conflicts = conflicts_said(review.conflicts());
  if (!conflicts.empty()) item(say(Prose::Conflicts, {{"list", conflicts}}));
}

std::string Describer::conflicts_said(const google::protobuf::RepeatedField<int>& kinds) const {
  std::vector<std::string> said;
  for (const int kind : kinds) switch (kind) {
      case v1::Review::SAME_ORGANISATION: said.push_back(say(Prose::SameOrganisation)); break;
      case v1::Review::SAME_LOCALITY: said.push_back(say(Prose::SameLocality)); break;
      case v1::Review::SAME_MAIL_DOMAIN: said.push_back(say(Prose::SameMailDomain)); break;
      case v1::Review::EARLIER_MENTOR: said.push_back(say(Prose::EarlierMentor)); break;
      case v1::Review::SAME_NETWORK: said.push_back(say(Prose::SameNetwork)); break;
      default: said.push_back(say(Prose::Declared)); break;
    }
  return with_commas(said);
}

void Describer::log(const v1::Log& log, const NameList& waits_for) {
  const NameList& by = writers_of(log, waits_for);
  const std::string label = speaker_.label(log.label(), log.name());
  const std::string line = say(Prose::WrittenDown, {{"label", speaker_.strong(label)}, {"who", speaker_.roles(by)}});
  item(log.attendance() ? fmt::format("{} ({})", line, say(Prose::WhoWasThere)) : line);
  const std::size_t begin = out_.size();
  fields(log.fields());
  // One step further in: they belong to the line above.
  std::string inner = out_.substr(begin);
  out_.resize(begin);
  for (std::size_t at = 0; at < inner.size();) {
    const std::size_t end = inner.find('\n', at);
    out_ += fmt::format("  {}\n", inner.substr(at, end - at));
    at = end + 1;
  }
  entry(log, by);
}

void Describer::reports(const v1::Stage& stage) {
  for (const v1::Report& one : stage.reports()) report(stage, one);
  for (const v1::Form& form : stage.forms()) {
    const bool asked = std::any_of(stage.reports().begin(), stage.reports().end(), [&](const v1::Report& one) {
      return one.form() == form.name() && (!applicant_ || one.by().empty() || hers(one.by()));
    });
    if (applicant_ && !asked) continue;
    paragraph(say(Prose::FormAsked, {{"label", speaker_.label(form.label(), form.name())}}));
    fields(form.fields());
  }
}

void Describer::report(const v1::Stage& stage, const v1::Report& report) {
  if (applicant_ && !report.by().empty() && !hers(report.by())) return;
  const auto form = std::find_if(stage.forms().begin(), stage.forms().end(), [&](const v1::Form& one) { return one.name() == report.form(); });
  const std::string label = speaker_.strong(form == stage.forms().end() ? speaker_.label({}, report.form()) : speaker_.label(form->label(), form->name()));
  const std::string times = report.times() == 0 ? say(Prose::ForEver) : say(Prose::Times, {{"count", counted(report.times(), Noun::Time, speaker_.tongue())}});
  const std::string who = report.by().empty() ? speaker_.role("applicant") : speaker_.roles(report.by());
  const std::string every = speaker_.time(report.every(), Around::Every);
  std::string line = applicant_ ? say(Prose::ReportPlain, {{"label", label}, {"every", every}, {"times", times}})
                                : say(Prose::ReportBy, {{"label", label}, {"who", who}, {"every", every}, {"times", times}});
  line += fmt::format(" {}", say(Prose::OpensBefore, {{"time", speaker_.time(report.opens().empty() ? "P30D" : report.opens(), Around::Before)}}));
  if (!report.grace().empty()) line += fmt::format(" {}", say(Prose::GraceOf, {{"time", speaker_.time(report.grace(), Around::After)}}));
  item(line);
  if (!report.remind().empty()) item(say(Prose::Reminders, {{"list", listed(speaker_.reminders(report.remind()), Joint::And)}}), 1);
  if (!report.overdue().to().empty()) item(say(Prose::ThenGoes, {{"state", speaker_.strong(speaker_.label({}, report.overdue().to()))}}), 1);
  if (!report.overdue().tell().empty() && !applicant_) item(say(Prose::WhenOverdue, {{"list", speaker_.roles(report.overdue().tell())}}), 1);
}

}  // namespace kvali::program
