// The printer's promise: what it writes is read as the same tree.
#include <cstdlib>
#include <random>

#include "tests/engine/expression/evaluate.h"
#include "tests/engine/expression/random_tree.h"

namespace kvali::expression {
namespace {

std::string random_bytes(std::mt19937_64& random) {
  std::string bytes(20 + random() % 400, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(Print, WritesRandomTreesSoThatTheyAreReadAgain) {
  constexpr std::uint64_t seed = 2017;
  const char* asked = std::getenv("KVALI_LONG");
  const int trees = asked != nullptr && *asked != '\0' ? 1'000'000 : 5'000;
  std::mt19937_64 random(seed);
  int read = 0;
  for (int i = 0; i < trees; ++i) {
    const std::string bytes = random_bytes(random);
    testing::Choices choices(bytes);
    auto tree = std::make_shared<Tree>(testing::random_tree(choices, 3 + i % 6));
    const Expression made(std::move(tree));
    const std::string text = made.to_text();
    if (text.size() > limits::guard_bytes_max) continue;
    SCOPED_TRACE(text);
    const auto again = compile(text);
    ASSERT_TRUE(again) << testing::told(again.error());
    ASSERT_TRUE(testing::same_tree(made.tree().root, again->tree().root)) << again->to_text();
    ASSERT_EQ(again->tree().slots, made.tree().slots);
    ASSERT_EQ(again->to_text(), text);
    ++read;
  }
  EXPECT_GT(read, trees * 9 / 10);
}

}  // namespace
}  // namespace kvali::expression
