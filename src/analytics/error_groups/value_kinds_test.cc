// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/value_kinds.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

struct WordCase {
  std::string_view word;
  ValueKind kind;
};

class KindOfValueTest : public testing::TestWithParam<WordCase> {};

TEST_P(KindOfValueTest, TellsTheKindByTheShape) {
  EXPECT_EQ(KindOfValue(GetParam().word), GetParam().kind) << GetParam().word;
}

INSTANTIATE_TEST_SUITE_P(
    Words, KindOfValueTest,
    testing::Values(
        WordCase{"0", ValueKind::kNumber}, WordCase{"-12", ValueKind::kNumber},
        WordCase{"+3.5", ValueKind::kNumber}, WordCase{"1,024", ValueKind::kNumber},
        WordCase{"15ms", ValueKind::kNumber}, WordCase{"64MB", ValueKind::kNumber},
        WordCase{"99.9%", ValueKind::kNumber}, WordCase{"3s", ValueKind::kNumber},
        WordCase{"0x7f", ValueKind::kId}, WordCase{"org-4fXz", ValueKind::kId},
        WordCase{"v1.2.3", ValueKind::kId}, WordCase{"12:30:05.123", ValueKind::kId},
        WordCase{"2026-01-02T03:04:05Z", ValueKind::kId}, WordCase{"10.0.0.1:443", ValueKind::kId},
        WordCase{"b9000564-fe1a-409b-b8cc-1e88b294cd1d", ValueKind::kId},
        WordCase{"#W0012345", ValueKind::kId}, WordCase{"sk-ab12****wxyz", ValueKind::kId},
        WordCase{"gpt-4o-mini", ValueKind::kId}, WordCase{"ssh2", ValueKind::kId},
        WordCase{"deadbeef", ValueKind::kHex}, WordCase{"DEADBEEFCAFE", ValueKind::kHex},
        WordCase{"decade", ValueKind::kNone}, WordCase{"true", ValueKind::kLiteral},
        WordCase{"None", ValueKind::kLiteral}, WordCase{"NULL", ValueKind::kLiteral},
        WordCase{"undefined", ValueKind::kLiteral}, WordCase{"none", ValueKind::kNone},
        WordCase{"NoneType", ValueKind::kTypeName}, WordCase{"str", ValueKind::kTypeName},
        WordCase{"list", ValueKind::kNone}, WordCase{"a@example.com", ValueKind::kEmail},
        WordCase{"@decorator", ValueKind::kNone}, WordCase{"eu.api.example.com", ValueKind::kHost},
        WordCase{"example.com", ValueKind::kNone}, WordCase{"a..b.c", ValueKind::kNone},
        WordCase{"java.net.SocketException", ValueKind::kNone},
        WordCase{"/var/log/syslog", ValueKind::kPath}, WordCase{"/", ValueKind::kNone},
        WordCase{"./run.sh", ValueKind::kPath}, WordCase{"../up", ValueKind::kPath},
        WordCase{"~/notes", ValueKind::kPath}, WordCase{"a/b/c", ValueKind::kPath},
        WordCase{"and/or", ValueKind::kNone}, WordCase{"C\\Users", ValueKind::kPath},
        WordCase{"order", ValueKind::kNone}, WordCase{"", ValueKind::kNone},
        WordCase{"größe", ValueKind::kNone}));

struct LengthCase {
  std::string_view text;
  std::size_t length;
};

class UrlLengthTest : public testing::TestWithParam<LengthCase> {};

TEST_P(UrlLengthTest, EndsBeforeWhatIsNotTheUrl) {
  EXPECT_EQ(UrlLength(GetParam().text), GetParam().length) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Texts, UrlLengthTest,
                         testing::Values(LengthCase{"https://a.example/x?y=1 failed", 23},
                                         LengthCase{"https://a.example.", 17},
                                         LengthCase{"https://a.example: no route", 17},
                                         LengthCase{"https://a.example/x)", 19},
                                         LengthCase{"postgres://u:p@db:5432/x", 24},
                                         LengthCase{"http:", 0}, LengthCase{"//host", 0},
                                         LengthCase{"1http://x", 0}, LengthCase{"", 0}));

class ColonAddressLengthTest : public testing::TestWithParam<LengthCase> {};

TEST_P(ColonAddressLengthTest, TakesMacAndIpv6Only) {
  EXPECT_EQ(ColonAddressLength(GetParam().text), GetParam().length) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Texts, ColonAddressLengthTest,
                         testing::Values(LengthCase{"ff:f2:9f:16:e2:23 up", 17},
                                         LengthCase{"fe80::1: unreachable", 7},
                                         LengthCase{"2001:db8:0:0:1:0:0:1", 20},
                                         LengthCase{"::1", 3}, LengthCase{"12:30:05", 0},
                                         LengthCase{"add::bad", 0}, LengthCase{"std::vector", 0},
                                         LengthCase{"abcde:f1:2:3:4", 0}, LengthCase{"::", 0},
                                         LengthCase{"", 0}));

TEST(DateWordsTest, AreToldInAnyCaseExceptZones) {
  EXPECT_TRUE(IsDayName("Thu"));
  EXPECT_TRUE(IsDayName("sunday"));
  EXPECT_TRUE(IsMonthName("August"));
  EXPECT_FALSE(IsMonthName("marching"));
  EXPECT_TRUE(IsTimeZone("PDT"));
  EXPECT_FALSE(IsTimeZone("pdt"));
}

}  // namespace
}  // namespace sightline::analytics
