// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <thread>

#include "base/disk.h"
#include "base/result.h"
#include "server/backup.h"

namespace sightline::server {

// How `sightline backup` asks the process that uses a data directory for a backup: by files in that
// directory. Whoever may write there may ask, and nobody else; no port takes such a request.
//
//   backup.request  {"id", "directory"}: what is asked, until it is taken up
//   backup.status   {"id", "state", "detail", "days", "bytes", "left_out"}: what came of the one
//                   that was taken up last; state is "running", "done" or "failed"

// The server's side: looks for requests four times a second and makes one backup at a time.
//
// Thread: any. One thread of its own.
class BackupDesk {
 public:
  using BackUp = std::function<base::Result<BackupReport>(const std::filesystem::path& target,
                                                          const std::stop_token& stop)>;

  // Forgets what a process before was asked.
  BackupDesk(std::filesystem::path data_dir, base::Disk& disk, BackUp back_up);

  // Ends the backup that is being made: it fails.
  ~BackupDesk() = default;
  BackupDesk(const BackupDesk&) = delete;
  BackupDesk& operator=(const BackupDesk&) = delete;

 private:
  void Run(const std::stop_token& stop);
  void Look(const std::stop_token& stop);

  const std::filesystem::path data_dir_;
  base::Disk& disk_;
  const BackUp back_up_;
  std::jthread thread_;
};

// The other side: asks for a backup and waits for it. `is_running` tells whether a server uses the
// directory still.
// Errors: kUnavailable when no server takes the request up within 30 seconds, or it ended
// meanwhile; kFailedPrecondition with what the server says when the backup failed.
base::Result<BackupReport> AskForBackup(const std::filesystem::path& data_dir,
                                        const std::filesystem::path& target, base::Disk& disk,
                                        const std::function<bool()>& is_running);

}  // namespace sightline::server
