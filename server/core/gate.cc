#include "server/core/gate.h"

#include "engine/result.h"

namespace kvali::core {

void Gate::durable() {
  KVALI_CHECK(durable_ < decided_);
  ++durable_;
  while (!waiting_.empty() && waiting_.front().behind <= durable_) {
    const Deliver deliver = std::move(waiting_.front().deliver);
    waiting_.pop_front();
    deliver();
  }
}

void Gate::pass(const Make& make) {
  Deliver deliver = make();
  if (in_flight() == 0 && waiting_.empty()) {
    deliver();
    return;
  }
  waiting_.push_back({decided_, std::move(deliver), [this, make] { pass(make); }});
}

void Gate::pass_answer(Deliver deliver, std::function<void()> again) {
  if (in_flight() == 0 && waiting_.empty()) {
    deliver();
    return;
  }
  waiting_.push_back({decided_, std::move(deliver), std::move(again)});
}

std::vector<std::function<void()>> Gate::void_all() {
  std::vector<std::function<void()>> again;
  again.reserve(waiting_.size());
  for (Waiting& one : waiting_) again.push_back(std::move(one.again));
  waiting_.clear();
  decided_ = durable_;
  return again;
}

}  // namespace kvali::core
