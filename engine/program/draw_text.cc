// Pictures as text for other tools: Mermaid and Graphviz.
#include <fmt/format.h>

#include "engine/program/draw.h"
#include "engine/program/picture.h"

namespace kvali::program {

namespace {

/// Texts of a definition in Mermaid. Its entities are not read everywhere, so signs of its grammar become look-alikes.
std::string in_mermaid(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"': out += "”"; break;
      case ';': out += ','; break;
      case ':': out += "∶"; break;
      case '#': out += "＃"; break;
      case '<': out += "‹"; break;
      case '>': out += "›"; break;
      case '{': out += '('; break;
      case '}': out += ')'; break;
      case '\n': out += ' '; break;
      default: out += c;
    }
  }
  return out;
}

/// Texts as a quoted string of Graphviz. Its \n and other escapes come from us alone.
std::string in_dot(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string joined(const std::vector<std::string>& labels, const char* between, std::string (*escape)(const std::string&)) {
  std::string out;
  for (const std::string& label : labels) out += (out.empty() ? "" : between) + escape(label);
  return out;
}

const char* class_of(const Box& box) {
  switch (box.ends) {
    case v1::State::SUCCESS: return "success";
    case v1::State::REFUSED: return "refused";
    case v1::State::WITHDRAWN: return "withdrawn";
    case v1::State::LAPSED: return "lapsed";
    case v1::State::TERMINATED: return "terminated";
    default: return "";
  }
}

class Mermaid {
 public:
  explicit Mermaid(const Picture& picture) : picture_(picture) {}

  std::string run() {
    out_ = fmt::format("---\ntitle: \"{}\"\n---\nstateDiagram-v2\n", in_mermaid(picture_.title));
    inside(0, 1);
    out_ +=
        "  classDef success fill:#d6f0dc,stroke:#1d7a3a,color:#0c3b1b\n"
        "  classDef refused fill:#e6e6ea,stroke:#5c5c66,color:#26262b\n"
        "  classDef withdrawn fill:#fdf0cd,stroke:#8a6a00,color:#473700\n"
        "  classDef lapsed fill:#fde3d0,stroke:#a84e0b,color:#552604\n"
        "  classDef terminated fill:#f9d6d6,stroke:#a31919,color:#520b0b\n";
    for (const Box& box : picture_.boxes) {
      if (box.kind == Box::Kind::End) out_ += fmt::format("  class {} {}\n", box.id, class_of(box));
    }
    if (picture_.compared) marks();
    return std::move(out_);
  }

 private:
  /// Readable without colour: the signs in the labels, and the rims.
  void marks() {
    out_ += "  classDef new stroke-width:4px\n  classDef changed stroke-width:3px,stroke-dasharray:9 3\n  classDef gone stroke-dasharray:2 3,opacity:0.6\n";
    for (const Box& box : picture_.boxes) {
      if (box.mark == Mark::None || box.kind == Box::Kind::Group) continue;
      out_ += fmt::format("  class {} {}\n", box.id, box.mark == Mark::New ? "new" : box.mark == Mark::Changed ? "changed" : "gone");
    }
  }

  void inside(std::size_t owner, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    const Box& group = picture_.boxes[owner];
    for (std::size_t i = 0; i < group.children.size(); ++i) {
      const Box& box = picture_.boxes[group.children[i]];
      if (group.parallel && i > 0) out_ += indent + "--\n";
      const std::string label = in_mermaid(box.label.empty() ? " " : box.label);
      if (box.kind == Box::Kind::Group) {
        out_ += fmt::format("{}state \"{}\" as {} {{\n", indent, label, box.id);
        inside(group.children[i], depth + 1);
        out_ += indent + "}\n";
      } else {
        const std::string detail = box.detail.empty() ? "" : fmt::format("<br/>({})", in_mermaid(box.detail));
        out_ += fmt::format("{}state \"{}{}\" as {}\n", indent, label, detail, box.id);
      }
    }
    if (group.begins != 0) out_ += fmt::format("{}[*] --> {}\n", indent, picture_.boxes[group.begins].id);
    for (const Line& line : picture_.lines) {
      if (picture_.boxes[line.from].parent != owner) continue;
      out_ += fmt::format("{}{} --> {}: {}\n", indent, picture_.boxes[line.from].id, picture_.boxes[line.to].id,
                          joined(line.labels, "<br/>", in_mermaid));
    }
    for (const std::size_t child : group.children) {
      const Box::Kind kind = picture_.boxes[child].kind;
      if (kind == Box::Kind::End || kind == Box::Kind::Done) out_ += fmt::format("{}{} --> [*]\n", indent, picture_.boxes[child].id);
    }
  }

  const Picture& picture_;
  std::string out_;
};

class Dot {
 public:
  explicit Dot(const Picture& picture) : picture_(picture) {}

  std::string run() {
    out_ = fmt::format(
        "digraph program {{\n"
        "  label=\"{}\"; labelloc=t; compound=true; rankdir=TB; fontname=\"sans-serif\";\n"
        "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", fontsize=11];\n"
        "  edge [fontname=\"sans-serif\", fontsize=9];\n",
        in_dot(picture_.title));
    inside(0, 1);
    for (const Line& line : picture_.lines) {
      // Graphviz draws between nodes; a cluster's border is where its line is cut.
      const Box& from = picture_.boxes[line.leaves];
      const Box& to = picture_.boxes[line.enters];
      std::string options = fmt::format("label=\"{}\"", joined(line.labels, "\\n", in_dot));
      if (!line.by_person) options += ", style=dashed";
      if (from.kind == Box::Kind::Group) options += fmt::format(", ltail=\"cluster_{}\"", from.id);
      if (to.kind == Box::Kind::Group) options += fmt::format(", lhead=\"cluster_{}\"", to.id);
      out_ += fmt::format("  {} -> {} [{}];\n", inner(line.leaves), inner(line.enters), options);
    }
    return out_ + "}\n";
  }

 private:
  /// A node inside of a group, or the box itself.
  [[nodiscard]] const std::string& inner(std::size_t box) const {
    while (picture_.boxes[box].kind == Box::Kind::Group) {
      box = picture_.boxes[box].begins != 0 ? picture_.boxes[box].begins : picture_.boxes[box].children.at(0);
    }
    return picture_.boxes[box].id;
  }

  static const char* fill_of(const Box& box) {
    switch (box.ends) {
      case v1::State::SUCCESS: return "#d6f0dc";
      case v1::State::REFUSED: return "#e6e6ea";
      case v1::State::WITHDRAWN: return "#fdf0cd";
      case v1::State::LAPSED: return "#fde3d0";
      case v1::State::TERMINATED: return "#f9d6d6";
      default: return "white";
    }
  }

  void inside(std::size_t owner, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    for (const std::size_t child : picture_.boxes[owner].children) {
      const Box& box = picture_.boxes[child];
      if (box.kind == Box::Kind::Group) {
        out_ += fmt::format("{0}subgraph \"cluster_{1}\" {{\n{0}  label=\"{2}\"; style=\"{3}\"; fontsize=12;\n", indent, box.id,
                            in_dot(box.label), box.label.empty() ? "dotted" : "rounded");
        inside(child, depth + 1);
        out_ += indent + "}\n";
        continue;
      }
      std::string label = in_dot(box.label);
      if (!box.detail.empty()) label += "\\n(" + in_dot(box.detail) + ")";
      std::string options = fmt::format("label=\"{}\"", label);
      if (box.kind == Box::Kind::End) options += fmt::format(", peripheries=2, fillcolor=\"{}\"", fill_of(box));
      if (box.kind == Box::Kind::Done) options += ", peripheries=2";
      if (box.mark == Mark::New) options += ", penwidth=3";
      if (box.mark == Mark::Changed) options += ", penwidth=2, style=\"rounded,filled,dashed\"";
      if (box.mark == Mark::Gone) options += ", style=\"rounded,dotted\"";
      if (box.kind == Box::Kind::Anywhere) options += ", style=\"rounded,dashed\"";
      out_ += fmt::format("{}{} [{}];\n", indent, box.id, options);
    }
  }

  const Picture& picture_;
  std::string out_;
};

}  // namespace

std::string mermaid_of(const Picture& picture) { return Mermaid(picture).run(); }
std::string dot_of(const Picture& picture) { return Dot(picture).run(); }

std::string draw_mermaid(const v1::Program& program, const v1::Machine& machine, const std::string& language) {
  return mermaid_of(picture_of(program, machine, language));
}

std::string draw_dot(const v1::Program& program, const v1::Machine& machine, const std::string& language) {
  return dot_of(picture_of(program, machine, language));
}

}  // namespace kvali::program
