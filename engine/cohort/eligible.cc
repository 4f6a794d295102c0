#include "engine/cohort/eligible.h"

#include <algorithm>

#include "engine/cohort/facts.h"
#include "engine/cohort/organisations.h"
#include "engine/cohort/reasons.h"
#include "engine/directory/directory.h"
#include "engine/limits.h"

namespace kvali::cohort {
namespace {

/// "informal_group" of INFORMAL_GROUP.
std::string word_of(v1::InitiativeRules::Bringer bringer) {
  std::string word = v1::InitiativeRules::Bringer_Name(bringer);
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

/// Whether the program is for organisations of this kind; one whose kind nobody knows is not turned away.
bool may_bring(const Model& model, const directory::Organisation& organisation) {
  const auto& all = model.program().initiative().brought_by();
  return organisation.kind.empty() || std::any_of(all.begin(), all.end(), [&](int one) {
           return word_of(static_cast<v1::InitiativeRules::Bringer>(one)) == organisation.kind;
         });
}

/// The first instant from `now` on at which every need holds, if nothing but time changes.
Instant all_hold_at(const Cohort& cohort, const Model& model, const v1::Bringers* bringers, const std::string& organisation,
                    const std::string& applicant, Instant now) {
  constexpr int looks = 16;  // each moves on to a later instant; needs that take turns for longer are told as never
  Instant at = now;
  for (int look = 0; look < looks; ++look) {
    Instant later = at;
    const Facts facts(cohort, bringers, organisation, applicant, at);
    for (const v1::Need& need : model.program().initiative().needs()) {
      const expression::Expression& when = model.expression(need.when());
      if (facts.holds(when).holds) continue;
      const Instant then = facts.will_hold_at(when);
      if (then == calendar::never) return calendar::never;
      later = std::max(later, then);
    }
    if (later == at) return at;
    at = later;
  }
  return calendar::never;
}

}  // namespace

std::optional<Instant> closes_at(const Cohort& cohort, const Model& model, Instant now) {
  for (const v1::Node& node : model.chart().machine().states()) {
    if (node.kind() != v1::Node::ATOMIC) continue;
    for (const v1::Timer& timer : node.timers()) {
      if (timer.name() != "deadline" || timer.at().empty()) continue;
      const auto moment = Facts(cohort, nullptr, nullptr, now).moment(model.expression(timer.at()));
      if (!moment) return std::nullopt;
      Instant end = std::holds_alternative<Instant>(*moment) ? std::get<Instant>(*moment)
                                                             : calendar::end_of(cohort.zone, std::get<calendar::Date>(*moment));
      for (const Extension& one : cohort.extensions)
        if (one.state == path_with_kind(model, node.path())) end = std::max(end, one.to);
      return end;
    }
    return std::nullopt;  // only the first atomic state counts: that is where an initiative begins
  }
  return std::nullopt;
}

Eligibility eligibility(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation) {
  return eligibility(cohort, world, viewer, organisation, *cohort.model, viewer.person);
}

Eligibility eligibility(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation, const Model& model,
                        const std::string& applicant) {
  Eligibility made;
  const Instant now = viewer.now;
  bool by_time = true;  // nothing stands in the way but what time may change
  const auto add = [&](Unmet unmet) {
    by_time = false;
    made.unmet.push_back(std::move(unmet));
  };
  made.closes_at = closes_at(cohort, model, now);
  if (made.closes_at && now >= *made.closes_at)
    add({Code::DeadlinePassed, "", sentence("closed", {{"date", calendar::to_string(calendar::date_at(cohort.zone, *made.closes_at - 1))}})});
  if (cohort.initiatives.size() >= limits::initiatives_per_cohort_max)
    add({Code::Limit, "", sentence("too_many", {{"count", std::to_string(limits::initiatives_per_cohort_max)}})});
  if (const directory::Organisation* known = world.directory.organisation(organisation); known && !may_bring(model, *known))
    add({Code::Precondition, "", sentence("not_brought_by")});
  const auto bringers = bringers_of(world.directory, model, organisation, {});
  const Facts facts(cohort, bringers.get(), organisation, applicant, now);
  const bool told = may_know_facts(cohort, world, viewer, organisation) || organisation.empty();
  for (const v1::Need& need : model.program().initiative().needs()) {
    const NeedModel entry{&need, &model.expression(need.when())};
    if (!facts.holds(*entry.when).holds) made.unmet.push_back(unmet_at_entry(cohort, facts, entry, told));
  }
  if (by_time && !made.unmet.empty() && told) made.will_hold_at = all_hold_at(cohort, model, bringers.get(), organisation, applicant, now);
  return made;
}

bool may_ask(const Cohort& cohort, const World& world, const Viewer& viewer, const std::string& organisation) {
  return organisation.empty() || !cohort.model->reads_organisations() || may_know_facts(cohort, world, viewer, organisation) ||
         speaks_for(cohort, world, viewer, nullptr, cohort.model->applicant_role());
}

}  // namespace kvali::cohort
