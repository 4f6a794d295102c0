// What is said of entries of a log beside what is noted each time: minutes, who agrees, their day, how they are closed.
#include <fmt/format.h>

#include <algorithm>

#include "engine/program/describer.h"

namespace kvali::program {

void Describer::entry(const v1::Log& log, const NameList& by) {
  const auto label_of = [&](const std::string& name) {
    const auto found = std::find_if(log.fields().begin(), log.fields().end(), [&](const v1::Field& one) { return one.name() == name; });
    return speaker_.soft(speaker_.label(found == log.fields().end() ? v1::Text() : found->label(), name));
  };
  if (!log.minutes().empty() && !applicant_) item(say(Prose::EntryMinutes, {{"label", label_of(log.minutes())}}), 1);
  if (log.agreed_by_size() > 0) item(say(Prose::EntryAgreed, {{"list", speaker_.roles(log.agreed_by())}}), 1);
  if (log.tells_size() > 0 && !applicant_) {
    NameList told;
    for (const v1::Tell& one : log.tells()) told.Add(std::string(one.role()));
    item(say(Prose::EntryTells, {{"list", speaker_.roles(told)}}), 1);
  }
  for (const v1::Closing& one : log.closes()) {
    const NameList& closers = one.by().empty() ? by : one.by();
    item(say(Prose::EntryClosed, {{"label", speaker_.strong(speaker_.label(one.label(), one.name()))}, {"who", speaker_.roles(closers)}}), 1);
  }
  if (!log.has_due()) return;
  const v1::EntryDue& due = log.due();
  if (!due.on().empty()) item(say(Prose::EntryDueOn, {{"label", label_of(due.on())}}), 1);
  if (!due.within().empty()) item(say(Prose::EntryDueWithin, {{"time", speaker_.time(due.within(), Around::Within)}}), 1);
  if (!due.remind().empty()) item(say(Prose::Reminders, {{"list", listed(speaker_.reminders(due.remind()), Joint::And)}}), 1);
  if (due.tell_size() > 0 && !applicant_) item(say(Prose::EntryOverdue, {{"list", speaker_.roles(due.tell())}}), 1);
}

}  // namespace kvali::program
