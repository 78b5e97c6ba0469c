// SPDX-License-Identifier: Apache-2.0
#include "server/commands.h"

int main(int argc, char** argv) {
  return sightline::server::RunCommand(argc, argv);
}
