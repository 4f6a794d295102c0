// Findings as text: tables with bars, and courses over the weeks in one line each.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/simulate/report.h"
#include "engine/simulate/sheet.h"

namespace kvali::simulate {
namespace {

constexpr std::size_t bar_columns = 20, course_columns = 60;

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::string padded(const std::string& text, std::size_t width) { return text + std::string(width - std::min(width, columns(text)), ' '); }
std::string right(const std::string& text, std::size_t width) { return std::string(width - std::min(width, columns(text)), ' ') + text; }

/// In eighths of a column, so that small differences are seen.
std::string bar(std::uint64_t part, std::uint64_t of) {
  static constexpr std::array<const char*, 8> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const std::uint64_t filled = of == 0 ? 0 : part * bar_columns * 8 / of;
  std::string text;
  for (std::uint64_t i = 0; i < filled / 8; ++i) text += "█";
  return text + eighths[filled % 8];
}

const SheetRow* row_of(const Sheet* sheet, std::size_t section, const std::string& label, const std::string& group) {
  if (!sheet || section >= sheet->sections.size()) return nullptr;
  std::string of;
  for (const SheetRow& row : sheet->sections[section].rows) {
    if (!row.label.starts_with("  ")) of = row.label;
    if (row.label == label && (!label.starts_with("  ") || of == group)) return &row;
  }
  return nullptr;
}

class Printer {
 public:
  explicit Printer(const Report& report) : report_(report), base_(sheet_of(report.base, report.model)) {
    if (report.changed) changed_ = sheet_of(*report.changed, report.model);
  }

  std::string run() {
    text_ = base_.title + "\n";
    for (const std::string& sentence : base_.summary) text_ += sentence + "\n";
    if (changed_) text_ += fmt::format("\nWhat if: {}. Where it makes a difference: before → after.\n", fmt::join(report_.with, ", "));
    for (std::size_t i = 0; i < base_.sections.size(); ++i) section(i);
    courses("Places over time", base_.places, changed_ ? &changed_->places : nullptr);
    courses("Load over time", base_.people, changed_ ? &changed_->people : nullptr);
    text_ += "\nMoney: the language of programs has none yet, so nothing is said of it.\n";
    std::vector<std::string> notes = base_.notes;
    if (changed_)
      for (const std::string& note : changed_->notes)
        if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
    for (const std::string& note : notes) text_ += "Note: " + note + "\n";
    return text_;
  }

 private:
  std::string cell(const SheetRow* before, const SheetRow* after, std::size_t at) const {
    const auto figure = [&](const SheetRow* row) { return row && at < row->figures.size() ? to_string(row->figures[at]) : std::string(); };
    std::string one = figure(before);
    if (!changed_) return one;
    const std::string other = figure(after);
    return one == other ? one : fmt::format("{} → {}", one.empty() ? "0" : one, other.empty() ? "0" : other);
  }

  void section(std::size_t index) {
    const SheetSection& made = base_.sections[index];
    std::vector<std::pair<std::string, std::string>> labels;  // with the row they belong to
    std::string group;
    for (const SheetRow& row : made.rows) {
      if (!row.label.starts_with("  ")) group = row.label;
      labels.emplace_back(row.label, group);
    }
    if (changed_)
      for (const SheetRow& row : changed_->sections[index].rows) {
        if (!row.label.starts_with("  ")) group = row.label;
        const std::pair entry(row.label, group);
        if (std::find(labels.begin(), labels.end(), entry) != labels.end()) continue;
        auto at = labels.end();
        for (auto one = labels.begin(); one != labels.end(); ++one)
          if (one->second == group) at = one + 1;
        labels.insert(at, entry);
      }
    if (labels.empty()) return;
    std::vector<std::vector<std::string>> cells;
    std::vector<std::size_t> widths;
    widths.reserve(made.heads.size());
    for (const std::string& head : made.heads) widths.push_back(columns(head));
    std::size_t label_width = columns(made.title);
    std::uint64_t longest = 0;
    for (const auto& [label, of] : labels) {
      const SheetRow *before = row_of(&base_, index, label, of), *after = row_of(changed_ ? &*changed_ : nullptr, index, label, of);
      label_width = std::max(label_width, columns(label));
      std::vector<std::string>& line = cells.emplace_back();
      for (std::size_t i = 0; i < widths.size(); ++i) {
        line.push_back(cell(before, after, i));
        widths[i] = std::max(widths[i], columns(line.back()));
      }
      for (const SheetRow* row : {before, after})
        if (row && made.bar && *made.bar < row->figures.size()) longest = std::max(longest, row->figures[*made.bar].tenths);
    }
    text_ += "\n" + padded(made.title, label_width);
    for (std::size_t i = 0; i < widths.size(); ++i) text_ += "  " + right(made.heads[i], widths[i]);
    text_ += "\n";
    for (std::size_t i = 0; i < labels.size(); ++i) {
      std::string line = padded(labels[i].first, label_width);
      for (std::size_t k = 0; k < widths.size(); ++k) line += "  " + right(cells[i][k], widths[k]);
      const SheetRow* shown = row_of(changed_ ? &*changed_ : &base_, index, labels[i].first, labels[i].second);
      if (made.bar && shown && *made.bar < shown->figures.size()) line += "  " + bar(shown->figures[*made.bar].tenths, longest);
      line.erase(line.find_last_not_of(' ') + 1);
      text_ += line + "\n";
    }
  }

  void courses(const std::string& title, const std::vector<Course>& base, const std::vector<Course>* changed) {
    std::size_t weeks = 0, width = 0;
    for (const auto* list : {&base, changed})
      if (list)
        for (const Course& one : *list) {
          weeks = std::max(weeks, one.tenths.size());
          width = std::max(width, columns(one.label));
        }
    if (weeks == 0) return;
    const std::size_t each = (weeks + course_columns - 1) / course_columns;
    text_ += fmt::format("\n{} (a column is {}; the largest of them at the end)\n", title, each == 1 ? "a week" : fmt::format("{} weeks", each));
    for (std::size_t i = 0; i < base.size(); ++i) {
      const Course* after = changed && i < changed->size() ? &(*changed)[i] : nullptr;
      std::uint64_t highest = 0;
      for (const Course* one : {&base[i], after})
        if (one)
          for (const std::uint64_t value : one->tenths) highest = std::max(highest, value);
      line(padded(base[i].label, width), base[i], weeks, each, highest);
      if (after) line(padded("  after the change", width), *after, weeks, each, highest);
    }
  }

  void line(const std::string& label, const Course& course, std::size_t weeks, std::size_t each, std::uint64_t highest) {
    static constexpr std::array<const char*, 9> heights = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::string drawn;
    std::uint64_t own = 0;
    for (std::size_t from = 0; from < weeks; from += each) {
      std::uint64_t most = 0;
      for (std::size_t week = from; week < std::min(from + each, course.tenths.size()); ++week) most = std::max(most, course.tenths[week]);
      own = std::max(own, most);
      drawn += heights[highest == 0 ? 0 : (most * 8 + highest - 1) / highest];
    }
    text_ += fmt::format("{}  {}│ {}\n", label, drawn, to_string(Figure{own, Figure::Unit::Count}));
  }

  const Report& report_;
  Sheet base_;
  std::optional<Sheet> changed_;
  std::string text_;
};

}  // namespace

std::string to_text(const Report& report) { return Printer(report).run(); }

}  // namespace kvali::simulate
