// SPDX-License-Identifier: Apache-2.0
#include "api/request/content_place.h"

#include <gtest/gtest.h>

namespace sightline::api {
namespace {

TEST(ContentPlaceTest, EscapesWhatMayNotStandInAQuery) {
  struct Case {
    ContentPlace place;
    const char* query;
  };

  const Case cases[] = {
      {ContentPlace::Of("input_data"), "field=input_data"},
      {ContentPlace::Attribute("gen_ai.input.messages"),
       "field=attributes&key=gen_ai.input.messages"},
      {ContentPlace::Attribute("a b&c=d/é"), "field=attributes&key=a%20b%26c%3Dd%2F%C3%A9"},
      {ContentPlace::EventAttribute(3, "exception.stacktrace"),
       "field=event.3&key=exception.stacktrace"},
      {PartPlace{.list = PartPlace::List::kOutput,
                 .message = 2,
                 .part = 1,
                 .member = PartPlace::Member::kPayload}
           .ToPlace(),
       "field=messages&key=output.2.1.payload"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.place.ToQuery(), c.query);
  }
}

TEST(PartPlaceTest, ReadsBackWhatItWrote) {
  using List = PartPlace::List;
  using Member = PartPlace::Member;
  for (const List list : {List::kSystem, List::kInput, List::kOutput}) {
    for (const Member member : {Member::kContent, Member::kPayload, Member::kWhole}) {
      const PartPlace place{.list = list, .message = 12, .part = 0, .member = member};
      EXPECT_EQ(PartPlace::Parse(place.ToPlace().key), place);
    }
  }
}

TEST(PartPlaceTest, TakesNothingElse) {
  for (const char* key :
       {"", "input", "input.0.0", "input.0.0.", "input.x.0.content", "input.0.-1.content",
        "input.0.0.content.", "input.0.0.content.0", "prompt.0.0.content", "input..0.content",
        "input.99999999999999999999.0.content"}) {
    EXPECT_FALSE(PartPlace::Parse(key).has_value()) << key;
  }
}

}  // namespace
}  // namespace sightline::api
