// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "otlp/request.h"

namespace sightline::normalize {

// What the result of a tool call says of itself. A tool that failed answers like any other: its
// caller's span may be without error.
//
// Thread: value.
struct ToolVerdict {
  bool has_failed = false;
  std::string text;  // What the result tells a reader; "" if it has no text.
};

// Knows `isError` of MCP, `is_error` of Anthropic, `status: error` of LangChain's ToolMessage and
// of Bedrock's toolResult, `error-text` and `tool-error` of the AI SDK, Anthropic's
// `..tool_result_error`, errors of JSON-RPC, and Python's str() of an MCP result. A result that
// only has a member "status" or "error" of its own has not failed: that is what the tool was asked
// for.
ToolVerdict JudgeToolResult(const otlp::Value& result);

}  // namespace sightline::normalize
