#include "engine/program/layout.h"

#include <algorithm>
#include <cstdint>

#include "engine/limits.h"

namespace kvali::program {

namespace {

constexpr double gap_x = 28;         // between neighbours of a layer
constexpr double gap_y = 18;         // between layers
constexpr int sweeps = 24;           // of ordering: later ones change nothing in pictures of our size

/// A box, a label, or a bend of a long line.
struct Item {
  std::size_t layer = 0;
  Size size;
  double x = 0;  // of the centre
  std::vector<std::size_t> above, below;
};

/// From where to where a layer reaches.
struct Band {
  double top;
  double bottom;
};

class Layers {
 public:
  Layers(const std::vector<Size>& boxes, const std::vector<LayoutLine>& lines) : lines_(lines), box_count_(boxes.size()) {
    for (const Size& size : boxes) {
      items_.emplace_back();
      items_.back().size = size;
    }
  }

  Layout run() {
    turn_back_lines();
    rank();
    add_chains();
    fill_layers();
    order();
    place_x();
    for (const auto& chain : chains_) straighten(chain);
    return result();
  }

 private:
  // --- layers ---------------------------------------------------------------------------------------------------------

  /// Lines that close a circle are laid out upside down.
  void turn_back_lines() {
    turned_.assign(lines_.size(), false);
    std::vector<int> seen(box_count_, 0);  // 1: on the way, 2: done
    for (std::size_t box = 0; box < box_count_; ++box) visit(box, seen);
  }

  void visit(std::size_t box, std::vector<int>& seen) {
    if (seen[box] != 0) return;
    seen[box] = 1;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].from != box || lines_[i].to == box) continue;
      if (seen[lines_[i].to] == 1) {
        turned_[i] = true;
      } else {
        visit(lines_[i].to, seen);
      }
    }
    seen[box] = 2;
  }

  [[nodiscard]] std::size_t upper(std::size_t line) const { return turned_[line] ? lines_[line].to : lines_[line].from; }
  [[nodiscard]] std::size_t lower(std::size_t line) const { return turned_[line] ? lines_[line].from : lines_[line].to; }
  [[nodiscard]] bool is_loop(std::size_t line) const { return lines_[line].from == lines_[line].to; }

  /// Longest ways from the top; labels lie in layers of their own, so boxes have the even ones.
  void rank() {
    for (std::size_t round = 0; round <= box_count_; ++round) {
      bool moved = false;
      for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (is_loop(i)) continue;
        const std::size_t least = items_[upper(i)].layer + 2;
        if (items_[lower(i)].layer < least) {
          items_[lower(i)].layer = least;
          moved = true;
        }
      }
      if (!moved) break;
    }
    // Whoever nothing leads to stands right above what it leads to.
    for (std::size_t box = 0; box < box_count_; ++box) {
      bool has_upper = false;
      std::size_t next = SIZE_MAX;
      for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (is_loop(i)) continue;
        has_upper = has_upper || lower(i) == box;
        if (upper(i) == box) next = std::min(next, items_[lower(i)].layer);
      }
      if (!has_upper && next != SIZE_MAX) items_[box].layer = next - 2;
    }
  }

  void add_chains() {
    chains_.resize(lines_.size());
    std::size_t bends = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) bends += is_loop(i) ? 0 : items_[lower(i)].layer - items_[upper(i)].layer;
    const bool straight = bends > limits::picture_bends_max;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (is_loop(i)) continue;
      const std::size_t first = items_[upper(i)].layer + 1;
      const std::size_t end = straight ? first + 1 : items_[lower(i)].layer;
      std::size_t before = upper(i);
      for (std::size_t layer = first; layer < end; ++layer) {
        Item item;
        item.layer = layer;
        if (layer == first) item.size = lines_[i].label;
        item.above.push_back(before);
        items_.push_back(item);
        items_[before].below.push_back(items_.size() - 1);
        before = items_.size() - 1;
        chains_[i].push_back(before);
      }
      items_[before].below.push_back(lower(i));
      items_[lower(i)].above.push_back(before);
    }
  }

  void fill_layers() {
    std::size_t count = 0;
    for (const Item& item : items_) count = std::max(count, item.layer + 1);
    layers_.resize(count);
    for (std::size_t i = 0; i < items_.size(); ++i) layers_[items_[i].layer].push_back(i);
  }

  // --- order in a layer -----------------------------------------------------------------------------------------------

  [[nodiscard]] std::vector<std::size_t> ranks_in_layers() const {
    std::vector<std::size_t> at(items_.size());
    for (const auto& layer : layers_) {
      for (std::size_t i = 0; i < layer.size(); ++i) at[layer[i]] = i;
    }
    return at;
  }

  [[nodiscard]] std::size_t crossings() const {
    const std::vector<std::size_t> at = ranks_in_layers();
    std::size_t count = 0;
    for (const auto& layer : layers_) {
      std::vector<std::pair<std::size_t, std::size_t>> edges;
      for (const std::size_t item : layer) {
        for (const std::size_t to : items_[item].below) edges.emplace_back(at[item], at[to]);
      }
      for (std::size_t a = 0; a < edges.size(); ++a) {
        for (std::size_t b = a + 1; b < edges.size(); ++b) {
          const bool left = edges[a].first < edges[b].first && edges[a].second > edges[b].second;
          const bool right = edges[a].first > edges[b].first && edges[a].second < edges[b].second;
          count += left || right ? 1 : 0;
        }
      }
    }
    return count;
  }

  void sort_layer(std::vector<std::size_t>& layer, bool by_above) {
    const std::vector<std::size_t> at = ranks_in_layers();
    std::vector<std::pair<double, std::size_t>> keyed;
    for (const std::size_t item : layer) {
      const auto& neighbours = by_above ? items_[item].above : items_[item].below;
      double sum = 0;
      for (const std::size_t n : neighbours) sum += static_cast<double>(at[n]) / static_cast<double>(layers_[items_[n].layer].size());
      const double own = static_cast<double>(at[item]) / static_cast<double>(layer.size());
      keyed.emplace_back(neighbours.empty() ? own : sum / static_cast<double>(neighbours.size()), item);
    }
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < layer.size(); ++i) layer[i] = keyed[i].second;
  }

  void order() {
    auto best = layers_;
    std::size_t fewest = crossings();
    for (int sweep = 0; sweep < sweeps && fewest > 0; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 1; i < layers_.size(); ++i) sort_layer(layers_[down ? i : layers_.size() - 1 - i], down);
      const std::size_t now = crossings();
      if (now >= fewest) continue;
      fewest = now;
      best = layers_;
    }
    layers_ = std::move(best);
  }

  // --- places ---------------------------------------------------------------------------------------------------------

  [[nodiscard]] double needed(std::size_t left, std::size_t right) const {
    const bool bends = items_[left].size.width == 0 && items_[right].size.width == 0;
    return (items_[left].size.width + items_[right].size.width) / 2 + (bends ? gap_x / 2 : gap_x);
  }

  /// Moves a layer's items as near to `wanted` as their widths allow: neighbours that would overlap move as one block.
  void settle(const std::vector<std::size_t>& layer, const std::vector<double>& wanted) {
    struct Block {
      double sum;
      double weight;
      std::size_t first;
      [[nodiscard]] double at() const { return sum / weight; }
    };
    std::vector<Block> blocks;
    double offset = 0;
    std::vector<double> offsets;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (i > 0) offset += needed(layer[i - 1], layer[i]);
      offsets.push_back(offset);
      // Bends pull harder, so that long lines run straight.
      const double weight = items_[layer[i]].size.width == 0 ? 4 : 1;
      blocks.push_back({(wanted[i] - offset) * weight, weight, i});
      while (blocks.size() > 1 && blocks[blocks.size() - 2].at() > blocks.back().at()) {
        const Block last = blocks.back();
        blocks.pop_back();
        blocks.back().sum += last.sum;
        blocks.back().weight += last.weight;
      }
    }
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const std::size_t end = b + 1 < blocks.size() ? blocks[b + 1].first : layer.size();
      for (std::size_t i = blocks[b].first; i < end; ++i) items_[layer[i]].x = blocks[b].at() + offsets[i];
    }
  }

  void place_x() {
    for (const auto& layer : layers_) settle(layer, std::vector<double>(layer.size(), 0));
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      for (std::size_t i = 0; i < layers_.size(); ++i) {
        const auto& layer = layers_[sweep % 2 == 0 ? i : layers_.size() - 1 - i];
        std::vector<double> wanted;
        for (const std::size_t item : layer) wanted.push_back(middle_of_neighbours(items_[item]));
        settle(layer, wanted);
      }
    }
  }

  /// Whether `item` may stand at `x` between its neighbours.
  [[nodiscard]] bool fits(std::size_t item, double x) const {
    const auto& layer = layers_[items_[item].layer];
    const auto at = static_cast<std::size_t>(std::find(layer.begin(), layer.end(), item) - layer.begin());
    constexpr double rounding = 1e-6;
    if (at > 0 && x - items_[layer[at - 1]].x < needed(layer[at - 1], item) - rounding) return false;
    return at + 1 == layer.size() || items_[layer[at + 1]].x - x >= needed(item, layer[at + 1]) - rounding;
  }

  /// Puts the bends of a long line under one another where there is room.
  void straighten(const std::vector<std::size_t>& chain) {
    if (chain.size() < 3) return;  // the first is the label
    const std::vector<std::size_t> bends(chain.begin() + 1, chain.end());
    std::vector<double> places;
    double mean = 0;
    for (const std::size_t bend : bends) {
      places.push_back(items_[bend].x);
      mean += items_[bend].x / static_cast<double>(bends.size());
    }
    places.insert(places.begin(), {mean, items_[chain.front()].x});
    for (const double x : places) {
      if (!std::all_of(bends.begin(), bends.end(), [&](std::size_t bend) { return fits(bend, x); })) continue;
      for (const std::size_t bend : bends) items_[bend].x = x;
      return;
    }
  }

  [[nodiscard]] double middle_of_neighbours(const Item& item) const {
    double sum = 0, count = 0;
    for (const auto* side : {&item.above, &item.below}) {
      for (const std::size_t n : *side) {
        // A bend follows the bends next to it before all else.
        const double weight = item.size.width == 0 && items_[n].size.width == 0 ? 8 : 1;
        sum += items_[n].x * weight;
        count += weight;
      }
    }
    return count == 0 ? item.x : sum / count;
  }

  // --- what comes out -------------------------------------------------------------------------------------------------

  Layout result() {
    double left = 0, right = 0;
    for (const Item& item : items_) {
      left = std::min(left, item.x - item.size.width / 2);
      right = std::max(right, item.x + item.size.width / 2);
    }
    for (Item& item : items_) item.x -= left;
    std::vector<Band> bands;
    double y = 0;
    for (const auto& layer : layers_) {
      double height = 0;
      for (const std::size_t item : layer) height = std::max(height, items_[item].size.height);
      bands.push_back({y, y + height});
      y += height + gap_y;
    }
    Layout layout;
    layout.size = {right - left, std::max(0.0, y - gap_y)};
    // Boxes hang from the top of their layer, so that lines from above need not pass beside taller ones.
    for (std::size_t i = 0; i < box_count_; ++i) {
      layout.boxes.push_back({items_[i].x - items_[i].size.width / 2, bands[items_[i].layer].top});
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) add_line(i, bands, layout);
    return layout;
  }

  /// Where on the border of a box one of several lines begins: side by side, in the order of where they go.
  [[nodiscard]] double port(std::size_t box, bool below, std::size_t neighbour) const {
    std::vector<std::size_t> sorted = below ? items_[box].below : items_[box].above;
    std::stable_sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) { return items_[a].x < items_[b].x; });
    const auto at = std::find(sorted.begin(), sorted.end(), neighbour) - sorted.begin();
    const double share = static_cast<double>(at + 1) / static_cast<double>(sorted.size() + 1);
    const double width = std::min(items_[box].size.width * 0.8, 40.0 * static_cast<double>(sorted.size()));
    return items_[box].x + (share - 0.5) * width;
  }

  void add_line(std::size_t line, const std::vector<Band>& bands, Layout& layout) {
    layout.lines.emplace_back();
    if (is_loop(line)) {
      layout.labels.emplace_back();
      return;
    }
    const auto& chain = chains_[line];
    const std::size_t top = upper(line), bottom = lower(line);
    std::vector<Point>& points = layout.lines.back();
    const Band& first = bands[items_[top].layer];
    const double start = port(top, true, chain.front());
    points.push_back({start, first.top + items_[top].size.height});
    // Through its whole layer a line runs straight down, past whatever stands beside it.
    if (first.top + items_[top].size.height < first.bottom) points.push_back({start, first.bottom});
    for (const std::size_t item : chain) {
      const Band& band = bands[items_[item].layer];
      points.push_back({items_[item].x, band.top});
      if (band.top < band.bottom) points.push_back({items_[item].x, band.bottom});
    }
    points.push_back({port(bottom, false, chain.back()), bands[items_[bottom].layer].top});
    if (turned_[line]) std::reverse(points.begin(), points.end());
    const Band& label = bands[items_[chain.front()].layer];
    layout.labels.push_back({items_[chain.front()].x, (label.top + label.bottom) / 2});
  }

  const std::vector<LayoutLine>& lines_;
  std::size_t box_count_;
  std::vector<Item> items_;  // the boxes, then what lies between
  std::vector<bool> turned_;
  std::vector<std::vector<std::size_t>> chains_;  // of a line: its label, then its bends, from top to bottom
  std::vector<std::vector<std::size_t>> layers_;
};

}  // namespace

Layout lay_out(const std::vector<Size>& boxes, const std::vector<LayoutLine>& lines) { return Layers(boxes, lines).run(); }

}  // namespace kvali::program
