#include "engine/program/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/program/diff_values.h"
#include "engine/program/source.h"
#include "engine/program/subjects.h"

namespace kvali::program {

namespace {

/// Where the two versions are compared: the place in the YAML, what it is called, the spots that targets are resolved at.
struct At {
  std::string path;
  std::string name;     // "“Submit” (Being written)": at the beginning of a sentence
  std::string context;  // "Being written": behind the label of what stands in it
  std::size_t was_spot = 0, now_spot = 0;
};

/// Whether a sub-message without values is the same as none: it holds lists and nothing of its own.
bool is_folder(const Descriptor& type) {
  return &type == v1::CohortRules::descriptor() || &type == v1::InitiativeRules::descriptor() || &type == v1::Then::descriptor();
}

class Differ {
 public:
  Differ(const v1::Program& was, const v1::Program& now, const std::string& language)
      : was_(was, language, Marks::Plain), now_(now, language, Marks::Plain), tongue_(tongue_of(language)) {
    for (std::size_t i = 1; i < was_.names().spots().size(); ++i) was_spots_.emplace(was_.names()[i].yaml_path, i);
    for (std::size_t i = 1; i < now_.names().spots().size(); ++i) now_spots_.emplace(now_.names()[i].yaml_path, i);
  }

  Difference run() {
    message(was_.program(), now_.program(), {"", differs(Differs::TheProgram, tongue_), "", 0, 0});
    std::stable_sort(out_.changes.begin(), out_.changes.end(), [](const Change& a, const Change& b) { return a.meaning > b.meaning; });
    if (!out_.changes.empty()) out_.verdict = out_.changes.front().meaning;
    return std::move(out_);
  }

 private:
  void tell(std::string path, Meaning meaning, std::string sentence, Differs running = Differs::Otherwise) {
    out_.changes.push_back({std::move(path), meaning, ended(std::move(sentence)), meaning == Meaning::Structure ? differs(running, tongue_) : ""});
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  void message(const Message& was, const Message& now, const At& at) {
    const Descriptor& type = *now.GetDescriptor();
    const FieldDescriptor* key = key_field(type);
    const bool moved = &type == v1::Deadline::descriptor() && deadline(static_cast<const v1::Deadline&>(was), static_cast<const v1::Deadline&>(now), at);
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (&field == key || (moved && (field.name() == "by" || field.name() == "within"))) continue;
      At inner = at;
      inner.path = join_path(at.path, key_of(field));
      if (is_text(field)) {
        text(was, now, field, inner);
      } else if (field.is_repeated()) {
        if (is_keyed_list(field))
          keyed_list(was, now, field, inner);
        else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
          plain_list(was, now, field, inner);
        else
          scalars(was, now, field, inner);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        part(was, now, field, inner);
      } else {
        leaf(was, now, field, inner);
      }
    }
  }

  /// A message of its own inside another: a deadline, a review.
  void part(const Message& was, const Message& now, const FieldDescriptor& field, const At& at) {
    const bool had = was.GetReflection()->HasField(was, &field), has = now.GetReflection()->HasField(now, &field);
    if (!had && !has) return;
    const std::size_t told = out_.changes.size();
    const Message &old = was.GetReflection()->GetMessage(was, &field), &fresh = now.GetReflection()->GetMessage(now, &field);
    if ((had && has) || is_folder(*field.message_type())) message(old, fresh, at);
    if (had == has || out_.changes.size() > told) return;
    const std::string what = value_called(owner_of(field), field.name(), tongue_);
    const std::string said = part_said(has ? now_ : was_, has ? fresh : old);
    tell(at.path, Meaning::Structure, differs(has ? Differs::Set : Differs::Unset, tongue_, {{"name", at.name}, {"what", what}, {"new", said}, {"old", said}}),
         running_of(field, at.path));
  }

  /// Whether the day itself changed, and was told: "now lasts 21 days instead of 14".
  bool deadline(const v1::Deadline& was, const v1::Deadline& now, const At& at) {
    if (was.by() == now.by() && was.within() == now.within()) return false;
    const bool within = !was.within().empty() && !now.within().empty() && was.by() == now.by();
    const bool by = !was.by().empty() && !now.by().empty() && was.within() == now.within();
    Differs which = by ? Differs::EndsBy : Differs::Deadline;
    std::string fresh = deadline_said(now_, now), old = deadline_said(was_, was);
    if (within) {
      which = Differs::Lasts;
      fresh = now_.time(now.within(), Around::Plain);
      old = was_.time(was.within(), Around::Plain);
      // The same unit is said once: "21 days instead of 14".
      const std::size_t fresh_blank = fresh.find(' '), old_blank = old.find(' ');
      const auto a = calendar::parse_period(now.within()), b = calendar::parse_period(was.within());
      const bool same = a && b && (a->days != 0) == (b->days != 0) && (a->working_days != 0) == (b->working_days != 0) &&
                        (a->months % 12 != 0) == (b->months % 12 != 0) && (a->months != 0) == (b->months != 0) && (a->microseconds == 0 && b->microseconds == 0);
      if (same && fresh.find(' ', fresh_blank + 1) == std::string::npos) old.resize(std::min(old_blank, old.size()));
      if (same && a->working_days != 0) old.resize(std::min(old.find(' '), old.size()));
    }
    tell(join_path(at.path, was.by() != now.by() ? "by" : "within"), Meaning::Settings, differs(which, tongue_, {{"name", at.name}, {"new", fresh}, {"old", old}}));
    return true;
  }

  // --- texts --------------------------------------------------------------------------------------------------------

  void text(const Message& was, const Message& now, const FieldDescriptor& field, const At& at) {
    const auto& old = static_cast<const v1::Text&>(was.GetReflection()->GetMessage(was, &field));
    const auto& fresh = static_cast<const v1::Text&>(now.GetReflection()->GetMessage(now, &field));
    std::vector<std::string> languages;
    const auto add = [&](const v1::Text& text) {
      for (const v1::Translation& one : text.translations())
        if (std::find(languages.begin(), languages.end(), one.language()) == languages.end()) languages.push_back(one.language());
    };
    add(old);
    add(fresh);
    const auto find = [](const v1::Text& text, const std::string& language) -> const v1::Translation* {
      for (const v1::Translation& one : text.translations())
        if (one.language() == language) return &one;
      return nullptr;
    };
    const std::string what = value_called(owner_of(field), field.name(), tongue_);
    for (const std::string& language : languages) {
      const v1::Translation *a = find(old, language), *b = find(fresh, language);
      if (a != nullptr && b != nullptr && a->text() == b->text()) continue;
      const Differs which = a == nullptr ? Differs::TextSet : b == nullptr ? Differs::TextUnset : Differs::TextNow;
      tell(at.path, Meaning::Texts,
           differs(which, tongue_, {{"name", at.name},
                                    {"what", what},
                                    {"language", language_said(language, tongue_)},
                                    {"new", b == nullptr ? "" : quoted(b->text(), tongue_)},
                                    {"old", a == nullptr ? "" : quoted(a->text(), tongue_)}}));
    }
  }

  // --- lists of things with names -----------------------------------------------------------------------------------

  static std::vector<const Message*> elements(const Message& owner, const FieldDescriptor& field) {
    std::vector<const Message*> all;
    const int size = owner.GetReflection()->FieldSize(owner, &field);
    all.reserve(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) all.push_back(&owner.GetReflection()->GetRepeatedMessage(owner, &field, i));
    return all;
  }

  At inside(const At& list, const Message& element) const {
    At at = list;
    at.path = join_path(list.path, key_in(element));
    const std::string type = element.GetDescriptor()->name();
    if (type == "Tell") return at;
    const std::string label = label_of(now_, element);
    at.name = list.context.empty() ? quoted(label, tongue_) : fmt::format("{} ({})", quoted(label, tongue_), list.context);
    at.context = label;
    if (is_place(type)) {
      const auto was = was_spots_.find(at.path), now = now_spots_.find(at.path);
      at.was_spot = was == was_spots_.end() ? list.was_spot : was->second;
      at.now_spot = now == now_spots_.end() ? list.now_spot : now->second;
    }
    return at;
  }

  void keyed_list(const Message& was, const Message& now, const FieldDescriptor& field, const At& at) {
    const std::vector<const Message*> old = elements(was, field), fresh = elements(now, field);
    const auto find = [](const std::vector<const Message*>& list, const std::string& key) -> const Message* {
      const auto found = std::find_if(list.begin(), list.end(), [&](const Message* one) { return key_in(*one) == key; });
      return found == list.end() ? nullptr : *found;
    };
    std::vector<const Message*> gone, added;
    for (const Message* one : old)
      if (find(fresh, key_in(*one)) == nullptr) gone.push_back(one);
    for (const Message* one : fresh)
      if (find(old, key_in(*one)) == nullptr) added.push_back(one);
    come_and_go(gone, added, at);
    order(old, fresh, field, at);
    for (const Message* one : fresh)
      if (const Message* before = find(old, key_in(*one))) message(*before, *one, inside(at, *one));
  }

  void come_and_go(const std::vector<const Message*>& gone, std::vector<const Message*> added, const At& at) {
    for (const Message* one : gone) {
      const std::string label = label_of(was_, *one);
      const auto same = std::find_if(added.begin(), added.end(), [&](const Message* other) { return label_of(now_, *other) == label; });
      if (same == added.end()) {
        come_or_go(was_, *one, at, false);
        continue;
      }
      tell(join_path(at.path, key_in(*one)), meaning_of_element(*one),
           differs(Differs::Renamed, tongue_, {{"old", key_in(*one)}, {"new", key_in(**same)}, {"label", quoted(label, tongue_)}}), running_of_element(*one, at.path, false));
      added.erase(same);
    }
    for (const Message* one : added) come_or_go(now_, *one, at, true);
  }

  void come_or_go(const Speaker& speaker, const Message& element, const At& at, bool is_new) {
    const std::string thing = thing_called(element.GetDescriptor()->name(), tongue_), label = quoted(label_of(speaker, element), tongue_), key = key_in(element);
    const Differs which = at.context.empty() ? (is_new ? Differs::New : Differs::Gone) : (is_new ? Differs::NewIn : Differs::GoneIn);
    tell(join_path(at.path, key), meaning_of_element(element),
         differs(which, tongue_, {{"thing", thing}, {"label", label}, {"name", key}, {"place", quoted(at.context, tongue_)}}), running_of_element(element, at.path, is_new));
  }

  /// Order is where an initiative begins and which of two moves is taken; elsewhere it is how it is shown.
  void order(const std::vector<const Message*>& old, const std::vector<const Message*>& fresh, const FieldDescriptor& field, const At& at) {
    std::vector<std::string> before, after;
    for (const Message* one : old)
      if (std::any_of(fresh.begin(), fresh.end(), [&](const Message* other) { return key_in(*other) == key_in(*one); })) before.push_back(key_in(*one));
    for (const Message* one : fresh)
      if (std::any_of(old.begin(), old.end(), [&](const Message* other) { return key_in(*other) == key_in(*one); })) after.push_back(key_in(*one));
    const bool places = field.name() == "stages" || field.name() == "states";
    const bool begins = places && !old.empty() && !fresh.empty() && key_in(*old[0]) != key_in(*fresh[0]);
    if (before == after && !begins) return;
    const bool moves = field.message_type() == v1::Move::descriptor();
    tell(at.path, begins || moves ? Meaning::Structure : Meaning::Texts,
         differs(Differs::Order, tongue_, {{"name", at.name}, {"what", value_called(owner_of(field), field.name(), tongue_)}}), begins ? Differs::Begins : Differs::Guard);
  }

  // --- lists without names: needs, the checklist --------------------------------------------------------------------

  void plain_list(const Message& was, const Message& now, const FieldDescriptor& field, const At& at) {
    std::vector<const Message*> old = elements(was, field), fresh = elements(now, field);
    const std::vector<const Message*> all = fresh;
    std::vector<std::pair<const Message*, const Message*>> pairs;
    const auto pair_up = [&](const auto& alike) {
      for (auto one = old.begin(); one != old.end();) {
        const auto same = std::find_if(fresh.begin(), fresh.end(), [&](const Message* other) { return alike(**one, *other); });
        if (same == fresh.end()) {
          ++one;
          continue;
        }
        pairs.emplace_back(*one, *same);
        fresh.erase(same);
        one = old.erase(one);
      }
    };
    const auto same_value = [](const Message& a, const Message& b, const char* name) {
      const FieldDescriptor* one = a.GetDescriptor()->FindFieldByName(name);
      if (one == nullptr) return false;
      if (one->cpp_type() == FieldDescriptor::CPPTYPE_STRING) return a.GetReflection()->GetString(a, one) == b.GetReflection()->GetString(b, one);
      return a.GetReflection()->GetMessage(a, one).SerializeAsString() == b.GetReflection()->GetMessage(b, one).SerializeAsString();
    };
    pair_up([](const Message& a, const Message& b) { return a.SerializeAsString() == b.SerializeAsString(); });
    const bool moved = old.empty() && fresh.empty() && !std::is_sorted(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) {
      return std::find(all.begin(), all.end(), a.second) < std::find(all.begin(), all.end(), b.second);
    });
    if (moved) tell(at.path, Meaning::Texts, differs(Differs::Order, tongue_, {{"name", at.name}, {"what", value_called(owner_of(field), field.name(), tongue_)}}));
    pair_up([&](const Message& a, const Message& b) { return same_value(a, b, "when"); });
    pair_up([&](const Message& a, const Message& b) { return same_value(a, b, "why"); });
    pair_up([&](const Message& a, const Message& b) { return same_value(a, b, "at"); });  // of findings that are accepted
    for (const auto& [a, b] : pairs) {
      At inner = at;
      const auto place = std::find(all.begin(), all.end(), b) - all.begin();
      inner.path = join_path(at.path, std::to_string(place + 1));
      message(*a, *b, inner);
    }
    for (const Message* one : old) line(was_, *one, at, false);
    for (const Message* one : fresh) line(now_, *one, at, true);
  }

  void line(const Speaker& speaker, const Message& element, const At& at, bool is_new) {
    if (element.GetDescriptor() == v1::Accepted::descriptor()) {
      const auto& one = static_cast<const v1::Accepted&>(element);
      const std::string item = fmt::format("`{}` ({})", one.finding(), one.at()), what = value_called("Program", "accepted", tongue_);
      return tell(at.path, Meaning::Texts, differs(is_new ? Differs::Set : Differs::Unset, tongue_, {{"name", at.name}, {"what", what}, {"new", item}, {"old", item}}));
    }
    const bool need = element.GetDescriptor() == v1::Need::descriptor();
    std::string said;
    if (need) {
      said = speaker.need(static_cast<const v1::Need&>(element));
    } else if (element.GetDescriptor() == v1::Checklist::descriptor()) {
      const auto& one = static_cast<const v1::Checklist&>(element);
      v1::Need as_need;
      as_need.set_when(one.when());
      *as_need.mutable_why() = one.why();
      said = speaker.need(as_need);
    }
    const Differs which = need ? (is_new ? Differs::NeedNew : Differs::NeedGone) : (is_new ? Differs::LineNew : Differs::LineGone);
    tell(at.path, Meaning::Structure, differs(which, tongue_, {{"name", at.name}, {"item", said}}), Differs::Guard);
  }

  // --- plain values -------------------------------------------------------------------------------------------------

  static bool is_set(const Message& owner, const FieldDescriptor& field) { return owner.GetReflection()->HasField(owner, &field); }

  void leaf(const Message& was, const Message& now, const FieldDescriptor& field, const At& at) {
    if (raw_value(was, field, -1) == raw_value(now, field, -1)) return;
    const std::string fresh = value_said(now_, at.now_spot, now, field, -1), old = value_said(was_, at.was_spot, was, field, -1);
    const bool flag = field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL, had = flag || is_set(was, field), has = flag || is_set(now, field);
    const Meaning meaning = meaning_of(owner_of(field), field.name());
    const Differs running = running_of(field, at.path);
    if (const std::string said = special(was, now, field, at, fresh, old); !said.empty()) return tell(at.path, meaning, said, running);
    const Differs which = !had ? Differs::Set : !has ? Differs::Unset : Differs::Now;
    const std::string what = value_called(owner_of(field), field.name(), tongue_);
    tell(at.path, meaning, differs(which, tongue_, {{"name", at.name}, {"what", what}, {"new", fresh}, {"old", old}}), running);
  }

  /// What is changed often has a sentence of its own.
  std::string special(const Message& was, const Message& now, const FieldDescriptor& field, const At& at, const std::string& fresh, const std::string& old) const {
    const std::string& owner = owner_of(field);
    const auto told = [&](Differs which, const std::string& a, const std::string& b) { return differs(which, tongue_, {{"name", at.name}, {"new", a}, {"old", b}}); };
    if (owner == "Role" && field.name() == "load") {
      const std::uint32_t a = static_cast<const v1::Role&>(now).load(), b = static_cast<const v1::Role&>(was).load();
      const std::string none = differs(Differs::Unlimited, tongue_);
      return told(Differs::LoadNow, a == 0 ? none : counted(a, Noun::Initiative, tongue_), b == 0 ? none : a == 0 ? counted(b, Noun::Initiative, tongue_) : old);
    }
    if (owner == "Quota" && (field.name() == "exactly" || field.name() == "at_most") && is_set(was, field) && is_set(now, field)) {
      const std::uint32_t places = now.GetReflection()->GetUInt32(now, &field);
      const std::string said = counted(places, Noun::Place, tongue_);
      return told(Differs::PlacesNow, field.name() == "exactly" ? said : prose(Prose::AtMost, tongue_, {{"amount", said}}), old);
    }
    if (owner == "Criterion" && field.name() == "weight") return told(Differs::WeighsNow, fresh, old);
    if (owner == "Move" && field.name() == "to") return told(Differs::LeadsTo, fresh, old);
    if (owner == "Move" && field.name() == "held") return told(static_cast<const v1::Move&>(now).held() ? Differs::HeldNow : Differs::HeldNoLonger, "", "");
    return {};
  }

  void scalars(const Message& was, const Message& now, const FieldDescriptor& field, const At& at) {
    struct Item {
      std::string raw, said;
    };
    const auto items = [&](const Speaker& speaker, std::size_t spot, const Message& owner) {
      std::vector<Item> all;
      const int size = owner.GetReflection()->FieldSize(owner, &field);
      all.reserve(static_cast<std::size_t>(size));
      for (int i = 0; i < size; ++i) all.push_back({raw_value(owner, field, i), value_said(speaker, spot, owner, field, i)});
      return all;
    };
    const std::vector<Item> old = items(was_, at.was_spot, was), fresh = items(now_, at.now_spot, now);
    const auto rest = [](std::vector<Item> of, const std::vector<Item>& without) {
      for (const Item& one : without) {
        const auto same = std::find_if(of.begin(), of.end(), [&](const Item& other) { return other.raw == one.raw; });
        if (same != of.end()) of.erase(same);
      }
      return of;
    };
    const std::vector<Item> added = rest(fresh, old), gone = rest(old, fresh);
    const Meaning meaning = meaning_of(owner_of(field), field.name());
    const Differs running = running_of(field, at.path);
    const std::string what = value_called(owner_of(field), field.name(), tongue_);
    for (const Item& one : added) tell(at.path, meaning, differs(item_phrase(field, true), tongue_, {{"name", at.name}, {"what", what}, {"item", one.said}}), running);
    for (const Item& one : gone) tell(at.path, meaning, differs(item_phrase(field, false), tongue_, {{"name", at.name}, {"what", what}, {"item", one.said}}), running);
    const bool same = std::equal(old.begin(), old.end(), fresh.begin(), fresh.end(), [](const Item& a, const Item& b) { return a.raw == b.raw; });
    if (added.empty() && gone.empty() && !same) tell(at.path, Meaning::Texts, differs(Differs::Order, tongue_, {{"name", at.name}, {"what", what}}));
  }

  Speaker was_, now_;
  Tongue tongue_;
  std::map<std::string, std::size_t, std::less<>> was_spots_, now_spots_;
  Difference out_;
};

}  // namespace

namespace {

/// The program with no more of its other kinds of subject than what says of them that they are there, and how they begin.
v1::Program with_heads(const v1::Program& program) {
  v1::Program made = program;
  for (v1::Subject& subject : *made.mutable_subjects()) {
    subject.clear_fields();
    subject.clear_sections();
    subject.clear_needs();
    subject.clear_quotas();
    subject.clear_stages();
    subject.clear_anywhere();
    subject.clear_outcomes();
  }
  return made;
}

/// What a small program has of the whole is told there.
void share(const v1::Program& now, v1::Program& was) {
  *was.mutable_languages() = now.languages();
  was.set_timezone(now.timezone());
  *was.mutable_calendar() = now.calendar();
  *was.mutable_roles() = now.roles();
  *was.mutable_messages() = now.messages();
  *was.mutable_title() = now.title();
  *was.mutable_cohort()->mutable_parameters() = now.cohort().parameters();
  if (now.cohort().has_localities()) *was.mutable_cohort()->mutable_localities() = now.cohort().localities();
  *was.mutable_initiative()->mutable_label() = now.initiative().label();
}

}  // namespace

Difference difference(const v1::Program& was, const v1::Program& now, const std::string& language) {
  const v1::Program old_heads = with_heads(was), new_heads = with_heads(now);
  Difference told = Differ(old_heads, new_heads, language).run();
  for (const v1::Subject& subject : now.subjects()) {
    const auto before = std::find_if(was.subjects().begin(), was.subjects().end(), [&](const v1::Subject& one) { return one.name() == subject.name(); });
    if (before == was.subjects().end()) continue;
    const v1::Program small = program_of(now, subject);
    v1::Program old = program_of(was, *before);
    share(small, old);
    const Speaker speaker(small, language, Marks::Plain);
    for (Change& change : Differ(old, small, language).run().changes) {
      change.path = path_in_whole(change.path, subject.name());
      change.sentence = fmt::format("{}: {}", speaker.text(subject.label()), change.sentence);
      told.verdict = std::max(told.verdict, change.meaning);
      told.changes.push_back(std::move(change));
    }
  }
  std::stable_sort(told.changes.begin(), told.changes.end(), [](const Change& a, const Change& b) { return a.meaning > b.meaning; });
  return told;
}

std::string_view to_string(Meaning meaning) {
  switch (meaning) {
    case Meaning::Nothing: return "identical";
    case Meaning::Texts: return "texts";
    case Meaning::Settings: return "settings";
    case Meaning::Structure: return "structure";
  }
  return "";
}

std::string to_text(const Difference& difference, const std::string& language) {
  const Tongue tongue = tongue_of(language);
  struct Words {
    Differs verdict, heading;
  };
  const auto words = [](Meaning meaning) -> Words {
    switch (meaning) {
      case Meaning::Nothing: return {Differs::Same, Differs::Same};
      case Meaning::Texts: return {Differs::TextsOnly, Differs::HeadTexts};
      case Meaning::Settings: return {Differs::SettingsOnly, Differs::HeadSettings};
      case Meaning::Structure: break;
    }
    return {Differs::StructureToo, Differs::HeadStructure};
  };
  std::string out = fmt::format("{}\n", differs(words(difference.verdict).verdict, tongue));
  Meaning under = Meaning::Nothing;
  for (const Change& change : difference.changes) {
    if (change.meaning != under) out += fmt::format("\n## {}\n\n", differs(words(change.meaning).heading, tongue));
    under = change.meaning;
    out += fmt::format("- {}\n", change.sentence);
    if (!change.running.empty()) out += fmt::format("  {}\n", differs(Differs::Running, tongue, {{"text", change.running}}));
  }
  return out;
}

}  // namespace kvali::program
