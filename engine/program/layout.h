#pragma once
// A small layered layout: boxes of given sizes and lines between them, placed top to bottom so that lines go down wherever they
// can. The same input gives the same places.
#include <cstddef>
#include <string>
#include <vector>

namespace kvali::program {

struct Size {
  double width = 0;
  double height = 0;
};

struct Point {
  double x = 0;
  double y = 0;
};

/// A line to be laid out, from one box to another (by index), with a label of its own size.
struct LayoutLine {
  std::size_t from = 0;
  std::size_t to = 0;
  Size label;
};

struct Layout {
  Size size;                                    // of everything
  std::vector<Point> boxes;                     // the top left corner of each
  std::vector<Point> labels;                    // the centre of each line's label
  std::vector<std::vector<Point>> lines;        // from the border of one box to the border of the other
};

/// Places `boxes` and `lines`. Lines from a box to itself are not drawn: their paths stay empty.
Layout lay_out(const std::vector<Size>& boxes, const std::vector<LayoutLine>& lines);

}  // namespace kvali::program
