// Types as they are written, and which may stand where.
#include "engine/expression/type.h"

#include "engine/expression/unification.h"
#include "tests/engine/expression/evaluate.h"

namespace kvali::expression {
namespace {

TEST(Type, IsReadAsItIsWritten) {
  for (const char* written : {"dyn", "null", "int", "list(int)", "map(string, dyn)", "optional(list(date))", "wrapper(int)",
                              "{starts: date, title: sealed}", "list({})", "map(A, list(B))", "type", "period"}) {
    const auto type = type_of(written);
    ASSERT_TRUE(type.has_value()) << written;
    EXPECT_EQ(to_text(*type), written);
  }
  EXPECT_EQ(to_text(*type_of("optional_type( google.protobuf.Timestamp )")), "optional(timestamp)");
  EXPECT_EQ(to_text(*type_of("{b: int, a: null_type}")), "{a: null, b: int}");
}

TEST(Type, IsNotReadFromWhatIsNone) {
  for (const char* written : {"", "integer", "list", "list(", "list()", "map(int)", "list(int", "int)", "{a}", "{a: }", "{: int}", "a.b"})
    EXPECT_FALSE(type_of(written).has_value()) << written;
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += "list(";
  EXPECT_FALSE(type_of(deep).has_value());
}

TEST(Type, EqualsWhateverSizesWereSaid) {
  EXPECT_EQ(Type(TypeKind::String).at_most(3), Type(TypeKind::String));
  EXPECT_FALSE(Type(TypeKind::String) == Type(TypeKind::Int));
  EXPECT_FALSE(*type_of("list(int)") == *type_of("list(uint)"));
  EXPECT_FALSE(*type_of("{a: int}") == *type_of("{b: int}"));
}

bool may_stand(const char* from, const char* to) { return Unification().assignable(*type_of(from), *type_of(to)); }

TEST(Unification, LetsDynStandEverywhereButForWhatIsSealed) {
  EXPECT_TRUE(may_stand("dyn", "list(int)"));
  EXPECT_TRUE(may_stand("list(int)", "dyn"));
  EXPECT_TRUE(may_stand("list(dyn)", "list(string)"));
  EXPECT_TRUE(may_stand("map(string, int)", "map(dyn, dyn)"));
  EXPECT_FALSE(may_stand("list(int)", "list(string)"));
  EXPECT_FALSE(may_stand("sealed", "dyn"));
  EXPECT_TRUE(may_stand("sealed", "sealed"));
}

TEST(Unification, LetsNullStandWhereItMay) {
  for (const char* type : {"wrapper(int)", "timestamp", "duration", "optional(int)", "{a: int}", "null", "dyn"})
    EXPECT_TRUE(may_stand("null", type)) << type;
  for (const char* type : {"int", "bool", "string", "list(int)", "map(int, int)"}) EXPECT_FALSE(may_stand("null", type)) << type;
  EXPECT_TRUE(may_stand("wrapper(int)", "int"));
  EXPECT_TRUE(may_stand("int", "wrapper(int)"));
  EXPECT_FALSE(may_stand("wrapper(int)", "string"));
}

TEST(Unification, FindsWhatAParameterStandsFor) {
  Unification unification;
  const Type a = unification.fresh();
  EXPECT_TRUE(unification.assignable(*type_of("list(int)"), Type::list(a)));
  EXPECT_EQ(to_text(unification.settled(a)), "int");
  EXPECT_FALSE(unification.assignable(*type_of("list(string)"), Type::list(a)));
  EXPECT_EQ(to_text(unification.settled(a)), "int");
  EXPECT_TRUE(unification.assignable(*type_of("list(dyn)"), Type::list(a)));
  EXPECT_EQ(to_text(unification.settled(a)), "dyn");
}

TEST(Unification, MakesNoTypeThatHoldsItself) {
  Unification unification;
  const Type a = unification.fresh();
  EXPECT_FALSE(unification.assignable(Type::list(a), a));
  EXPECT_EQ(to_text(unification.settled(a)), "dyn");
}

}  // namespace
}  // namespace kvali::expression
