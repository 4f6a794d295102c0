// Findings as pictures: bars of stages and times, lines over the weeks. Written by hand; nothing is measured in a font.
#include <fmt/format.h>

#include <algorithm>

#include "engine/simulate/report.h"
#include "engine/simulate/sheet.h"

namespace kvali::simulate {
namespace {

constexpr double width = 860, margin = 16, label_width = 320, row_height = 22, bar_height = 14, title_height = 34;
constexpr double chart_height = 120, figure_width = 150;
constexpr std::size_t characters_shown = 48;  // of a label; the rest is cut

constexpr const char* style = R"(<style>
:root { --page: #ffffff; --ink: #1c1c21; --soft: #5d5d68; --rim: #d5d5dd; --one: #33658a; --two: #d1495b; --back: #a9c4da; }
@media (prefers-color-scheme: dark) { :root { --page: #16161a; --ink: #ececf1; --soft: #a9a9b6; --rim: #3a3a43; --one: #7fb2dc; --two: #f08a98; --back: #3d5468; } }
.page { fill: var(--page); }
text { fill: var(--ink); font: 13px system-ui, sans-serif; dominant-baseline: central; }
.title { font-size: 16px; font-weight: 600; }
.soft { fill: var(--soft); font-size: 12px; }
.end { text-anchor: end; }
.one { fill: var(--one); } .two { fill: var(--two); } .back { fill: var(--back); }
.course { fill: none; stroke: var(--one); stroke-width: 1.8; }
.changed { fill: none; stroke: var(--two); stroke-width: 1.8; stroke-dasharray: 6 4; }
.rim { stroke: var(--rim); stroke-width: 1; }
</style>
)";

std::string in_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

/// At most characters_shown of it, cut between characters.
std::string shortened(const std::string& text) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (++seen > characters_shown) return text.substr(0, i) + "…";
  }
  return text;
}

class Canvas {
 public:
  explicit Canvas(const std::string& title) : title_(title) { text("title", margin, margin + 10, title); }
  void text(const char* kind, double x, double y, const std::string& words) {
    body_ += fmt::format("<text class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", kind, x, y, in_xml(words));
  }
  void bar(const char* kind, double x, double y, double length, double height) {
    body_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", kind, x, y, length, height);
  }
  void rule(double x1, double y1, double x2, double y2) {
    body_ += fmt::format("<line class=\"rim\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", x1, y1, x2, y2);
  }
  void path(const char* kind, const std::string& points) { body_ += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", kind, points); }
  std::string finish(double height) const {
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
                       "aria-labelledby=\"title\">\n<title id=\"title\">{2}</title>\n{3}<rect class=\"page\" width=\"{0:.0f}\" height=\"{1:.0f}\"/>\n{4}</svg>\n",
                       width, height, in_xml(title_), style, body_);
  }

 private:
  std::string title_, body_;
};

/// A legend where two runs are compared; nothing otherwise.
void legend(Canvas& canvas, double y, const std::vector<std::string>& with) {
  canvas.bar("one", margin, y - 5, 10, 10);
  canvas.text("soft", margin + 16, y, "as it is");
  canvas.bar("two", margin + 90, y - 5, 10, 10);
  canvas.text("soft", margin + 106, y, shortened(fmt::format("with {}", fmt::join(with, ", "))));
}

const SheetSection* section_of(const Sheet& sheet, const std::string& title) {
  const auto found = std::find_if(sheet.sections.begin(), sheet.sections.end(), [&](const SheetSection& one) { return one.title == title; });
  return found == sheet.sections.end() ? nullptr : &*found;
}

struct Both {
  const Sheet& base;
  const Sheet* changed;
  const std::vector<std::string>& with;
};

const SheetRow* same_row(const SheetSection* section, const std::string& label, std::size_t at) {
  if (!section) return nullptr;
  if (at < section->rows.size() && section->rows[at].label == label) return &section->rows[at];
  for (const SheetRow& row : section->rows)
    if (row.label == label) return &row;
  return nullptr;
}

/// Rows as bars of the figure `main`; `back`, when there is one, behind it.
std::string bars(const Both& both, const std::string& title, std::size_t main, std::optional<std::size_t> back) {
  const SheetSection* section = section_of(both.base, title);
  const SheetSection* other = both.changed ? section_of(*both.changed, title) : nullptr;
  Canvas canvas(both.base.title + " · " + title);
  double y = margin + title_height;
  if (both.changed) {
    legend(canvas, y, both.with);
    y += row_height;
  }
  std::uint64_t longest = 1;
  for (const SheetSection* one : {section, other})
    if (one)
      for (const SheetRow& row : one->rows)
        for (const std::size_t at : {main, back.value_or(main)})
          if (at < row.figures.size()) longest = std::max(longest, row.figures[at].tenths);
  const double room = width - label_width - figure_width - 2 * margin;
  const auto length = [&](const Figure& figure) { return room * static_cast<double>(figure.tenths) / static_cast<double>(longest); };
  for (std::size_t i = 0; section && i < section->rows.size(); ++i) {
    const SheetRow& row = section->rows[i];
    const SheetRow* after = same_row(other, row.label, i);
    if (main >= row.figures.size()) continue;
    const double middle = y + row_height / 2, x = margin + label_width;
    canvas.text(row.label.starts_with("  ") ? "soft" : "plain", margin + (row.label.starts_with("  ") ? 14 : 0), middle,
                shortened(row.label.substr(row.label.find_first_not_of(' '))));
    if (back && *back < row.figures.size()) canvas.bar("back", x, middle - bar_height / 2, length(row.figures[*back]), bar_height);
    const double thick = after ? bar_height / 2 : bar_height;
    canvas.bar("one", x, middle - bar_height / 2, length(row.figures[main]), thick);
    std::string words = to_string(row.figures[main]);
    if (back && *back < row.figures.size()) words += " · " + to_string(row.figures[*back]);
    if (after && main < after->figures.size()) {
      canvas.bar("two", x, middle, length(after->figures[main]), thick);
      words = to_string(row.figures[main]) + " → " + to_string(after->figures[main]);
    }
    canvas.text("soft", width - margin - figure_width + 8, middle, words);
    y += row_height;
  }
  if (back && section) canvas.text("soft", margin, y + row_height / 2, fmt::format("{}; behind it: {}", section->heads[main], section->heads[*back]));
  return canvas.finish(y + row_height + margin);
}

std::string points(const Course& course, double x, double y, double room, std::size_t weeks, std::uint64_t highest) {
  std::string made;
  for (std::size_t week = 0; week < course.tenths.size(); ++week) {
    const double across = weeks < 2 ? 0 : room * static_cast<double>(week) / static_cast<double>(weeks - 1);
    const double up = highest == 0 ? 0 : chart_height * static_cast<double>(course.tenths[week]) / static_cast<double>(highest);
    made += fmt::format("{}{:.1f},{:.1f}", made.empty() ? "" : " ", x + across, y + chart_height - up);
  }
  return made;
}

std::string lines(const Both& both, const std::string& title, const std::vector<Course>& courses, const std::vector<Course>* changed) {
  Canvas canvas(both.base.title + " · " + title);
  double y = margin + title_height;
  if (both.changed) {
    legend(canvas, y, both.with);
    y += row_height;
  }
  std::size_t weeks = 1;
  for (const auto* list : {&courses, changed})
    if (list)
      for (const Course& one : *list) weeks = std::max(weeks, one.tenths.size());
  const double x = margin + 44, room = width - 2 * margin - 44;
  for (std::size_t i = 0; i < courses.size(); ++i) {
    const Course* after = changed && i < changed->size() ? &(*changed)[i] : nullptr;
    std::uint64_t highest = 0;
    for (const Course* one : {&courses[i], after})
      if (one)
        for (const std::uint64_t value : one->tenths) highest = std::max(highest, value);
    canvas.text("plain", margin, y + row_height / 2, courses[i].label);
    y += row_height;
    canvas.rule(x, y, x + room, y);
    canvas.rule(x, y + chart_height, x + room, y + chart_height);
    canvas.text("soft end", x - 6, y, to_string(Figure{highest, Figure::Unit::Count}));
    canvas.text("soft end", x - 6, y + chart_height, "0");
    canvas.path("course", points(courses[i], x, y, room, weeks, highest));
    if (after) canvas.path("changed", points(*after, x, y, room, weeks, highest));
    y += chart_height + 14;
    const auto date = [&](std::size_t week) {
      return calendar::to_string(both.base.begins + static_cast<calendar::Instant>(week) * 7 * calendar::day_us).substr(0, 10);
    };
    canvas.text("soft", x, y, date(0));
    canvas.text("soft end", x + room, y, date(weeks - 1));
    y += row_height;
  }
  return canvas.finish(y + margin);
}

}  // namespace

std::vector<Picture> draw(const Report& report) {
  const Sheet base = sheet_of(report.base, report.model);
  std::optional<Sheet> changed;
  if (report.changed) changed = sheet_of(*report.changed, report.model);
  const Both both{base, changed ? &*changed : nullptr, report.with};
  return {{"stages.svg", bars(both, "Stages", 0, std::nullopt)},
          {"times.svg", bars(both, "Time in a state", 1, 2)},
          {"places.svg", lines(both, "Places over time", base.places, changed ? &changed->places : nullptr)},
          {"people.svg", lines(both, "Load over time", base.people, changed ? &changed->people : nullptr)}};
}

}  // namespace kvali::simulate
