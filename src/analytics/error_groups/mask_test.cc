// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/mask.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "analytics/error_groups/token.h"

namespace sightline::analytics {
namespace {

struct MaskCase {
  std::string_view name;
  std::string_view message;
  std::string_view masked;
};

class MaskTest : public testing::TestWithParam<MaskCase> {};

TEST_P(MaskTest, LeavesWhatTheAuthorWrote) {
  EXPECT_EQ(JoinTokens(MaskMessage(GetParam().message)), GetParam().masked);
}

std::string NameOf(const testing::TestParamInfo<MaskCase>& info) {
  return std::string(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(
    Values, MaskTest,
    testing::Values(
        MaskCase{"Empty", "", ""}, MaskCase{"Blank", " \t\n ", ""},
        MaskCase{"Numbers", "took 12 of 30.5 s, -4 left", "took <*> of <*> s , <*> left"},
        MaskCase{"Units", "waited 15ms for 64MB", "waited <*> for <*>"},
        MaskCase{"Uuid", "run b9000564-fe1a-409b-b8cc-1e88b294cd1d was lost", "run <*> was lost"},
        MaskCase{"Hex", "at 0x7ffe and deadbeefcafe now", "at <*> and <*> now"},
        MaskCase{"ShortHexIsAWord", "the cafe is closed", "the cafe is closed"},
        MaskCase{"Url", "GET of https://a.example/v1?q=2: refused", "GET of <*> : refused"},
        MaskCase{"Path", "no such file /var/log/x.log here", "no such file <*> here"},
        MaskCase{"PathWithQuery", "asked for /v1/items?all=True&since=2 twice",
                 "asked for <*> twice"},
        MaskCase{"PathBeforeColon", "cannot read /etc/x.conf: it is gone",
                 "cannot read <*> : it is gone"},
        MaskCase{"AddressAndPort", "connect to 10.0.0.1:443 was refused",
                 "connect to <*> was refused"},
        MaskCase{"HostAndPort", "host-1.example.com:80 is down", "<*> is down"},
        MaskCase{"Host", "cannot resolve eu.api.example.com now", "cannot resolve <*> now"},
        MaskCase{"Ipv6", "no route to fe80::1: it is down", "no route to <*> : it is down"},
        MaskCase{"Mac", "chip FF:F2:9F:16:E2:23 is new", "chip <*> is new"},
        MaskCase{"Email", "mail to a.b@example.com bounced", "mail to <*> bounced"},
        MaskCase{"Time", "since 12:30:05 on 2026-01-02T03:04:05Z", "since <*> on <*>"},
        MaskCase{"SpelledDate", "since Fri Jul 01 08:16:53 PDT 2005 not seen",
                 "since <*> not seen"},
        MaskCase{"MayIsAWord", "it may fail", "it may fail"},
        MaskCase{"MarchIsAWord", "the march of ants", "the march of ants"},
        MaskCase{"Literals", "param None is true", "param <*> is <*>"},
        MaskCase{"TypeNames", "expected str for it, got NoneType now",
                 "expected <*> for it , got <*> now"},
        MaskCase{"DoubleQuotes", "relation \"orders\" does not exist",
                 "relation <*> does not exist"},
        MaskCase{"SingleQuotes", "no module named 'left pad' is there",
                 "no module named <*> is there"},
        MaskCase{"Backticks", "model `x y` is not known", "model <*> is not known"},
        MaskCase{"EscapedQuote", R"(name "a \" b" is bad)", "name <*> is bad"},
        MaskCase{"ApostropheIsNoQuote", "can't open the user's file", "can't open the user's file"},
        MaskCase{"PossessivePlural", "the users' file isn't there", "the users ' file isn't there"},
        MaskCase{"OpenQuote", "it said \"no", "it said \" no"},
        MaskCase{"KeyValue", "size=4 state=open rc=0", "size = <*> state = <*> rc = <*>"},
        MaskCase{"EmptyValue", "ruser= rhost=x is bad", "ruser = rhost = <*> is bad"},
        MaskCase{"ListOfValues", "one of 1, 2, 3 and 4 is odd", "one of <*> and <*> is odd"},
        MaskCase{"ListOfNames", "use (get_a, get_b) or (get_a) instead",
                 "use ( <*> ) or ( <*> ) instead"},
        MaskCase{"ListOfWords", "must be [red, green, blue], is not", "must be [ <*> ] , is not"},
        MaskCase{"TwoWordsAreNoList", "must be [red, green], is not",
                 "must be [ red , green ] , is not"},
        MaskCase{"ValuesSideBySide", "got 1 2 3 of them", "got <*> of them"},
        MaskCase{"Leaders", "illegal instruction......0", "illegal instruction .. <*>"},
        MaskCase{"NotAscii", "Größe 12 überschritten", "Größe <*> überschritten"},
        MaskCase{"ControlBytes", "a\x01z\x02y", "a z y"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Codes, MaskTest,
    testing::Values(
        MaskCase{"HttpStatus", "HTTP 503 from https://a.example", "HTTP 503 from <*>"},
        MaskCase{"ErrorCode", "Error code: 429 - too many", "Error code : 429 - too many"},
        MaskCase{"StatusCode", "status code 404 was sent", "status code 404 was sent"},
        MaskCase{"LeadingStatus", "429 Too Many Requests", "429 Too Many Requests"},
        MaskCase{"LeadingCount", "429 rows are bad", "<*> rows are bad"},
        MaskCase{"NoStatusCode", "error code: 70012 was sent", "error code : <*> was sent"},
        MaskCase{"ExitCode", "exited with code 137 now", "exited with code <*> now"},
        MaskCase{"CodeInCapitals", "503 UNAVAILABLE: RESOURCE_EXHAUSTED",
                 "503 UNAVAILABLE : RESOURCE_EXHAUSTED"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Names, MaskTest,
    testing::Values(
        MaskCase{"Snake", "the tool get_order is gone", "the tool <*> is gone"},
        MaskCase{"Pascal", "handoff to OrderAgent failed", "handoff to <*> failed"},
        MaskCase{"Dotted", "class org.Example for it", "class <*> for it"},
        MaskCase{"Slashed", "secret team/token is gone", "secret <*> is gone"},
        MaskCase{"LeadingTool", "get_order: the deadline passed", "<*> : the deadline passed"},
        MaskCase{"LeadingFile", "nginx.service: it has failed", "<*> : it has failed"},
        MaskCase{"LeadingAgent", "OrderAgent did not answer", "<*> did not answer"},
        MaskCase{"LeadingFunction", "sendRequest did not answer", "sendRequest did not answer"},
        MaskCase{"LeadingProcess", "java[12]: segfault in code", "<*> [ <*> ] : segfault in code"},
        MaskCase{"ErrorClass", "KeyError: 'order' is not there", "KeyError : <*> is not there"},
        MaskCase{"ErrorClassInside", "tool raised KeyError here", "tool raised <*> here"},
        MaskCase{"DottedErrorClass", "java.net.BindException: in use",
                 "java.net.BindException : in use"},
        MaskCase{"OnlyNames", "OrderAgent get_order", "OrderAgent get_order"},
        MaskCase{"Key", "maxRetries=3 and backOff: 4 were set",
                 "maxRetries = <*> and backOff : <*> were set"},
        MaskCase{"KindOfProblem", "type: rate_limit for a tool", "type : rate_limit for a tool"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    FreeText, MaskTest,
    testing::Values(
        MaskCase{"AfterLastColon", "Guardrail 'pii' tripped: alpha beta",
                 "Guardrail <*> tripped : <**>"},
        MaskCase{"OneWord", "the guardrail tripped: alpha", "the guardrail tripped : <**>"},
        MaskCase{"List", "Tool 'x' not found. Available tools: get_a, get_b",
                 "Tool <*> not found Available tools : <**>"},
        MaskCase{"ASentenceIsKept", "the tool failed: order is not there",
                 "the tool failed : order is not there"},
        MaskCase{"ACapitalIsKept", "the tool failed: Broken pipe", "the tool failed : Broken pipe"},
        MaskCase{"TooLittleBefore", "Failed: alpha beta", "Failed : alpha beta"},
        MaskCase{"BracketsInside", "the tool failed: alpha (beta=3)", "the tool failed : <**>"},
        MaskCase{"BracketsAround", "the tool failed (at line: 3)",
                 "the tool failed ( at line : <*> )"},
        MaskCase{"AfterAnErrorClass", "RuntimeError: alpha beta", "RuntimeError : <**>"},
        MaskCase{"NothingAfter", "the tool failed:", "the tool failed :"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Json, MaskTest,
    testing::Values(
        MaskCase{"Data", R"(cannot use {"a": 1, "b": {"c": "x"}} as plan)",
                 "cannot use <*> as plan"},
        MaskCase{"EmptyObject", "cannot use {} as plan", "cannot use <*> as plan"},
        MaskCase{"CutOffData", R"(cannot use {"a": 1, "b": "x)", "cannot use <*>"},
        MaskCase{"BracesThatAreNoJson", "Intent { act=go } is gone",
                 "Intent { act = <*> } is gone"},
        MaskCase{"Error",
                 R"({"error":{"type":"rate_limit_error","message":"Slow down"},"id":"r1"})",
                 "{ error : { type : rate_limit_error , message : Slow down } , id : <*> }"},
        MaskCase{"PythonDict",
                 "Error code: 400 - {'error': {'message': \"It's 'x' of 12.\", 'param': None}}",
                 "Error code : 400 - { error : { message : It's <*> of <*> , param : <*> } }"},
        MaskCase{"RequestLine", R"(10.0.0.1 "GET /v1/x HTTP/1.1" status: 200 len: 9)",
                 "<*> GET <*> status : <*> len : <**>"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    StackTraces, MaskTest,
    testing::Values(
        MaskCase{"Python",
                 "Traceback (most recent call last):\n  File \"/a/b.py\", line 3, in go\n"
                 "    raise KeyError(x)\nKeyError: 'x' is not there",
                 "KeyError : <*> is not there"},
        MaskCase{"JavaScript",
                 "TypeError: x is not a function\n    at go (a.js:1:2)\n    at b.js:3",
                 "TypeError : x is not a function"},
        MaskCase{"Java", "java.io.IOException: it is gone\n\tat a.B.c(B.java:1)\n\t... 12 more",
                 "java.io.IOException : it is gone"},
        MaskCase{"NothingElse", "\tat a.B.c(B.java:1)", "at <*> ( B.java : <*> )"},
        MaskCase{"ProseIsKept", "the job\nat noon was late", "the job at noon was late"}),
    NameOf);

TEST(MaskTest, LongMessagesAreCut) {
  std::string message;
  for (int i = 0; i < 4000; ++i) {
    message += "word ";
  }
  EXPECT_EQ(MaskMessage(message).size(), kMaxMaskedTokens);
  EXPECT_EQ(MaskMessage(std::string(100'000, 'a')),
            MaskMessage(std::string(kMaxMessageBytes, 'a')));
}

TEST(MaskTest, LongWordsAreValues) {
  EXPECT_EQ(JoinTokens(MaskMessage("got " + std::string(65, 'q') + " as name")), "got <*> as name");
}

// Of 8 KiB each; a scan that is not linear needs seconds for them.
TEST(MaskTest, HostileMessagesTakeLinearTime) {
  const std::vector<std::string_view> parts = {
      "\"",   "'a ",  "{\"a\":",  "{'error':'", "[{(",  ":", "a:b:", "\\\"",
      "`'\"", "....", "\xff\xfe", "a, a, ",     "::1:", "{", "\n"};
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string_view part : parts) {
    std::string message;
    while (message.size() < kMaxMessageBytes) {
      message += part;
    }
    EXPECT_LE(MaskMessage(message).size(), kMaxMaskedTokens) << part;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace sightline::analytics
