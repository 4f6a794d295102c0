#include "engine/program/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/limits.h"

namespace kvali::program {

std::string to_line(const Fault& fault) {
  std::string line = fault.line == 0 ? fmt::format("{}: {}", fault.file, fault.message)
                                     : fmt::format("{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message);
  if (!fault.suggestion.empty()) line += fmt::format("; did you mean `{}`?", fault.suggestion);
  return line;
}

void Faults::add(const Position& where, std::string code, std::string message, std::string suggestion) {
  add(Fault{where.file, where.line, where.column, std::move(code), std::move(message), std::move(suggestion)});
}

bool Faults::full() const { return faults_.size() >= limits::definition_faults_max; }

void Faults::add(Fault fault) {
  if (full()) {
    ++untold_;
  } else {
    faults_.push_back(std::move(fault));
  }
}

std::vector<Fault> Faults::take() {
  std::vector<std::string> files;
  for (const Fault& fault : faults_) {
    if (std::find(files.begin(), files.end(), fault.file) == files.end()) files.push_back(fault.file);
  }
  const auto rank = [&files](const Fault& fault) { return std::find(files.begin(), files.end(), fault.file); };
  std::stable_sort(faults_.begin(), faults_.end(), [&](const Fault& a, const Fault& b) {
    if (a.file != b.file) return rank(a) < rank(b);
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  if (untold_ > 0) {
    faults_.push_back({faults_.back().file, 0, 0, "more-faults", fmt::format("and {} more faults", untold_), ""});
  }
  return std::move(faults_);
}

Position position_of(const Positions& positions, std::string_view path) {
  while (true) {
    if (const auto found = positions.find(path); found != positions.end()) return found->second;
    if (path.empty()) return {};
    const std::size_t dot = path.rfind('.');
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
  }
}

std::string join_path(std::string_view path, std::string_view part) {
  if (path.empty() || part.empty()) return fmt::format("{}{}", path, part);
  return fmt::format("{}.{}", path, part);
}

}  // namespace kvali::program
