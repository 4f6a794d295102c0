// Who decides together, in words: bodies, and what a move asks of more than one person.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/program/describer.h"

namespace kvali::program {

const v1::Body* Describer::body_named(std::string_view name) const {
  const auto found = std::find_if(program_.bodies().begin(), program_.bodies().end(), [&](const v1::Body& one) { return one.name() == name; });
  return found == program_.bodies().end() ? nullptr : &*found;
}

std::string Describer::body_label(std::string_view name) const {
  const v1::Body* body = body_named(name);
  return body == nullptr ? std::string(name) : speaker_.label(body->label(), body->name());
}

void Describer::bodies() {
  for (const v1::Body& body : program_.bodies()) {
    std::vector<std::string> parts{say(Prose::BodyOf, {{"count", number_said(body.seats(), speaker_.tongue())}, {"role", speaker_.role(body.role())}})};
    if (!body.term().empty()) parts.push_back(say(Prose::BodyTerm, {{"time", speaker_.time(body.term(), Around::Plain)}}));
    if (!body.remind().empty()) parts.push_back(say(Prose::BodyRemind, {{"list", listed(speaker_.reminders(body.remind()), Joint::And)}}));
    const std::uint32_t quorum = body.quorum() == 0 ? body.seats() / 2 + 1 : body.quorum();
    parts.push_back(say(Prose::BodyQuorum, {{"count", number_said(quorum, speaker_.tongue())}}));
    const bool by_seats = body.majority() == v1::Body::OF_ALL_SEATS, thirds = body.majority() == v1::Body::TWO_THIRDS;
    parts.push_back(say(by_seats ? Prose::MajoritySeats : thirds ? Prose::MajorityThirds : Prose::MajorityVoting));
    if (!by_seats && !thirds) {
      if (body.tie() == v1::Body::CARRIED) parts.push_back(say(Prose::TieCarried));
      if (body.tie() == v1::Body::CHAIR) parts.push_back(say(Prose::TieChair, {{"role", speaker_.role(body.chair())}}));
      if (body.tie() != v1::Body::CARRIED && body.tie() != v1::Body::CHAIR) parts.push_back(say(Prose::TieRefused));
    }
    if (body.secret()) parts.push_back(say(Prose::SecretVote));
    if (!body.minutes_by().empty()) parts.push_back(say(Prose::MinutesBy, {{"list", speaker_.roles(body.minutes_by())}}));
    item(fmt::format("{}: {}", speaker_.strong(speaker_.label(body.label(), body.name())), fmt::join(parts, "; ")));
  }
}

std::vector<std::string> Describer::together(std::size_t spot, const v1::Move& move) const {
  std::vector<std::string> lines;
  if (applicant_) return lines;
  if (!move.agreed_by().empty()) lines.push_back(say(Prose::AgreedBy, {{"list", speaker_.roles(move.agreed_by())}}));
  if (move.four_eyes()) lines.push_back(say(Prose::FourEyes));
  if (move.has_vote()) {
    const std::string within = move.vote().within().empty() ? "P14D" : move.vote().within();
    lines.push_back(say(Prose::VoteOf, {{"body", body_label(move.vote().body())}, {"time", speaker_.time(within, Around::Plain)}}));
    if (!move.vote().otherwise().empty()) lines.push_back(say(Prose::VoteLost, {{"state", speaker_.strong(speaker_.target(spot, move.vote().otherwise()))}}));
  }
  if (!move.rests_on().empty()) {
    std::vector<std::string> fields;
    for (const std::string& name : move.rests_on()) fields.push_back(speaker_.soft(speaker_.field_label(name)));
    lines.push_back(say(Prose::RestsOn, {{"list", with_commas(fields)}}));
  }
  if (!move.not_by().empty()) {
    std::vector<std::string> made;
    for (const std::string& name : move.not_by()) {
      const std::vector<std::string> labels = speaker_.moves(name);
      if (labels.empty()) made.push_back(speaker_.soft(speaker_.field_label(name)));
      made.insert(made.end(), labels.begin(), labels.end());
    }
    lines.push_back(say(Prose::NotBy, {{"list", with_commas(made)}}));
  }
  if (!move.after_minutes().empty()) lines.push_back(say(Prose::AfterMinutes, {{"body", body_label(move.after_minutes())}}));
  return lines;
}

}  // namespace kvali::program
