#pragma once
// One explanation as it is put into words. Included by the sources of say.h only.
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/say.h"
#include "engine/expression/say_words.h"

namespace kvali::expression {

class Sayer {
 public:
  Sayer(const Explanation& explanation, const Labels& labels, std::string_view code, const calendar::Zone& zone)
      : explanation_(explanation), labels_(labels), code_(code), language_(language_of(code)), zone_(zone) {}
  std::string run();

 private:
  /// A list whose element is spoken of.
  struct Place {
    std::string path;
    std::string name;  // "Meeting 2"
  };
  /// A comparison with what is spoken of on its left, and as it would have to be.
  struct Compared {
    const Term* left = nullptr;
    const Term* right = nullptr;
    Function function = Function::Equal;
  };
  /// A point of time that `now` is compared with: `base` moved by `offset`.
  struct Moment {
    const Term* base = nullptr;
    calendar::Period offset;
    Function function = Function::GreaterEqual;  // now FUNCTION the moment
  };

  // say.cc: parts.
  void add(std::string sentence);
  void part(const Part& part);
  void elements(const Part& part);
  void alternatives(const Part& part);
  void given(const Part& part);
  void failure(const Part& part);
  void fallback(const Part& part);
  bool truth(const Part& part);
  bool has(const Part& part);
  bool membership(const Part& part);
  bool call(const Part& part);
  bool count(const Part& part);

  // say_comparisons.cc: comparisons.
  bool comparison(const Part& part);
  bool of_time(const Part& part, const Compared& compared);
  bool reached(const Part& part, const Moment& moment);
  bool passed(const Moment& moment);
  bool of_share(const Compared& compared);
  bool of_values(const Compared& compared);
  std::string against(const Compared& compared, const std::string& value, const std::string& need, bool one) const;
  static bool moment_of(Compared compared, Moment& moment);

  // Names and values.
  std::string name(const Term& term) const;
  std::string name_of_path(const std::string& path) const;
  static std::string path_of(const Term& term);
  std::string value(const Term& term) const;
  void note_date(calendar::Instant instant) { told_ = told_ || instant == explanation_.will_hold_at; }
  bool reads_as_count(const Value& value, const std::string& path) const;
  std::string value(const Value& value, const std::string& path, int depth = 0) const;
  std::string list(const Value& value, const std::string& path, int depth) const;
  std::string say_date(calendar::Instant instant, Case form) const { return instant_in(instant, zone_, form, language_); }

  const Explanation& explanation_;
  const Labels& labels_;
  std::string_view code_;
  Language language_;
  const calendar::Zone& zone_;
  std::vector<Place> places_;
  std::vector<std::string> sentences_;
  bool told_ = false;  // a sentence said already from when on the whole holds
};

/// The comparison that is true exactly when `function` is not; and the one with its sides exchanged.
Function negated(Function function);
Function exchanged(Function function);

}  // namespace kvali::expression
