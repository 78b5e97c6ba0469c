// SPDX-License-Identifier: Apache-2.0
#include "demo/scenario.h"

#include <cstddef>
#include <vector>

#include "base/arena.h"
#include "demo/data_file.h"
#include "demo/random.h"

namespace sightline::demo {
namespace {

const std::vector<Customer>& AllCustomers() {
  static base::Arena arena;
  static const std::vector<Customer> customers =
      ReadData("customers", arena, [](const DataObject& file) {
        return file.List("customers", [](const DataObject& customer) {
          return Customer{.id = customer.Text("id"), .name = customer.Text("name")};
        });
      });
  return customers;
}

}  // namespace

const Customer& PickCustomer(Random& random) {
  // The square of a uniform number prefers the front of the table.
  const double at = random.Uniform();
  const std::vector<Customer>& customers = AllCustomers();
  return customers[static_cast<std::size_t>(at * at * static_cast<double>(customers.size()))];
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
