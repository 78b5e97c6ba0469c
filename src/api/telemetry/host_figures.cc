// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/host_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <string>

namespace sightline::api {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double MemoryPercent() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  double total = 0;
  double available = 0;
  std::string unit;
  double value = 0;
  while (file >> name >> value) {
    std::getline(file, unit);
    if (name == "MemTotal:") {
      total = value;
    } else if (name == "MemAvailable:") {
      available = value;
    }
  }
  return total == 0 ? 0 : std::round(10000.0 * (1.0 - available / total)) / 100.0;
}

struct CpuTicks {
  std::uint64_t busy = 0;
  std::uint64_t all = 0;
};

// First line of /proc/stat: user, nice, system, idle, iowait and more, in ticks since the start.
CpuTicks ReadCpuTicks() {
  constexpr int kIdle = 3;
  constexpr int kIoWait = 4;
  constexpr int kSteal = 7;
  std::ifstream file("/proc/stat");
  std::string name;
  file >> name;
  CpuTicks ticks;
  std::uint64_t value = 0;
  for (int column = 0; column <= kSteal && file >> value; ++column) {
    ticks.all += value;
    ticks.busy += column == kIdle || column == kIoWait ? 0 : value;
  }
  return ticks;
}

HostFigures ReadHostFigures() {
  HostFigures figures;
  figures.memory_percent = MemoryPercent();
  std::ifstream("/proc/loadavg") >> figures.load1;
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  figures.resident_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    figures.cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
  }
  return figures;
}

}  // namespace

HostFigures HostMonitor::figures() {
  const auto now = std::chrono::steady_clock::now();
  base::MutexLock lock(mutex_);
  if (all_ticks_ != 0 && now - read_at_ < kMaxAge) {
    return figures_;
  }
  const CpuTicks ticks = ReadCpuTicks();
  figures_ = ReadHostFigures();
  if (all_ticks_ != 0 && ticks.all > all_ticks_) {
    figures_.cpu_percent = 100.0 * static_cast<double>(ticks.busy - busy_ticks_) /
                           static_cast<double>(ticks.all - all_ticks_);
  }
  busy_ticks_ = ticks.busy;
  all_ticks_ = ticks.all;
  read_at_ = now;
  return figures_;
}

}  // namespace sightline::api
