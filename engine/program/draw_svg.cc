// A program as SVG. Each group is laid out by itself, from the inside out.
#include <fmt/format.h>

#include <algorithm>

#include "engine/program/draw.h"
#include "engine/program/layout.h"
#include "engine/program/picture.h"

namespace kvali::program {

namespace {

constexpr double font_size = 13, small_font_size = 11, line_height = 16;
constexpr double padding = 10, group_padding = 16, title_height = 24, margin = 16;

/// The width of a text in pixels at `size`. No fonts are at hand: shares of an em that are a little too wide for any.
double width_of(const std::string& text, double size) {
  double em = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c & 0xC0u) == 0x80u) continue;
    if (c >= 0xE3) {
      em += 1.0;  // East Asian
    } else if (c >= 0xE1) {
      em += 0.72;  // Georgian and the like
    } else if (c == 'i' || c == 'l' || c == 'j' || c == '.' || c == ',' || c == ':' || c == '\'' || c == '|') {
      em += 0.32;
    } else if (c == 'm' || c == 'w' || c == 'M' || c == 'W') {
      em += 0.88;
    } else if ((c >= 'A' && c <= 'Z') || c >= 0xD0) {
      em += 0.68;  // capitals, Cyrillic
    } else {
      em += 0.57;
    }
  }
  return em * size;
}

std::string in_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

const char* class_of(const Box& box) {
  switch (box.ends) {
    case v1::State::SUCCESS: return "state success";
    case v1::State::REFUSED: return "state refused";
    case v1::State::WITHDRAWN: return "state withdrawn";
    case v1::State::LAPSED: return "state lapsed";
    case v1::State::TERMINATED: return "state terminated";
    default: break;
  }
  if (box.kind == Box::Kind::Group) return box.label.empty() ? "parts" : "group";
  if (box.kind == Box::Kind::Done) return "state done";
  return box.kind == Box::Kind::Anywhere ? "state anywhere" : "state";
}

constexpr const char* style = R"(<style>
:root { --page: #ffffff; --ink: #1c1c21; --soft: #5d5d68; --rim: #8d8d99; --group: #f5f5f8; --state: #ffffff; --line: #4a4a55;
  --success: #d6f0dc; --refused: #e6e6ea; --withdrawn: #fdf0cd; --lapsed: #fde3d0; --terminated: #f9d6d6; }
@media (prefers-color-scheme: dark) { :root { --page: #16161a; --ink: #ececf1; --soft: #a9a9b6; --rim: #6f6f7c; --group: #1f1f25;
  --state: #2a2a32; --line: #b9b9c6; --success: #1d4a2c; --refused: #3a3a43; --withdrawn: #54430f; --lapsed: #5b3313; --terminated: #5c2020; } }
.page { fill: var(--page); }
text { fill: var(--ink); font: 13px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central; }
text.small { fill: var(--soft); font-size: 11px; }
text.title { font-weight: 600; text-anchor: start; }
.group { fill: var(--group); stroke: var(--rim); }
.parts { fill: none; stroke: var(--rim); stroke-dasharray: 2 4; }
.state { fill: var(--state); stroke: var(--rim); }
.anywhere { stroke-dasharray: 4 3; }
.done { stroke-width: 2.5; }
.success { fill: var(--success); } .refused { fill: var(--refused); } .withdrawn { fill: var(--withdrawn); }
.lapsed { fill: var(--lapsed); } .terminated { fill: var(--terminated); }
.line { fill: none; stroke: var(--line); stroke-width: 1.3; marker-end: url(#head); }
.time { stroke-dasharray: 5 4; }
.behind { fill: var(--group); opacity: 0.9; }
.begin { fill: var(--line); }
#head path { fill: var(--line); }
</style>
)";

/// New is thick, changed is broken by long dashes, gone is dotted and faint: readable without colour.
constexpr const char* marks_style = R"(<style>
.new { stroke-width: 3.5; } .changed { stroke-width: 2.5; stroke-dasharray: 9 3; } .gone { stroke-dasharray: 1.5 3; opacity: 0.6; }
</style>
)";

const char* mark_class(Mark mark) {
  switch (mark) {
    case Mark::New: return " new";
    case Mark::Changed: return " changed";
    case Mark::Gone: return " gone";
    case Mark::None: break;
  }
  return "";
}

class Svg {
 public:
  explicit Svg(const Picture& picture) : picture_(picture), sizes_(picture.boxes.size()), layouts_(picture.boxes.size()) {}

  std::string run() {
    measure(0);
    const double width = sizes_[0].width + 2 * margin, height = sizes_[0].height + 2 * margin;
    out_ = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
                       "role=\"img\" aria-labelledby=\"title\">\n<title id=\"title\">{2}</title>\n",
                       width, height, in_xml(picture_.title));
    out_ += style;
    if (picture_.compared) out_ += marks_style;
    out_ += "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
            "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n";
    out_ += fmt::format("<rect class=\"page\" width=\"{:.0f}\" height=\"{:.0f}\"/>\n", width, height);
    text("title", margin, margin + title_height / 2, picture_.title);
    draw_inside(0, {margin, margin});
    return out_ + "</svg>\n";
  }

 private:
  [[nodiscard]] const Box& box(std::size_t index) const { return picture_.boxes[index]; }

  [[nodiscard]] std::vector<const Line*> lines_in(std::size_t owner) const {
    std::vector<const Line*> lines;
    for (const Line& line : picture_.lines) {
      if (box(line.from).parent == owner) lines.push_back(&line);
    }
    return lines;
  }

  static double head_of(const Box& group) { return group.label.empty() && group.parent != 0 ? group_padding : title_height + group_padding; }

  void measure(std::size_t index) {
    const Box& one = box(index);
    if (one.kind != Box::Kind::Group) {
      const double width = std::max(width_of(one.label, font_size), width_of(one.detail, small_font_size));
      sizes_[index] = {width + 2 * padding, (one.detail.empty() ? 1 : 2) * line_height + 2 * padding - 4};
      return;
    }
    std::vector<Size> sizes;
    for (const std::size_t child : one.children) {
      measure(child);
      sizes.push_back(sizes_[child]);
    }
    std::vector<LayoutLine> lines;
    for (const Line* line : lines_in(index)) {
      double width = 0;
      for (const std::string& label : line->labels) width = std::max(width, width_of(label, small_font_size));
      lines.push_back({at_in(one, line->from), at_in(one, line->to), {width + 8, static_cast<double>(line->labels.size()) * line_height}});
    }
    layouts_[index] = lay_out(sizes, lines);
    const Size inner = layouts_[index].size;
    const double title = width_of(index == 0 ? picture_.title : one.label, font_size) * 1.1;
    sizes_[index] = {std::max(inner.width, title) + 2 * group_padding, inner.height + head_of(one) + group_padding};
  }

  static std::size_t at_in(const Box& owner, std::size_t child) {
    return static_cast<std::size_t>(std::find(owner.children.begin(), owner.children.end(), child) - owner.children.begin());
  }

  void text(const char* kind, double x, double y, const std::string& words) {
    if (!words.empty()) out_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", kind, x, y, in_xml(words));
  }

  void draw_box(std::size_t index, Point at) {
    const Box& one = box(index);
    const Size size = sizes_[index];
    const double radius = one.kind == Box::Kind::Group ? 6 : one.kind == Box::Kind::Anywhere ? size.height / 2 : 8;
    out_ += fmt::format("<rect class=\"{}{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"{:.0f}\"/>\n",
                        class_of(one), mark_class(one.mark), at.x, at.y, size.width, size.height, radius);
    if (one.kind == Box::Kind::Group) {
      text("title", at.x + group_padding, at.y + group_padding / 2 + title_height / 2, one.label);
      draw_inside(index, at);
      return;
    }
    const double middle = at.y + size.height / 2, shift = one.detail.empty() ? 0 : line_height / 2;
    text("label", at.x + size.width / 2, middle - shift, one.label);
    text("small", at.x + size.width / 2, middle + shift, one.detail);
    if (box(one.parent).begins == index) {
      out_ += fmt::format("<circle class=\"begin\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/>\n", at.x, at.y);
    }
  }

  void draw_inside(std::size_t owner, Point at) {
    const Box& group = box(owner);
    const Layout& layout = layouts_[owner];
    const Point origin{at.x + (sizes_[owner].width - layout.size.width) / 2, at.y + head_of(group)};
    for (std::size_t i = 0; i < group.children.size(); ++i) {
      draw_box(group.children[i], {origin.x + layout.boxes[i].x, origin.y + layout.boxes[i].y});
    }
    const std::vector<const Line*> lines = lines_in(owner);
    for (std::size_t i = 0; i < lines.size(); ++i) draw_line(*lines[i], layout, i, origin);
  }

  void draw_line(const Line& line, const Layout& layout, std::size_t index, Point origin) {
    const std::vector<Point>& points = layout.lines[index];
    if (points.empty()) return;
    std::string path = fmt::format("M{:.1f} {:.1f}", origin.x + points[0].x, origin.y + points[0].y);
    for (std::size_t i = 1; i < points.size(); ++i) {
      const Point from = points[i - 1], to = points[i];
      const double middle = origin.y + (from.y + to.y) / 2;
      path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", origin.x + from.x, middle, origin.x + to.x, middle,
                          origin.x + to.x, origin.y + to.y);
    }
    out_ += fmt::format("<path class=\"line{}\" d=\"{}\"/>\n", line.by_person ? "" : " time", path);
    const Point centre{origin.x + layout.labels[index].x, origin.y + layout.labels[index].y};
    const double rows = static_cast<double>(line.labels.size());
    double width = 0;
    for (const std::string& label : line.labels) width = std::max(width, width_of(label, small_font_size));
    out_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"3\"/>\n",
                        box(line.from).parent == 0 ? "page" : "behind", centre.x - width / 2 - 2, centre.y - rows * line_height / 2, width + 4, rows * line_height);
    for (std::size_t i = 0; i < line.labels.size(); ++i) {
      text("small", centre.x, centre.y + (static_cast<double>(i) - (rows - 1) / 2) * line_height, line.labels[i]);
    }
  }

  const Picture& picture_;
  std::vector<Size> sizes_;
  std::vector<Layout> layouts_;  // of groups
  std::string out_;
};

}  // namespace

std::string svg_of(const Picture& picture) { return Svg(picture).run(); }

std::string draw_svg(const v1::Program& program, const v1::Machine& machine, const std::string& language) {
  return svg_of(picture_of(program, machine, language));
}

}  // namespace kvali::program
