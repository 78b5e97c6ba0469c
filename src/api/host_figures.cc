// SPDX-License-Identifier: Apache-2.0
#include "api/host_figures.h"

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

}  // namespace

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

}  // namespace sightline::api
