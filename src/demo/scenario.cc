// SPDX-License-Identifier: Apache-2.0
#include "demo/scenario.h"

#include <array>
#include <cstddef>

#include "demo/random.h"

namespace sightline::demo {
namespace {

constexpr auto kCustomers = std::to_array<Customer>({
    {"cus_10277", "Maria Santos"},     {"cus_11893", "Tomasz Nowak"},
    {"cus_12004", "李晓雯"},           {"cus_12450", "فاطمة الزهراء"},
    {"cus_13102", "James O'Connor"},   {"cus_13866", "Aiko Tanaka"},
    {"cus_14310", "Ingrid Solheim"},   {"cus_14981", "Devon Clarke"},
    {"cus_15227", "王志强"},           {"cus_15790", "Chiara Bianchi"},
    {"cus_16045", "Mehmet Yıldız"},    {"cus_16602", "Priya Raman"},
    {"cus_17118", "Lucas Ferreira"},   {"cus_17744", "Hannah Becker"},
    {"cus_18039", "يوسف حداد"},        {"cus_18821", "Grace Mwangi"},
    {"cus_19456", "Oliver Lindqvist"}, {"cus_19987", "Nadia Petrova"},
    {"cus_20315", "Sam Whitaker"},     {"cus_20772", "Élodie Martin"},
    {"cus_21160", "Diego Álvarez"},    {"cus_21693", "Kwame Boateng"},
    {"cus_22048", "陈美玲"},           {"cus_22519", "Ruth Goldstein"},
});

}  // namespace

const Customer& PickCustomer(Random& random) {
  // The square of a uniform number prefers the front of the table.
  const double at = random.Uniform();
  return kCustomers[static_cast<std::size_t>(at * at * static_cast<double>(kCustomers.size()))];
}

std::string Fill(std::string_view text,
                 std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    filled.append(text.substr(0, open));
    if (open == std::string_view::npos) {
      break;
    }
    text.remove_prefix(open);
    std::size_t taken = 1;
    std::string_view replacement = text.substr(0, 1);
    for (const auto& [name, value] : values) {
      if (text.substr(1).starts_with(name) && text.substr(1 + name.size()).starts_with('}')) {
        taken = name.size() + 2;
        replacement = value;
      }
    }
    filled.append(replacement);
    text.remove_prefix(taken);
  }
  return filled;
}

}  // namespace sightline::demo
