#pragma once
// A list that copies share until one of them is changed: a sketch of an initiative then costs little, however much its people
// have written. Read like a std::vector; `change` gives the list to write to, and afterwards nobody else has it. As safe across
// threads as a std::shared_ptr.
#include <cstddef>
#include <iterator>
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

/// The same for items that are large themselves: copies share each item too, so that a change copies the one it is made to.
template <class T>
class SharedItems {
  using Place = std::shared_ptr<T>;

 public:
  using value_type = T;
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    const_iterator() = default;
    explicit const_iterator(const Place* at) : at_(at) {}
    reference operator*() const { return **at_; }
    pointer operator->() const { return at_->get(); }
    const_iterator& operator++() {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) { return const_iterator(at_++); }
    bool operator==(const const_iterator&) const = default;

   private:
    const Place* at_ = nullptr;
  };

  [[nodiscard]] const_iterator begin() const { return const_iterator(places_.list().data()); }
  [[nodiscard]] const_iterator end() const { return const_iterator(places_.list().data() + places_.size()); }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] bool empty() const { return places_.empty(); }
  const T& operator[](std::size_t index) const { return *places_[index]; }
  [[nodiscard]] const T& back() const { return *places_.back(); }

  /// One of them, to be changed. What was read of it before may be gone.
  T& change(std::size_t index) {
    Place& place = places_.change()[index];
    if (place.use_count() > 1) place = std::make_shared<T>(*place);
    return *place;
  }
  /// A new one at the end, to be filled.
  T& add() { return *places_.change().emplace_back(std::make_shared<T>()); }

 private:
  SharedList<Place> places_;
};

}  // namespace kvali::cohort
