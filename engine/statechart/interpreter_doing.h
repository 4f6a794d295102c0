#pragma once
// The two faces of an Interpreter that the step and the evaluator see.
#include <set>

#include "engine/statechart/interpreter.h"

namespace kvali::statechart {

/// What expressions read of an instance.
class Interpreter::Names final : public expression::Bindings {
 public:
  explicit Names(const Interpreter& of) : of_(of) {}
  const expression::Value* lookup(std::string_view name) const override;

 private:
  const expression::Value* keep(expression::Value value) const;

  const Interpreter& of_;
  mutable std::vector<std::unique_ptr<expression::Value>> kept_;  // made for this evaluation
};

/// Runs guards and executable content during one macrostep.
class Interpreter::Doing final : public Host {
 public:
  explicit Doing(Interpreter& of) : of_(of) {}
  /// The number by which an event finds its data again.
  std::uint64_t keep(Payload payload);

  void starting(Turn& turn) override;
  bool holds(ArrowId arrow, const Event* event, Turn& turn) override;
  Acted act(const v1::Action& action, Site site, const Event* event, Turn& turn) override;
  std::uint64_t done_data(StateId state, const Event* event, Turn& turn) override;
  void entered(StateId state, Entry how) override { of_.arm(state, how); }
  void left(StateId state) override { of_.disarm(state); }
  void raised(const Event& event) override { of_.happened_.raised.emplace_back(event.name); }

  Result<void> assign(const v1::Assign& assign);
  void fail_with(const std::string& why, Turn& turn, std::string_view name = "error.execution",
                 std::string sendid = {});

 private:
  using Actions = google::protobuf::RepeatedPtrField<v1::Action>;
  using Assigns = google::protobuf::RepeatedPtrField<v1::Assign>;

  void see(const Event* event);
  Acted run(const Actions& actions, Turn& turn);
  Acted run(const v1::Action& action, Turn& turn);
  Result<void> raise(const v1::Raise& raise, Turn& turn);
  /// `id` becomes the one made, where one is made.
  Result<void> send(const v1::Send& send, std::string& id, Turn& turn);
  void tell(v1::TellEffect tell);
  Result<void> cancel(const std::string& id);
  Result<std::string> text_of(const std::string& source, std::string_view what) const;
  Acted choose(const v1::Choose& choose, Turn& turn);
  Acted for_each(const v1::ForEach& for_each, Turn& turn);
  Result<expression::Value> fields(const Assigns& assigns) const;
  Result<calendar::Instant> delay_of(const v1::Send& send) const;
  Acted told(const Result<void>& done, Turn& turn);

  Interpreter& of_;
  std::vector<Payload> payloads_;  // Event.data is 1 + the index
  std::set<ArrowId> failed_;       // whose guard could not be evaluated in this macrostep
  std::string seen_name_;
  std::uint64_t seen_data_ = ~std::uint64_t{0};
};

}  // namespace kvali::statechart
