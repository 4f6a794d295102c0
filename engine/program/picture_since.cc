// The picture of a version with what came, changed and went since another. Signs stand before the words, so that it reads
// without colours: + new, ± changed, − gone.
#include <algorithm>
#include <map>

#include "engine/program/diff.h"
#include "engine/program/diff_words.h"
#include "engine/program/picture.h"
#include "engine/program/speaker.h"

namespace kvali::program {

namespace {

constexpr const char* sign_of(Mark mark) {
  switch (mark) {
    case Mark::New: return "+ ";
    case Mark::Changed: return "± ";
    case Mark::Gone: return "− ";
    case Mark::None: break;
  }
  return "";
}

class Comparer {
 public:
  Comparer(Picture was, Picture now) : was_(std::move(was)), now_(std::move(now)) {
    for (std::size_t i = 0; i < now_.boxes.size(); ++i) boxes_.emplace(now_.boxes[i].id, i);
  }

  Picture run(const std::vector<std::string>& changed) {
    for (std::size_t i = 1; i < now_.boxes.size(); ++i) {
      Box& box = now_.boxes[i];
      const bool known = std::any_of(was_.boxes.begin(), was_.boxes.end(), [&](const Box& one) { return one.id == box.id; });
      const bool differs = std::find(changed.begin(), changed.end(), box.id) != changed.end();
      box.mark = !known ? Mark::New : differs ? Mark::Changed : Mark::None;
    }
    // A box stands behind the one that it is in, so what is around a box that is gone is there already.
    for (std::size_t i = 1; i < was_.boxes.size(); ++i)
      if (!boxes_.contains(was_.boxes[i].id)) add_gone(was_.boxes[i]);
    lines();
    for (Box& box : now_.boxes)
      if (!box.label.empty()) box.label.insert(0, sign_of(box.mark));
    now_.compared = true;
    return std::move(now_);
  }

 private:
  void add_gone(const Box& gone) {
    Box box = gone;
    box.mark = Mark::Gone;
    box.children.clear();
    box.begins = 0;
    box.parent = boxes_.at(was_.boxes[gone.parent].id);
    const std::size_t at = now_.boxes.size();
    now_.boxes[box.parent].children.push_back(at);
    boxes_.emplace(box.id, at);
    now_.boxes.push_back(std::move(box));
  }

  [[nodiscard]] std::size_t here(std::size_t old) const { return boxes_.at(was_.boxes[old].id); }

  void lines() {
    std::vector<Line> old = was_.lines;
    for (Line& line : old) line = {here(line.from), here(line.to), here(line.leaves), here(line.enters), line.labels, line.by_person};
    const auto same = [](const Line& a) { return [&a](const Line& b) { return a.from == b.from && a.to == b.to && a.by_person == b.by_person; }; };
    std::vector<Line> gone;
    for (const Line& line : old) {
      const auto now = std::find_if(now_.lines.begin(), now_.lines.end(), same(line));
      std::vector<std::string> missing;
      for (const std::string& label : line.labels)
        if (now == now_.lines.end() || std::find(now->labels.begin(), now->labels.end(), label) == now->labels.end()) missing.push_back(sign_of(Mark::Gone) + label);
      if (missing.empty()) continue;
      gone.push_back(line);
      gone.back().labels = std::move(missing);
    }
    for (Line& line : now_.lines) {
      const auto before = std::find_if(old.begin(), old.end(), same(line));
      for (std::string& label : line.labels)
        if (before == old.end() || std::find(before->labels.begin(), before->labels.end(), label) == before->labels.end()) label.insert(0, sign_of(Mark::New));
    }
    for (Line& line : gone) {
      const auto now = std::find_if(now_.lines.begin(), now_.lines.end(), same(line));
      if (now != now_.lines.end())
        now->labels.insert(now->labels.end(), line.labels.begin(), line.labels.end());
      else if (now_.boxes[line.from].parent == now_.boxes[line.to].parent)
        now_.lines.push_back(std::move(line));
    }
  }

  Picture was_, now_;
  std::map<std::string, std::size_t, std::less<>> boxes_;  // of now_, by id
};

}  // namespace

Picture picture_since(const Version& was, const Version& now, const std::string& language) {
  const Names names(now.program);
  std::vector<std::string> changed;
  for (const Change& change : difference(was.program, now.program, language).changes) {
    // The innermost stage, part or state that it is in.
    const Spot* place = nullptr;
    for (const Spot& spot : names.spots()) {
      const bool inside = !spot.yaml_path.empty() && (change.path == spot.yaml_path || change.path.starts_with(spot.yaml_path + "."));
      if (inside && (place == nullptr || spot.yaml_path.size() > place->yaml_path.size())) place = &spot;
    }
    if (place != nullptr) changed.push_back(box_id(place->machine_path));
  }
  Picture picture = Comparer(picture_of(was.program, was.machine, language), picture_of(now.program, now.machine, language)).run(changed);
  picture.title.append(" (").append(differs(Differs::Legend, tongue_of(language))).append(")");
  return picture;
}

}  // namespace kvali::program
