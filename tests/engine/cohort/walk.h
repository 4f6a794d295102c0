#pragma once
// Random walks: commands that are mostly what somebody might ask, sometimes nonsense, of every kind there is. From a seed, so
// that what one finds can be walked again.
#include <random>
#include <set>
#include <string>

#include "tests/engine/cohort/practice.h"

namespace kvali::cohort::testing {

class Walk : public Practice {
 public:
  /// `text`: the program itself in YAML, in place of the file of that name.
  Walk(std::uint64_t seed, const std::string& program, bool rehearsal, const std::string& text = {});

  /// One command, or time passing. Gives what was asked, and the code of its refusal.
  void step();

  [[nodiscard]] const std::string& last() const { return last_; }
  [[nodiscard]] const std::set<std::string>& done() const { return done_; }  // kinds of command that were carried out
  [[nodiscard]] const std::set<std::uint32_t>& arrows() const { return arrows_; }  // of the initiative's machine, taken

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(list.size())];
  }
  const Initiative* some_initiative();
  std::string some_person() { return one_of(people_); }
  std::string some_locality() { return one_of(localities_); }
  std::string who_may(const Initiative& initiative, const google::protobuf::RepeatedPtrField<std::string>& roles);
  v1::Value some_value(const v1::Field& field);
  v1::Date some_date();
  void fill(google::protobuf::RepeatedPtrField<v1::FieldInput>& inputs, const google::protobuf::RepeatedPtrField<v1::Field>& fields, std::uint64_t percent);
  void reason(v1::Value& value) { value.set_text("Because"); }

  void begin();
  void save();
  void move();
  void task();
  void decisions();
  void exception();
  void manage();
  void roles();
  void deadline();
  void review();  // walk_review.cc: readers, conflicts, translations
  void odd();
  void choose();  // where a body decides: votes, terms, minutes, selections, what is taken back
  void pass();
  void tell(const std::string& actor, v1::Command command, const std::string& fresh = {});

  std::mt19937_64 random_;
  bool rehearsal_;
  std::vector<std::string> people_, localities_;
  std::string last_;
  std::set<std::string> done_;
  std::set<std::uint32_t> arrows_;
  std::uint64_t made_ = 0;
};

}  // namespace kvali::cohort::testing
