#pragma once
// A program as a picture: Mermaid for documents, DOT for Graphviz, SVG for the screen, drawn here without any other tool.
#include <string>

#include "engine/program/picture.h"
#include "kvali/v1/machine.pb.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// A Mermaid stateDiagram-v2. Texts in `language`, else in the program's first. Pure, like all of them: the same program gives
/// the same bytes.
std::string draw_mermaid(const v1::Program& program, const v1::Machine& machine, const std::string& language);

/// A digraph for Graphviz: stages as clusters.
std::string draw_dot(const v1::Program& program, const v1::Machine& machine, const std::string& language);

/// An SVG that follows the reader's light or dark theme (prefers-color-scheme) and stands alone: no fonts, no scripts.
std::string draw_svg(const v1::Program& program, const v1::Machine& machine, const std::string& language);

/// The same of a picture that was made: of one version, or of what changed between two (picture_since).
std::string mermaid_of(const Picture& picture);
std::string dot_of(const Picture& picture);
std::string svg_of(const Picture& picture);

}  // namespace kvali::program
