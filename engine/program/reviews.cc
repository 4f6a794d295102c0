#include "engine/program/reviews.h"

#include <cstdlib>

namespace kvali::program {

std::vector<ReviewAt> reviews_of(const Spot& spot) {
  std::vector<ReviewAt> found;
  if (spot.state == nullptr) return found;
  if (spot.state->has_review()) found.push_back({&spot.state->review(), "review", spot.yaml_path + ".review"});
  for (const v1::Review& one : spot.state->reviews()) found.push_back({&one, one.name(), spot.yaml_path + ".reviews." + one.name()});
  return found;
}

std::vector<ReviewAt> reviews_of(const Names& names) {
  std::vector<ReviewAt> all;
  for (const Spot& spot : names.spots())
    for (ReviewAt& one : reviews_of(spot)) all.push_back(std::move(one));
  return all;
}

bool read_figure(const std::string& text, double& figure) {
  const std::size_t digits = text.starts_with('-') ? 1 : 0, point = text.find('.');
  const auto all_digits = [&](std::size_t from, std::size_t to) {
    return from < to && to - from <= 9 && text.find_first_not_of("0123456789", from) >= to;
  };
  const std::size_t whole_end = point == std::string::npos ? text.size() : point;
  if (!all_digits(digits, whole_end) || (point != std::string::npos && !all_digits(point + 1, text.size()))) return false;
  figure = std::strtod(text.c_str(), nullptr);
  return true;
}

}  // namespace kvali::program
