// SPDX-License-Identifier: Apache-2.0
#include "demo/research_texts.h"

#include <array>

namespace sightline::demo {
namespace {

constexpr auto kTools = std::to_array<ToolDefinition>({
    {"search_library", "Semantic search over the team's own library of reports and papers.",
     R"({"type":"object","properties":{"query":{"type":"string"},"top_k":{"type":"integer","default":4}},"required":["query"]})"},
    {"web_search", "Searches the web; returns titles, addresses and snippets.",
     R"({"type":"object","properties":{"query":{"type":"string"}},"required":["query"]})"},
    {"fetch_page", "Returns the readable text of a web page.",
     R"({"type":"object","properties":{"url":{"type":"string","format":"uri"}},"required":["url"]})"},
});

constexpr auto kHeatLibrary = std::to_array<Source>({
    {"lib-0412", "Field study of 77 air-source heat pumps in existing houses",
     "Over two winters the median seasonal performance factor was 3.1 (interquartile range 2.7 to "
     "3.4). Houses with radiators sized for 55 °C reached 3.2; those that needed 65 °C only 2.6. "
     "Back-up heaters supplied 1.9 % of the heat."},
    {"lib-0377", "Retrofit guide, chapter 4: emitters",
     "Replacing two or three of the smallest radiators lowers the flow temperature more cheaply "
     "than insulating the facade. Typical cost is 2,500 to 4,000 EUR per dwelling."},
});
constexpr auto kHeatWeb = std::to_array<Source>({
    {"https://energy.example.org/heat-pump-cold-climate", "Heat pumps in cold climates",
     "At -15 °C outside, measured coefficients of performance lie between 1.8 and 2.5 for current "
     "variable-speed units; electric back-up is rarely needed above -20 °C."},
});
constexpr auto kHeatParts = std::to_array<ResearchPart>({
    {"What efficiency do heat pumps reach in unrenovated houses?",
     "seasonal performance factor air source heat pump unrenovated houses field study",
     kHeatLibrary, kHeatWeb,
     "Field data from 77 houses give a median seasonal factor of 3.1; flow temperature explains "
     "most "
     "of the spread (3.2 at 55 °C, 2.6 at 65 °C) [lib-0412]."},
    {"Which measures help most before installation?",
     "cheapest retrofit measures before heat pump",
     kHeatLibrary,
     {},
     "Replacing the smallest radiators (2,500 to 4,000 EUR) beats facade insulation in cost per "
     "degree of flow temperature [lib-0377]."},
});

constexpr auto kRustLibrary = std::to_array<Source>({
    {"lib-0655", "Memory safety in systems code: five years of data",
     "The share of memory-safety vulnerabilities fell from 76 % to 24 % while new code was written "
     "in memory-safe languages, although the existing C++ was left in place. The density of "
     "vulnerabilities decays exponentially with the age of code."},
    {"lib-0661", "Interoperability patterns",
     "Projects that wrap a narrow C ABI report fewer defects at the boundary than those that "
     "bridge "
     "templates and move semantics. Build time grows by 8 to 20 %."},
});
constexpr auto kRustWeb = std::to_array<Source>({
    {"https://lwn.example.net/rust-adoption-survey", "Survey: who writes new drivers in Rust?",
     "Of 312 maintainers asked, 41 % accept new code in Rust, 33 % are undecided. The most common "
     "objection is the cost of reviewing two languages."},
    {"https://blog.example.com/incremental-migration", "Migrate at the edges first",
     "We replaced the parsers first: they read untrusted input and have narrow interfaces. Nine "
     "months, two engineers, no regressions in throughput."},
});
constexpr auto kRustParts = std::to_array<ResearchPart>({
    {"Does writing only new code in a memory-safe language pay off?",
     "memory safe language new code vulnerabilities share evidence", kRustLibrary, kRustWeb,
     "Yes: vulnerabilities concentrate in new code, so the share fell from 76 % to 24 % without a "
     "rewrite [lib-0655]."},
    {"What does the boundary between the languages cost?",
     "C++ Rust interop cost build time review", kRustLibrary, kRustWeb,
     "Build time +8 to 20 %; narrow C ABIs work best [lib-0661]. Reviewers name the second "
     "language "
     "as the main cost."},
    {"Where should a team of ten start?",
     "incremental migration parsers first",
     {},
     kRustWeb,
     "Parsers of untrusted input: narrow interface, high risk, measurable gain."},
});

constexpr auto kBatteryLibrary = std::to_array<Source>({
    {"lib-0910", "钠离子电池产业报告 2025",
     "层状氧化物正极的单体能量密度已达 165 Wh/kg，循环寿命超过 4000 次；在 -20 °C 下容量保持率约为 "
     "88%，"
     "明显优于磷酸铁锂的 70% 左右。"},
    {"lib-0914", "储能系统成本拆解",
     "在碳酸锂价格为每吨 7 万元时，钠离子电芯的成本优势约为 5%；当锂价高于每吨 12 "
     "万元时，优势扩大到 25% 以上。"},
});
constexpr auto kBatteryWeb = std::to_array<Source>({
    {"https://news.example.cn/sodium-2025", "钠电池储能电站并网",
     "该电站规模为 100 MW/200 MWh，首年可用率 97.3%，往返效率 84%。"},
});
constexpr auto kBatteryParts = std::to_array<ResearchPart>({
    {"钠离子电池在低温下的表现如何？",
     "钠离子电池 低温 容量保持率",
     kBatteryLibrary,
     {},
     "-20 °C 下容量保持率约 88%，高于磷酸铁锂的约 70% [lib-0910]。"},
    {"与磷酸铁锂相比成本如何？", "钠离子电池 成本 碳酸锂 价格", kBatteryLibrary, kBatteryWeb,
     "成本优势取决于锂价：7 万元/吨时约 5%，12 万元/吨以上时超过 25% [lib-0914]。"},
});

constexpr auto kSleepLibrary = std::to_array<Source>({
    {"lib-0203", "Shift work and cognitive performance: a meta-analysis",
     "Across 18 studies (n = 18,802) shift workers perform worse in processing speed (g = 0.16), "
     "working memory (g = 0.28) and cognitive control (g = 0.86). Forward-rotating schedules show "
     "smaller effects."},
});
constexpr auto kSleepWeb = std::to_array<Source>({
    {"https://health.example.org/rotating-shifts", "Designing rotating shifts",
     "Rotate forward (morning, evening, night), keep at least 11 hours between shifts, and limit "
     "consecutive nights to three."},
    {"https://union.example.org/agreements/nurses", "Agreement on rosters for nurses",
     "Self-rostering cut sick leave by 12 % in the first year in four hospitals."},
});
constexpr auto kSleepParts = std::to_array<ResearchPart>({
    {"How large is the effect of shift work on performance?",
     "shift work cognitive performance meta-analysis effect size",
     kSleepLibrary,
     {},
     "Small to medium for speed and memory, large for cognitive control (g = 0.86) [lib-0203]."},
    {"Which rosters reduce the harm?", "forward rotating roster consecutive nights evidence",
     kSleepLibrary, kSleepWeb,
     "Forward rotation, 11 hours of rest, at most three nights in a row; self-rostering lowered "
     "sick "
     "leave by 12 %."},
});

constexpr auto kWaterLibrary = std::to_array<Source>({
    {"lib-0788", "تقرير إعادة استخدام المياه في المدن الساحلية",
     "تعيد المدن التي شملتها الدراسة استخدام 38% من مياه الصرف المعالجة، وتتراوح التكلفة بين 0.35 "
     "و0.60 "
     "دولار للمتر المكعب، أي أقل من نصف تكلفة التحلية."},
});
constexpr auto kWaterWeb = std::to_array<Source>({
    {"https://water.example.org/desalination-energy", "Energy use of desalination",
     "State-of-the-art seawater reverse osmosis needs 2.8 to 3.3 kWh per cubic metre; the "
     "thermodynamic minimum is about 1.1."},
});
constexpr auto kWaterParts = std::to_array<ResearchPart>({
    {"ما تكلفة إعادة استخدام المياه مقارنة بالتحلية؟",
     "تكلفة إعادة استخدام مياه الصرف مقابل التحلية", kWaterLibrary, kWaterWeb,
     "إعادة الاستخدام أرخص بأكثر من النصف: 0.35 إلى 0.60 دولار للمتر المكعب [lib-0788]."},
    {"What limits further savings in desalination?",
     "seawater reverse osmosis energy limit",
     {},
     kWaterWeb,
     "Energy is already within a factor of three of the thermodynamic minimum (2.8 vs 1.1 "
     "kWh/m³)."},
});

constexpr auto kPricingLibrary = std::to_array<Source>({
    {"lib-1021", "Usage-based pricing: benchmark of 214 vendors",
     "61 % of vendors offer a usage-based component, up from 45 % two years earlier. Net revenue "
     "retention is 9 points higher, but forecast error doubles for the first three quarters."},
});
constexpr auto kPricingWeb = std::to_array<Source>({
    {"https://pricing.example.com/hybrid-models", "Hybrid models win",
     "A platform fee that covers fixed costs plus metered units with volume tiers is the most "
     "common form. Customers ask for spend caps first, discounts second."},
    {"https://forum.example.com/t/bill-shock/8841", "Bill shock, again",
     "We got an invoice for 14x our usual month because a retry loop ran over the weekend. No "
     "alert, "
     "no cap."},
});
constexpr auto kPricingParts = std::to_array<ResearchPart>({
    {"How common is usage-based pricing, and does it pay?",
     "usage based pricing adoption retention", kPricingLibrary, kPricingWeb,
     "61 % of vendors; net retention +9 points, at the price of worse forecasts [lib-1021]."},
    {"What do customers fear, and what helps?",
     "usage pricing bill shock spend caps",
     {},
     kPricingWeb,
     "Runaway bills. Caps and alerts matter more to them than discounts."},
});

constexpr auto kTopics = std::to_array<ResearchTopic>({
    {"Can heat pumps replace gas boilers in our pre-1980 housing stock without full renovation? "
     "Two pages for the board, with figures.",
     "energy", kHeatParts,
     "# Heat pumps in pre-1980 houses\n\n**Short answer: yes, in most of them.**\n\nField data "
     "from "
     "77 existing houses show a median seasonal performance factor of 3.1. What decides is not the "
     "age of the building but the flow temperature its radiators need: at 55 °C the factor is 3.2, "
     "at 65 °C it falls to 2.6 [lib-0412].\n\n## What to do first\n\n1. Measure the flow "
     "temperature "
     "on a cold week; this costs nothing.\n2. Replace the two or three smallest radiators (2,500 "
     "to "
     "4,000 EUR per dwelling) [lib-0377].\n3. Insulate the facade only where it is due anyway.\n\n"
     "## Risks\n\nElectric back-up covered 1.9 % of the heat in the field study. Current units "
     "keep "
     "a coefficient of 1.8 to 2.5 at -15 °C.\n\n## Recommendation\n\nStart with the 140 dwellings "
     "whose radiators already work at 55 °C."},
    {"Should we write new services in Rust instead of C++? We're ten people with 400k lines of "
     "C++.",
     "engineering", kRustParts,
     "# New code in Rust: a recommendation\n\nVulnerabilities live in *new* code and die out with "
     "age. That is why writing only new code in a memory-safe language lowered the share of memory-"
     "safety bugs from 76 % to 24 % without a rewrite [lib-0655].\n\n| Aspect | Finding "
     "|\n|---|---|\n"
     "| Build time | +8 to 20 % [lib-0661] |\n| Boundary | keep a narrow C ABI |\n| Review | two "
     "languages are the main objection (33 % undecided) |\n\n**Start with the parsers**: they read "
     "untrusted input and their interfaces are narrow. A team that did so needed nine months and "
     "two "
     "engineers. Do not port stable code."},
    {"请评估钠离子电池用于北方储能项目的可行性，重点是低温性能和成本。", "energy", kBatteryParts,
     "# 钠离子电池用于北方储能：可行性评估\n\n**结论：在冬季低温地区值得优先试点。**\n\n- 低温："
     "-20 °C 下容量保持率约 88%，比磷酸铁锂高 18 个百分点 [lib-0910]。\n- 成本：优势随锂价变化，"
     "碳酸锂 7 万元/吨时约 5%，12 万元/吨以上时超过 25% [lib-0914]。\n- 运行：已有 100 MW/200 MWh "
     "电站并网，"
     "首年可用率 97.3%，往返效率 84%。\n\n**建议**：先建 10 MWh 试点，签订与锂价挂钩的采购协议。"},
    {"What does the evidence say about night shifts and mistakes, and how should we change our "
     "roster?",
     "health", kSleepParts,
     "# Night shifts: evidence and roster\n\nA meta-analysis of 18 studies finds the largest "
     "effect on "
     "cognitive control (g = 0.86), smaller ones on working memory and speed [lib-0203].\n\nThree "
     "changes have support:\n\n- rotate forward (morning, evening, night);\n- at least 11 hours "
     "between shifts, at most three nights in a row;\n- self-rostering, which cut sick leave by 12 "
     "% "
     "in four hospitals.\n\nWe suggest a trial on two wards for six months, with near-miss reports "
     "as the measure."},
    {"قارن بين تحلية مياه البحر وإعادة استخدام المياه لمدينة ساحلية متوسطة الحجم.", "water",
     kWaterParts,
     "# التحلية أم إعادة الاستخدام؟\n\n**الخلاصة: ابدأ بإعادة الاستخدام.** تكلفتها بين 0.35 و0.60 "
     "دولار "
     "للمتر المكعب، أي أقل من نصف تكلفة التحلية [lib-0788]. أما التحلية فتستهلك 2.8 إلى 3.3 "
     "كيلوواط ساعة "
     "للمتر المكعب، وهي قريبة من الحد النظري، لذلك لن تنخفض تكلفتها كثيرًا.\n\nنوصي برفع نسبة إعادة "
     "الاستخدام إلى 38% قبل بناء محطة تحلية جديدة."},
    {"We're thinking about usage-based pricing for the API product. What do others do, what goes "
     "wrong?",
     "strategy", kPricingParts,
     "# Usage-based pricing for the API\n\n61 % of 214 vendors have a usage-based component, and "
     "it "
     "goes with 9 points higher net retention [lib-1021]. The price is forecast quality: the error "
     "doubles for three quarters.\n\n**What goes wrong:** customers' retry loops. One wrote of a "
     "bill "
     "14 times the usual. They ask for spend caps first and discounts second.\n\n**Proposal:** a "
     "platform fee that covers fixed costs, metered calls in three tiers, a hard cap that is on by "
     "default, and alerts at 50, 80 and 100 %."},
});

}  // namespace

const std::string_view kPlannerInstructions =
    "You are the planner of a research crew. Break the question into two or three parts that can "
    "be "
    "researched on their own. Answer with a numbered list, one part per line, then hand off to the "
    "researcher. Do not answer the question yourself.";
const std::string_view kResearcherInstructions =
    "You are the researcher. For each part of the plan search the library first, then the web. "
    "Quote figures exactly and give the source id or address in brackets. Say so when you find "
    "nothing. When all parts are covered, hand off to the writer.";
const std::string_view kWriterInstructions =
    "You are the writer. Turn the findings into a report for busy readers: answer first, figures "
    "with sources, no more than 400 words, in the language of the question. Use only the findings "
    "you were given.";
const std::span<const ToolDefinition> kResearchTools = kTools;
const std::span<const ResearchTopic> kResearchTopics = kTopics;

}  // namespace sightline::demo
