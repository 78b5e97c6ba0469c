// SPDX-License-Identifier: Apache-2.0
#include "api/kept/dataset_export.h"

#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "api/kept/datasets_api.h"
#include "api/kept/example_json.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/result.h"
#include "net/http_status.h"
#include "net/outbound_queue.h"
#include "net/stream.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kMostInPart = 1000;

}  // namespace

// One download. Its stream holds it until the connection has ended.
//
// Thread: any.
class DatasetExporter::Export : public std::enable_shared_from_this<Export> {
 public:
  Export(DatasetExporter& exporter, std::string dataset_id)
      : options_(exporter.options_),
        datasets_(exporter.datasets_),
        queries_(exporter.queries_),
        open_(exporter.open_),
        dataset_id_(std::move(dataset_id)) {}

  ~Export() { --*open_; }

  Export(const Export&) = delete;
  Export& operator=(const Export&) = delete;

  void Start(net::ResponseSink sink) EXCLUDES(mutex_) {
    {
      const base::MutexLock lock(mutex_);
      writer_ = sink.StartStream(
          {.content_type = "application/x-ndjson",
           .headers = {{"Cache-Control", "no-store"},
                       {"Content-Disposition",
                        fmt::format("attachment; filename=\"dataset-{}.jsonl\"", dataset_id_)}},
           .end = net::StreamEnd::kByFeeder,
           .max_queued_bytes = options_.queued_bytes,
           .on_writable = [self = shared_from_this()] { self->Resume(); }});
    }
    Continue();
  }

 private:
  // On a network thread, which must not read the store.
  void Resume() EXCLUDES(mutex_) {
    if (!queries_.TrySubmit([self = shared_from_this()] { self->Continue(); })) {
      base::LogWarning("the export of dataset {} was given up: too many queries at once",
                       dataset_id_);
      const base::MutexLock lock(mutex_);
      writer_->Abort();
    }
  }

  // Sends parts until the client takes no more for now.
  void Continue() EXCLUDES(mutex_) {
    const base::MutexLock lock(mutex_);
    while (true) {
      if (pending_ == nullptr) {
        if (is_read_) {
          writer_->Close();
          return;
        }
        if (const auto read = ReadPart(); !read.has_value()) {
          base::LogWarning("the export of dataset {} was given up: {}", dataset_id_,
                           read.error().message());
          writer_->Abort();
          return;
        }
      }
      switch (writer_->Send(pending_)) {
        case net::SendResult::kQueued:
        case net::SendResult::kReplaced:
          pending_ = nullptr;
          break;
        case net::SendResult::kFull:  // Resume comes when there is room.
        case net::SendResult::kClosed:
          return;
      }
    }
  }

  Result<void> ReadPart() REQUIRES(mutex_) {
    TRY(KnownDataset(datasets_, dataset_id_));
    const store::ExamplePage page =
        TRY(datasets_.Examples(dataset_id_, place_, kMostInPart, options_.part_bytes));
    std::string lines;
    for (const store::Example& example : page.examples) {
      base::JsonWriter json;
      WriteExample(example, json);
      lines += json.Take();
      lines += '\n';
      place_ = example.place;
    }
    pending_ = std::make_shared<const std::string>(std::move(lines));
    is_read_ = !page.has_more;
    return {};
  }

  const Options options_;
  const store::DatasetStore& datasets_;
  base::WorkerPool& queries_;
  const std::shared_ptr<std::atomic<std::size_t>> open_;
  const std::string dataset_id_;
  base::Mutex mutex_;
  std::shared_ptr<net::StreamWriter> writer_ GUARDED_BY(mutex_);
  std::int64_t place_ GUARDED_BY(mutex_) = 0;  // Of the last example that was read.
  bool is_read_ GUARDED_BY(mutex_) = false;    // To its end.
  net::Payload pending_ GUARDED_BY(mutex_);    // Read, and not taken by the stream.
};

void DatasetExporter::Open(const net::HttpRequest& request, net::ResponseSink sink) {
  const std::string_view id = request.PathParameter("dataset_id");
  if (const auto dataset = KnownDataset(datasets_, id); !dataset.has_value()) {
    sink.Answer(net::ErrorResponse(dataset.error()));
    return;
  }
  if (++*open_ > options_.max_exports) {
    --*open_;
    sink.Answer(net::ErrorResponse(
        Error(Code::kUnavailable,
              fmt::format("{} exports are on their way already", options_.max_exports))));
    return;
  }
  std::make_shared<Export>(*this, std::string(id))->Start(std::move(sink));
}

}  // namespace sightline::api
