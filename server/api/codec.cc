#include "server/api/codec.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "engine/limits.h"

namespace kvali::api {

std::string to_json(const google::protobuf::Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  KVALI_CHECK(status.ok());  // our own messages always have a JSON form
  return json;
}

Result<void> from_json(std::string_view json, google::protobuf::Message& message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &message, options);
  if (!status.ok()) return fail(std::string(status.message()));
  return {};
}

Result<v1::ClientFrame> decode(std::string_view bytes, Encoding encoding) {
  v1::ClientFrame frame;
  if (encoding == Encoding::Json) {
    if (auto read = from_json(bytes, frame); !read) return fail(read.error().within("this is no ClientFrame in protobuf JSON"));
  } else if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail("this is no ClientFrame: bytes are missing, or a text is not UTF-8");
  }
  if (static_cast<std::size_t>(frame.messages_size()) > limits::messages_per_frame_max)
    return fail(fmt::format("{} messages in a frame, at most {} are taken", frame.messages_size(), limits::messages_per_frame_max));
  return frame;
}

std::shared_ptr<const std::string> encode(const v1::ServerFrame& frame, Encoding encoding) {
  return std::make_shared<const std::string>(encoding == Encoding::Json ? to_json(frame) : frame.SerializeAsString());
}

bool carries_seal(const google::protobuf::Message& message) {
  if (message.GetDescriptor() == v1::Sealed::descriptor()) return true;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (carries_seal(reflection.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      if (carries_seal(reflection.GetRepeatedMessage(message, field, i))) return true;
  }
  return false;
}

v1::Violation violation_of(const cohort::Unmet& unmet, const std::string& locale) {
  v1::Violation violation;
  violation.set_code(std::string(to_string(unmet.code)));
  violation.set_field(unmet.field);
  violation.set_sentence(cohort::in_language(unmet.why, locale));
  violation.set_facts(cohort::in_language(unmet.facts, locale));
  if (unmet.will_hold_at != calendar::never) violation.set_will_hold_at_us(unmet.will_hold_at);
  return violation;
}

}  // namespace kvali::api
