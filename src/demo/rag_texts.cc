// SPDX-License-Identifier: Apache-2.0
#include "demo/rag_texts.h"

#include "base/arena.h"
#include "demo/data_file.h"

namespace sightline::demo {
namespace {

Passage ReadPassage(const DataObject& passage) {
  return {.id = passage.Text("id"), .source = passage.Text("source"), .text = passage.Text("text")};
}

RagTurn ReadTurn(const DataObject& turn) {
  return {.question = turn.Text("question"),
          .best_passage = turn.Text("best_passage"),
          .answer = turn.Text("answer")};
}

RagThread ReadThread(const DataObject& thread) {
  return {.language = thread.Text("language"), .turns = thread.List("turns", ReadTurn)};
}

RagTexts Read(const DataObject& file) {
  return {.instructions = file.Text("instructions"),
          .nothing_found = file.Text("nothing_found"),
          .passages = file.List("passages", ReadPassage),
          .threads = file.List("threads", ReadThread)};
}

}  // namespace

const RagTexts& AllRagTexts() {
  static base::Arena arena;
  static const RagTexts texts = ReadData("rag", arena, Read);
  return texts;
}

}  // namespace sightline::demo
