#include "engine/program/draw.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/program/layout.h"
#include "engine/program/picture.h"
#include "engine/program/program.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Loaded garden() {
  Loaded loaded = load({{"program.yaml", testing::read_file("tests/engine/program/broken/base.yaml")}});
  EXPECT_TRUE(loaded.ok());
  return loaded;
}

TEST(Draw, MakesMermaidDotAndSvgOfASmallProgram) {
  const Loaded loaded = garden();
  testing::expect_golden("garden.mmd", draw_mermaid(loaded.program, loaded.machine, "en"));
  testing::expect_golden("garden.dot", draw_dot(loaded.program, loaded.machine, "en"));
  testing::expect_golden("garden.svg", draw_svg(loaded.program, loaded.machine, "en"));
}

TEST(Draw, SpeaksTheLanguageThatIsAskedFor) {
  const Loaded loaded = load(testing::workflow("socifaction-2017"));
  const std::string picture = draw_svg(loaded.program, loaded.machine, "lt");
  EXPECT_THAT(picture, HasSubstr("Rašoma"));
  EXPECT_THAT(picture, HasSubstr("Terminas praėjo")) << "kvali's own words too";
  EXPECT_THAT(picture, Not(HasSubstr("Being written")));
}

TEST(Draw, ShowsAMoveFromAnywhereOnce) {
  const Loaded loaded = garden();
  const Picture picture = picture_of(loaded.program, loaded.machine, "en");
  int withdrawing = 0;
  for (const Line& line : picture.lines) {
    withdrawing += static_cast<int>(std::count(line.labels.begin(), line.labels.end(), "Withdraw (School)"));
  }
  EXPECT_EQ(withdrawing, 1);
}

TEST(Draw, KeepsTheTextsOfAProgramTexts) {
  std::string text = testing::read_file("tests/engine/program/broken/base.yaml");
  const std::string from = "label: Offered";
  text.replace(text.find(from), from.size(), R"~(label: "<b>\"Off\\ered\": #1; & more</b>")~");
  const Loaded loaded = load({{"program.yaml", text}});
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(draw_svg(loaded.program, loaded.machine, "en"), HasSubstr("&lt;b&gt;&quot;Off\\ered&quot;: #1; &amp; more&lt;/b&gt;"));
  EXPECT_THAT(draw_dot(loaded.program, loaded.machine, "en"), HasSubstr(R"~(label="<b>\"Off\\ered\": #1; & more</b>\n(School)")~"));
  EXPECT_THAT(draw_mermaid(loaded.program, loaded.machine, "en"), HasSubstr("state \"‹b›”Off\\ered”∶ ＃1, & more‹/b›<br/>(School)\""));
}

bool overlap(Point a, Size a_size, Point b, Size b_size) {
  return a.x < b.x + b_size.width && b.x < a.x + a_size.width && a.y < b.y + b_size.height && b.y < a.y + a_size.height;
}

TEST(Layout, PutsNoBoxAndNoLabelOnAnother) {
  // A made-up tangle: long lines, circles, lines to itself, boxes that nothing leads to.
  std::vector<Size> boxes;
  std::vector<LayoutLine> lines;
  for (std::size_t i = 0; i < 24; ++i) boxes.push_back({40 + static_cast<double>(i * 37 % 90), 20 + static_cast<double>(i * 17 % 50)});
  for (std::size_t i = 0; i < 60; ++i) lines.push_back({i * 7 % 24, i * i * 5 % 24, {30 + static_cast<double>(i % 5) * 20, 16}});
  const Layout layout = lay_out(boxes, lines);
  ASSERT_EQ(layout.boxes.size(), boxes.size());
  ASSERT_EQ(layout.lines.size(), lines.size());
  std::vector<std::pair<Point, Size>> placed;
  for (std::size_t i = 0; i < boxes.size(); ++i) placed.emplace_back(layout.boxes[i], boxes[i]);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (layout.lines[i].empty()) continue;
    const Size size = lines[i].label;
    placed.emplace_back(Point{layout.labels[i].x - size.width / 2, layout.labels[i].y - size.height / 2}, size);
  }
  for (std::size_t a = 0; a < placed.size(); ++a) {
    const auto& [at, size] = placed[a];
    EXPECT_TRUE(at.x >= -0.01 && at.y >= -0.01 && at.x + size.width <= layout.size.width + 0.01 && at.y + size.height <= layout.size.height + 0.01) << a;
    for (std::size_t b = a + 1; b < placed.size(); ++b) EXPECT_FALSE(overlap(at, size, placed[b].first, placed[b].second)) << a << " " << b;
  }
}

TEST(Layout, LetsLinesGoDownAndTurnsOnlyCircles) {
  const std::vector<Size> boxes(3, Size{50, 20});
  const Layout layout = lay_out(boxes, {{0, 1, {20, 16}}, {1, 2, {20, 16}}, {2, 0, {20, 16}}});
  EXPECT_LT(layout.boxes[0].y, layout.boxes[1].y);
  EXPECT_LT(layout.boxes[1].y, layout.boxes[2].y);
  EXPECT_GT(layout.lines[2].front().y, layout.lines[2].back().y) << "the way back goes up";
}

TEST(Layout, OfNothingIsNothing) {
  EXPECT_EQ(lay_out({}, {}).size.width, 0);
  EXPECT_EQ(lay_out({{10, 10}}, {{0, 0, {5, 5}}}).size.height, 10);
}

}  // namespace
}  // namespace kvali::program
