#pragma once
// A list that copies share until one of them is changed: a sketch of an initiative then costs little, however much its people
// have written. Read like a std::vector; `change` gives the list to write to, and afterwards nobody else has it. As safe across
// threads as a std::shared_ptr.
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace kvali::cohort {

template <class T>
class SharedList {
 public:
  using value_type = T;
  using const_iterator = typename std::vector<T>::const_iterator;

  [[nodiscard]] const std::vector<T>& list() const {
    static const std::vector<T> none;
    return list_ ? *list_ : none;
  }
  operator const std::vector<T>&() const { return list(); }
  [[nodiscard]] const_iterator begin() const { return list().begin(); }
  [[nodiscard]] const_iterator end() const { return list().end(); }
  [[nodiscard]] std::size_t size() const { return list().size(); }
  [[nodiscard]] bool empty() const { return !list_ || list_->empty(); }
  const T& operator[](std::size_t index) const { return list()[index]; }
  [[nodiscard]] const T& back() const { return list().back(); }

  /// The list, to be changed. What was read of it before may be gone.
  std::vector<T>& change() {
    if (!list_)
      list_ = std::make_shared<std::vector<T>>();
    else if (list_.use_count() > 1)
      list_ = std::make_shared<std::vector<T>>(*list_);
    return *list_;
  }
  void push_back(T value) { change().push_back(std::move(value)); }

 private:
  std::shared_ptr<std::vector<T>> list_;
};

}  // namespace kvali::cohort
