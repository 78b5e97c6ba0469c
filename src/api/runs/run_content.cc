// SPDX-License-Identifier: Apache-2.0
#include "api/runs/run_content.h"

#include "api/runs/conversation_json.h"
#include "base/check.h"
#include "base/json_writer.h"
#include "model/message.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

using Length = BodyWriter::Length;

model::Conversation ConversationOf(const analytics::TraceView& view, std::size_t index,
                                   const SpanLogs& logs, const Bodies& bodies) {
  const model::Span& span = view.spans[index];
  const SpanDocument document(span, logs.Of(view, index), bodies);
  return normalize::ExtractConversation(document.source(span.kind, span.dialect));
}

bool HasOutput(const model::Conversation& conversation) {
  return !conversation.output.empty() || !conversation.output_data.empty();
}

// What `write` makes of a writer of the span's bodies and of the value.
template <typename Write>
std::string ValueOf(const model::Span& span, Length length, const Write& write) {
  base::JsonWriter json;
  BodyWriter bodies(SpanUrl(span.trace_id, span.span_id), json, length);
  write(bodies, json);
  return json.Take();
}

std::string RunOutputOf(const model::Span& span, const model::Conversation& conversation,
                        Length length) {
  return ValueOf(span, length, [&](BodyWriter& bodies, base::JsonWriter& json) {
    WriteRunOutput(conversation, bodies, json);
  });
}

// The output of the model call that began last and has one.
std::string LastAnswerOf(const analytics::TraceView& view, const SpanLogs& logs,
                         const Bodies& bodies, Length length) {
  for (std::size_t i = view.spans.size(); i-- > 0;) {
    if (!model::IsModelCall(view.spans[i].kind)) {
      continue;
    }
    if (const auto conversation = ConversationOf(view, i, logs, bodies); HasOutput(conversation)) {
      return RunOutputOf(view.spans[i], conversation, length);
    }
  }
  return "null";
}

}  // namespace

Content ContentOfRun(const analytics::TraceView& view, const SpanLogs& logs, const Bodies& bodies,
                     Length length) {
  CHECK(view.root != analytics::TraceView::kNone);
  const model::Span& root = view.spans[view.root];
  const model::Conversation conversation = ConversationOf(view, view.root, logs, bodies);
  Content content;
  content.input = ValueOf(root, length, [&](BodyWriter& writer, base::JsonWriter& json) {
    WriteRunInput(conversation, writer, json);
  });
  content.output = !HasOutput(conversation) && root.has_mark(model::Mark::kFromLog)
                       ? LastAnswerOf(view, logs, bodies, length)
                       : RunOutputOf(root, conversation, length);
  return content;
}

Content ContentOfStep(const analytics::TraceView& view, std::size_t index, const SpanLogs& logs,
                      const Bodies& bodies) {
  const model::Span& span = view.spans[index];
  const model::Conversation conversation = ConversationOf(view, index, logs, bodies);
  const bool has_input = !conversation.system.empty() || !conversation.input.empty();
  const bool is_call = model::IsModelCall(span.kind);
  Content content;
  content.input = ValueOf(span, Length::kWhole, [&](BodyWriter& writer, base::JsonWriter& json) {
    if (has_input && (is_call || conversation.input_data.empty())) {
      WriteCallInput(conversation, writer, json);
    } else {
      WriteRunInput(conversation, writer, json);
    }
  });
  content.output = ValueOf(span, Length::kWhole, [&](BodyWriter& writer, base::JsonWriter& json) {
    if (!conversation.output.empty() && (is_call || conversation.output_data.empty())) {
      WriteCallOutput(conversation, writer, json);
    } else {
      WriteRunOutput(conversation, writer, json);
    }
  });
  return content;
}

}  // namespace sightline::api
