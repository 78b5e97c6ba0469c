// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/message.h"
#include "normalize/attribute_source.h"

namespace sightline::normalize {

// What went into a span and what came out, from its original attributes and events, whatever the
// dialect. Run when a span is read, not when it is received. Inputs and outputs are each taken from
// the first source that has any, in the order of docs/conventions.md; history that repeats in other
// spans is kept as it was sent.
//
// Tool spans get input_data and output_data (arguments and result); retrievers and rerankers their
// query and documents; other spans whose data are no messages get the data as they are.
// Never fails: what does not parse is kept as text.
//
// Thread: any.
model::Conversation ExtractConversation(const AttributeSource& source);

}  // namespace sightline::normalize
