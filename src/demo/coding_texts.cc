// SPDX-License-Identifier: Apache-2.0
#include "demo/coding_texts.h"

#include <array>

namespace sightline::demo {
namespace {

constexpr auto kTools = std::to_array<ToolDefinition>({
    {"list_files", "Lists the files under a folder of the repository.",
     R"({"type":"object","properties":{"path":{"type":"string"}},"required":["path"]})"},
    {"search_code", "Searches all files with a regular expression.",
     R"({"type":"object","properties":{"pattern":{"type":"string"},"glob":{"type":"string"}},"required":["pattern"]})"},
    {"read_file", "Reads lines of a file, numbered.",
     R"({"type":"object","properties":{"path":{"type":"string"},"offset":{"type":"integer"},"limit":{"type":"integer"}},"required":["path"]})"},
    {"edit_file", "Replaces one occurrence of a text in a file. The old text must occur once.",
     R"({"type":"object","properties":{"path":{"type":"string"},"old_text":{"type":"string"},"new_text":{"type":"string"}},"required":["path","old_text","new_text"]})"},
    {"run_tests", "Runs the tests of the repository in a sandbox, for at most 120 s.",
     R"({"type":"object","properties":{"command":{"type":"string"}},"required":["command"]})"},
    {"shell", "Runs a read-only shell command in the sandbox.",
     R"({"type":"object","properties":{"command":{"type":"string"}},"required":["command"]})"},
});

constexpr auto kMoneyFiles = std::to_array<CodeFile>({
    {"billing/invoice.py", R"(from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from billing.tax import TaxTable


@dataclass
class Line:
    sku: str
    quantity: int
    unit_price: float
    tax_class: str = "standard"

    @property
    def net(self) -> float:
        return self.quantity * self.unit_price


@dataclass
class Invoice:
    customer: str
    issued: date
    lines: list[Line] = field(default_factory=list)

    def total(self, taxes: TaxTable) -> float:
        """Gross total, rounded once per line as the tax office asks."""
        gross = 0.0
        for line in self.lines:
            rate = taxes.rate(line.tax_class, self.issued)
            gross += round(line.net * (1 + rate), 2)
        return round(gross, 2)
)"},
    {"billing/tax.py", R"(from datetime import date


class TaxTable:
    """Tax rates by class and day."""

    def __init__(self, rows: list[tuple[str, date, float]]):
        self._rows = sorted(rows, key=lambda row: row[1])

    def rate(self, tax_class: str, day: date) -> float:
        found = None
        for name, since, rate in self._rows:
            if name == tax_class and since <= day:
                found = rate
        if found is None:
            raise LookupError(f"no rate for {tax_class} on {day}")
        return found
)"},
    {"tests/test_invoice.py", R"(from datetime import date

import pytest

from billing.invoice import Invoice, Line
from billing.tax import TaxTable

TAXES = TaxTable([("standard", date(2007, 1, 1), 0.19), ("reduced", date(2007, 1, 1), 0.07)])


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [(1, 10.00, "11.90"), (3, 0.35, "1.25"), (7, 2.675, "22.28"), (1000, 0.145, "172.55")],
)
def test_total_is_exact(quantity, price, expected):
    invoice = Invoice("ACME", date(2025, 3, 1), [Line("X", quantity, price)])
    assert str(invoice.total(TAXES)) == expected


def test_empty_invoice_is_zero():
    assert Invoice("ACME", date(2025, 3, 1)).total(TAXES) == 0
)"},
});
constexpr auto kMoneyEdits = std::to_array<CodeEdit>({
    {"billing/invoice.py", "    unit_price: float\n", "    unit_price: Decimal\n"},
    {"billing/invoice.py", "    def net(self) -> float:\n", "    def net(self) -> Decimal:\n"},
    {"billing/invoice.py",
     "            gross += round(line.net * (1 + rate), 2)\n        return round(gross, 2)\n",
     "            gross += (line.net * (1 + rate)).quantize(CENT, rounding=ROUND_HALF_UP)\n        "
     "return gross\n"},
    {"billing/tax.py", "    def rate(self, tax_class: str, day: date) -> float:\n",
     "    def rate(self, tax_class: str, day: date) -> Decimal:\n"},
});
constexpr auto kMoneySymbols =
    std::to_array<std::string_view>({"round\\(", "float", "TaxTable", "unit_price"});

constexpr auto kPoolFiles = std::to_array<CodeFile>({
    {"internal/pool/pool.go", R"(package pool

import (
	"context"
	"errors"
	"sync"
	"time"
)

var ErrClosed = errors.New("pool: closed")

type Conn interface {
	Ping(ctx context.Context) error
	Close() error
}

type Pool struct {
	mu     sync.Mutex
	idle   []Conn
	open   int
	max    int
	closed bool
	wait   chan struct{}
	dial   func(ctx context.Context) (Conn, error)
}

func (p *Pool) Get(ctx context.Context) (Conn, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		conn := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		if err := conn.Ping(ctx); err != nil {
			conn.Close()
			return p.Get(ctx)
		}
		return conn, nil
	}
	p.open++
	p.mu.Unlock()
	return p.dial(ctx)
}
)"},
    {"internal/pool/pool_test.go", R"(package pool

import (
	"context"
	"errors"
	"testing"
)

type brokenConn struct{}

func (brokenConn) Ping(context.Context) error { return errors.New("broken pipe") }
func (brokenConn) Close() error               { return nil }

func TestGetReplacesBrokenConnections(t *testing.T) {
	p := New(2, func(context.Context) (Conn, error) { return goodConn{}, nil })
	p.Put(brokenConn{})
	p.Put(brokenConn{})
	for i := 0; i < 10; i++ {
		conn, err := p.Get(context.Background())
		if err != nil {
			t.Fatalf("get %d: %v", i, err)
		}
		p.Put(conn)
	}
	if got := p.Stats().Open; got > 2 {
		t.Errorf("open = %d, want at most 2", got)
	}
}
)"},
    {"internal/pool/stats.go", R"(package pool

type Stats struct {
	Open int
	Idle int
	Max  int
}

func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Stats{Open: p.open, Idle: len(p.idle), Max: p.max}
}
)"},
});
constexpr auto kPoolEdits = std::to_array<CodeEdit>({
    {"internal/pool/pool.go", "\t\t\tconn.Close()\n\t\t\treturn p.Get(ctx)\n",
     "\t\t\tconn.Close()\n\t\t\tp.release()\n\t\t\treturn p.Get(ctx)\n"},
    {"internal/pool/pool.go", "\tp.open++\n\tp.mu.Unlock()\n\treturn p.dial(ctx)\n",
     "\tp.open++\n\tp.mu.Unlock()\n\tconn, err := p.dial(ctx)\n\tif err != nil {\n\t\tp.release()\n"
     "\t\treturn nil, err\n\t}\n\treturn conn, nil\n"},
    {"internal/pool/pool_test.go", "\tif got := p.Stats().Open; got > 2 {\n",
     "\tif got := p.Stats().Open; got != 1 {\n"},
});
constexpr auto kPoolSymbols =
    std::to_array<std::string_view>({R"(p\.open)", R"(func \(p \*Pool\))", "ErrClosed", "release"});

constexpr auto kCalendarFiles = std::to_array<CodeFile>({
    {"src/calendar/monthGrid.ts", R"(export interface Day {
  readonly date: Date;
  readonly inMonth: boolean;
}

const MS_PER_DAY = 24 * 60 * 60 * 1000;

/** The weeks that show a month, starting on `firstWeekday` (0 = Sunday). */
export function monthGrid(year: number, month: number, firstWeekday = 1): Day[][] {
  const first = new Date(year, month, 1);
  const lead = (first.getDay() - firstWeekday + 7) % 7;
  const start = first.getTime() - lead * MS_PER_DAY;
  const weeks: Day[][] = [];
  for (let week = 0; week < 6; week += 1) {
    const days: Day[] = [];
    for (let day = 0; day < 7; day += 1) {
      const date = new Date(start + (week * 7 + day) * MS_PER_DAY);
      days.push({ date, inMonth: date.getMonth() === month });
    }
    weeks.push(days);
  }
  return weeks;
}
)"},
    {"src/calendar/monthGrid.test.ts", R"(import { describe, expect, it } from "vitest";
import { monthGrid } from "./monthGrid";

describe("monthGrid", () => {
  it("shows each day once when clocks go back", () => {
    const days = monthGrid(2025, 9).flat().map((day) => day.date.getDate());
    expect(days.slice(0, 7)).toEqual([29, 30, 1, 2, 3, 4, 5]);
    expect(days.filter((day) => day === 26)).toHaveLength(1);
  });

  it("starts on Sunday when asked", () => {
    expect(monthGrid(2025, 5, 0)[0]?.[0]?.date.getDate()).toBe(1);
  });
});
)"},
    {"src/calendar/DatePicker.tsx", R"(import { useMemo, useState } from "react";
import { monthGrid } from "./monthGrid";

interface Props {
  readonly value: Date | undefined;
  readonly onChange: (date: Date) => void;
}

export function DatePicker({ value, onChange }: Props) {
  const [shown, setShown] = useState(() => value ?? new Date());
  const weeks = useMemo(() => monthGrid(shown.getFullYear(), shown.getMonth()), [shown]);
  return (
    <table role="grid" aria-label="Calendar">
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.date.toISOString()}>
            {week.map((day) => (
              <td key={day.date.toISOString()} aria-selected={day.date === value}>
                <button onClick={() => onChange(day.date)}>{day.date.getDate()}</button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
)"},
});
constexpr auto kCalendarEdits = std::to_array<CodeEdit>({
    {"src/calendar/monthGrid.ts",
     "      const date = new Date(start + (week * 7 + day) * MS_PER_DAY);\n",
     "      const date = new Date(year, month, 1 - lead + week * 7 + day);\n"},
    {"src/calendar/monthGrid.ts", "const MS_PER_DAY = 24 * 60 * 60 * 1000;\n\n", ""},
    {"src/calendar/DatePicker.tsx", "aria-selected={day.date === value}",
     "aria-selected={value !== undefined && isSameDay(day.date, value)}"},
});
constexpr auto kCalendarSymbols =
    std::to_array<std::string_view>({"MS_PER_DAY", "monthGrid", "getTime\\(", "aria-selected"});

constexpr auto kQueueFiles = std::to_array<CodeFile>({
    {"src/base/ring_queue.h", R"(#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

// A queue for one producer and one consumer.
template <typename T>
class RingQueue {
 public:
  explicit RingQueue(std::size_t capacity) : slots_(capacity) {}

  bool Push(T item) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_relaxed) == slots_.size()) {
      return false;
    }
    slots_[tail % slots_.size()] = std::move(item);
    tail_.store(tail + 1, std::memory_order_relaxed);
    return true;
  }

  std::optional<T> Pop() {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_relaxed)) {
      return std::nullopt;
    }
    T item = std::move(slots_[head % slots_.size()]);
    head_.store(head + 1, std::memory_order_relaxed);
    return item;
  }

 private:
  std::vector<T> slots_;
  std::atomic<std::size_t> head_{0};
  std::atomic<std::size_t> tail_{0};
};
)"},
    {"src/base/ring_queue_test.cc", R"(#include "base/ring_queue.h"

#include <thread>

#include <gtest/gtest.h>

TEST(RingQueueTest, KeepsOrderBetweenThreads) {
  RingQueue<int> queue(64);
  std::jthread producer([&] {
    for (int i = 0; i < 1'000'000;) {
      i += queue.Push(i) ? 1 : 0;
    }
  });
  for (int expected = 0; expected < 1'000'000;) {
    if (const auto item = queue.Pop()) {
      ASSERT_EQ(*item, expected++);
    }
  }
}
)"},
});
constexpr auto kQueueEdits = std::to_array<CodeEdit>({
    {"src/base/ring_queue.h", "    tail_.store(tail + 1, std::memory_order_relaxed);\n",
     "    tail_.store(tail + 1, std::memory_order_release);\n"},
    {"src/base/ring_queue.h", "    if (head == tail_.load(std::memory_order_relaxed)) {\n",
     "    if (head == tail_.load(std::memory_order_acquire)) {\n"},
    {"src/base/ring_queue.h", "  std::atomic<std::size_t> head_{0};\n",
     "  alignas(64) std::atomic<std::size_t> head_{0};\n"},
});
constexpr auto kQueueSymbols =
    std::to_array<std::string_view>({"memory_order", "RingQueue<", "slots_", "jthread"});

constexpr auto kTasks = std::to_array<CodingTask>({
    {"tidewater/billing",
     "Invoices are sometimes off by one cent (see ticket BIL-482: 7 x 2.675 should be 22.28). "
     "Please "
     "find out why, fix it for good, and add tests for the cases in the ticket.",
     "pytest -q", kMoneyFiles, kMoneyEdits, kMoneySymbols,
     "..F.F                                                                    [100%]\n"
     "=================================== FAILURES ===================================\n"
     "_____________________ test_total_is_exact[7-2.675-22.28] ______________________\n\n"
     "    def test_total_is_exact(quantity, price, expected):\n"
     ">       assert str(invoice.total(TAXES)) == expected\n"
     "E       AssertionError: assert '22.27' == '22.28'\n\n"
     "tests/test_invoice.py:18: AssertionError\n"
     "=========================== 2 failed, 3 passed in 0.41s ===========================",
     ".....                                                                    [100%]\n5 passed in "
     "0.38s",
     "Fixed. Money was a `float`, and `round()` rounds halves to even, so 22.275 became 22.27. "
     "Prices "
     "and rates are `Decimal` now and each line is rounded half up once. All five tests pass, "
     "including the two from BIL-482. ✅"},
    {"tidewater/gateway",
     "The gateway stops answering after the database restarts: `open` climbs to the maximum and "
     "never "
     "comes down. I suspect the connection pool. Reproduce it with a test first.",
     "go test ./internal/pool/...", kPoolFiles, kPoolEdits, kPoolSymbols,
     "--- FAIL: TestGetReplacesBrokenConnections (0.00s)\n"
     "    pool_test.go:27: open = 4, want at most 2\nFAIL\n"
     "FAIL\tgateway/internal/pool\t0.004s\nFAIL",
     "ok  \tgateway/internal/pool\t0.006s",
     "The pool counted broken connections as open for ever: `Get` closed them without `open--`, "
     "and so "
     "did a failed dial. Both paths call `release()` now, and the new test fails without the "
     "change."},
    {"tidewater/storefront",
     "In October the date picker shows the 26th twice and the last week is shifted 🤯. Only users "
     "in "
     "Europe report it. Fix it and check that the selected day is announced to screen readers.",
     "npx vitest run src/calendar", kCalendarFiles, kCalendarEdits, kCalendarSymbols,
     " FAIL  src/calendar/monthGrid.test.ts > monthGrid > shows each day once when clocks go back\n"
     "AssertionError: expected [ Date, Date ] to have a length of 1 but got 2\n"
     " ❯ src/calendar/monthGrid.test.ts:8:55\n\n Test Files  1 failed (1)\n      Tests  1 failed | "
     "1 "
     "passed (2)",
     " ✓ src/calendar/monthGrid.test.ts (2 tests) 6ms\n\n Test Files  1 passed (1)\n      Tests  2 "
     "passed (2)",
     "The grid added 24 hours per day, but the last Sunday of October has 25. It counts calendar "
     "days "
     "now. I also fixed `aria-selected`, which compared Date objects by identity."},
    {"tidewater/telemetry-agent",
     "偶发的数据错乱：在 ARM 机器上 RingQueue 有时会取到旧值，x86 "
     "上从未出现。请定位并修复，附上说明。",
     "ctest --preset tsan -R RingQueue", kQueueFiles, kQueueEdits, kQueueSymbols,
     "1/1 Test #12: RingQueueTest ....................***Failed    2.31 sec\n"
     "WARNING: ThreadSanitizer: data race (pid=4121)\n"
     "  Write of size 4 at 0x7b0400000010 by thread T1:\n"
     "    #0 RingQueue<int>::Push(int) src/base/ring_queue.h:20\n"
     "  Previous read of size 4 at 0x7b0400000010 by main thread:\n"
     "    #0 RingQueue<int>::Pop() src/base/ring_queue.h:30",
     "1/1 Test #12: RingQueueTest ....................   Passed    3.02 sec\n\n100% tests passed, "
     "0 "
     "tests failed out of 1",
     "问题在于发布 tail 时使用了 relaxed 次序，ARM 上消费者可能先看到新的 "
     "tail、后看到数据。现在写端用 "
     "release，读端用 acquire，并把两个计数器放到不同的缓存行。TSan 测试通过。"},
});

constexpr auto kReading = std::to_array<std::string_view>({
    "Let me look at {file}.",
    "I want to see how {file} uses this before changing anything.",
    "The search points to {file}; reading the surrounding lines.",
    "Before I edit, I check {file} once more, since line numbers have moved.",
    "{file} is the only other caller. Let me make sure it isn't affected.",
    "Opening {file} to confirm my assumption.",
});
constexpr auto kEditing = std::to_array<std::string_view>({
    "The cause is clear now. Making the change in {file}.",
    "This part of {file} has to follow.",
    "I'll keep the change small: one place in {file}.",
    "The first attempt was incomplete; adjusting {file}.",
    "Now the same in {file}.",
});
constexpr auto kTesting = std::to_array<std::string_view>({
    "Running the tests.",
    "Let me see whether this fixes it.",
    "Checking that nothing else broke.",
    "Once more, to be sure that it isn't flaky.",
});

}  // namespace

const std::string_view kCoderInstructions =
    "You are a coding agent that works in a sandboxed checkout of one repository. Understand "
    "before "
    "you change: search, read, then edit. Reproduce a bug with a test first. After every edit run "
    "the tests. Keep changes minimal and in the style of the file. Never edit generated files, "
    "never "
    "touch anything outside the repository, never run commands that write except through the "
    "tools. "
    "When you are done, say in a few sentences what was wrong, what you changed and how you "
    "checked "
    "it. If you are stuck after three attempts at the same thing, stop and ask.\n\nRepository "
    "conventions: formatting is enforced by the pre-commit hook; public functions have a doc "
    "comment; commit messages name the area first; tests sit beside the source or in tests/; no "
    "new "
    "dependencies without asking. Continuous integration runs the linters with warnings as errors.";
const std::span<const ToolDefinition> kCodingTools = kTools;
const std::span<const CodingTask> kCodingTasks = kTasks;
const std::span<const std::string_view> kReadingThoughts = kReading;
const std::span<const std::string_view> kEditingThoughts = kEditing;
const std::span<const std::string_view> kTestingThoughts = kTesting;

}  // namespace sightline::demo
