// SPDX-License-Identifier: Apache-2.0
#include "server/server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "api/cost/own_prices.h"
#include "api/live/events_api.h"
#include "api/live/live_feeds.h"
#include "api/runs/traces_api.h"
#include "api/service_api.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/log.h"
#include "base/loss.h"
#include "base/worker_pool.h"
#include "ingest/lifecycle_receiver.h"
#include "ingest/lifecycle_state.h"
#include "ingest/pipeline.h"
#include "ingest/score_writer.h"
#include "ingest/unmapped_keys.h"
#include "journal/journal.h"
#include "live/live.h"
#include "model/encoded_batch.h"
#include "net/http_server.h"
#include "net/http_status.h"
#include "normalize/normalizer.h"
#include "pricing/current_prices.h"
#include "pricing/embedded_prices.h"
#include "server/assets.h"
#include "server/backup.h"
#include "server/backup_desk.h"
#include "server/data_dir.h"
#include "server/embedded_openapi.h"
#include "server/kept_resources.h"
#include "server/live_resources.h"
#include "server/live_start.h"
#include "server/memory_plan.h"
#include "server/open_files.h"
#include "server/otlp_listeners.h"
#include "server/price_resources.h"
#include "server/route_table.h"
#include "server/store_resources.h"
#include "store/embedded/embedded_store.h"
#include "store/meta/sqlite_meta_store.h"

namespace sightline::server {
namespace {

constexpr std::chrono::seconds kStopGrace{5};  // For all listeners together.
constexpr unsigned kQueryThreads = 3;
constexpr std::chrono::seconds kQueryTimeout(15);
constexpr std::size_t kMaxQueuedQueries = 256;
constexpr std::string_view kPortsFile = "ports.json";

constexpr std::size_t kMaxGrpcCalls = 1024;
constexpr std::size_t kPorts = 3;  // OTLP over gRPC and HTTP, and the API.

}  // namespace

// Members are in the order of starting: each may use what stands above it.
class Server::Impl {
 public:
  Impl(Config config, const MemoryPlan& memory, const base::Clock& clock)
      : config_(std::move(config)),
        memory_(memory),
        clock_(clock),
        max_connections_(ConnectionsFor(RaiseOpenFilesLimit(), kPorts, config_.max_connections)),
        max_connections_per_address_(PerAddress(max_connections_)),
        budget_(config_.max_in_flight_bytes != 0 ? config_.max_in_flight_bytes
                                                 : memory[MemoryPart::kBodies]),
        recent_(memory[MemoryPart::kRecentRows] / ingest::RecentRows::kBytesPerRow),
        lifecycle_(ingest::LifecycleState::WithinBytes(memory[MemoryPart::kLifecycle]), losses_) {}

  ~Impl() { Stop(); }

  base::Result<void> Start() {
    TRY(OpenData());
    TRY(StartIngest());
    TRY(StartApi());
    // A full disk does not keep what is stored from being read.
    if (auto written = WritePorts(); !written.has_value()) {
      base::LogWarning("{}", written.error().WithContext("cannot write ports.json").message());
    }
    return {};
  }

  void Stop();

  const api::Ports& ports() const { return ports_; }

 private:
  base::Result<void> OpenData();
  base::Result<void> OpenMetadata();
  void RememberNewestRows();
  base::Result<void> ReplayRecord(std::uint64_t position, std::string_view record);
  base::Result<void> StartIngest();
  base::Result<void> StartApi();
  base::Result<void> WritePorts() const;
  void RemovePorts() const;
  void AddRoutes();

  // A part of `connections` that leaves some to other addresses, also when files are few.
  std::size_t PerAddress(std::size_t connections) const {
    return std::min<std::size_t>(config_.max_connections_per_address,
                                 std::max<std::size_t>(connections * 3 / 4, 1));
  }

  net::HttpServerOptions HttpOptions(std::uint16_t port) const;

  const Config config_;
  const MemoryPlan memory_;
  const base::Clock& clock_;
  const std::size_t max_connections_;  // Of each port.
  const std::size_t max_connections_per_address_;
  base::PosixDisk disk_;
  base::LossTable losses_;
  std::atomic<bool> is_draining_ = false;
  api::Ports ports_;
  base::FileDescriptor lock_;

  ingest::ByteBudget budget_;
  ingest::RecentRows recent_;
  ingest::UnmappedKeys unmapped_;
  ingest::LifecycleState lifecycle_;
  const normalize::Normalizer normalizer_;
  std::unique_ptr<pricing::CurrentPrices> prices_;
  std::unique_ptr<store::meta::SqliteMetaStore> meta_;
  std::unique_ptr<ingest::ScoreWriter> score_writer_;
  std::unique_ptr<store::embedded::EmbeddedStore> store_;
  std::unique_ptr<StoreHistory> history_;
  std::unique_ptr<live::Live> live_;
  std::unique_ptr<LiveRuns> runs_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<ingest::Pipeline> pipeline_;
  std::unique_ptr<ingest::LifecycleReceiver> lifecycle_receiver_;
  std::unique_ptr<OtlpListeners> otlp_listeners_;
  std::unique_ptr<base::WorkerPool> queries_;
  std::unique_ptr<base::WorkerPool> figures_;
  std::unique_ptr<api::EventsApi> events_api_;
  std::unique_ptr<PriceResources> price_resources_;
  std::unique_ptr<api::TracesApi> traces_api_;
  std::unique_ptr<StoreResources> store_resources_;
  std::unique_ptr<KeptResources> kept_resources_;
  std::unique_ptr<LiveResources> live_resources_;
  std::unique_ptr<api::ServiceApi> service_api_;
  std::unique_ptr<RouteTable> routes_;
  std::unique_ptr<net::HttpServer> http_;
  std::unique_ptr<BackupDesk> backups_;
};

base::Result<void> Server::Impl::ReplayRecord(std::uint64_t position, std::string_view record) {
  const std::shared_ptr<model::EncodedBatch> encoded =
      TRY(model::EncodedBatch::Parse(std::string(record)));
  encoded->position = position;
  model::BatchPtr batch = TRY(model::EncodedBatch::Decode(encoded));
  recent_.InsertRestored(*batch);
  lifecycle_.Restore(*batch);
  store_->Commit(encoded);
  score_writer_->Add(*batch, ingest::ScoreWriter::WhenFull::kWait);
  live_->Add(std::move(batch));
  return {};
}

base::Result<void> Server::Impl::OpenData() {
  std::error_code error;
  std::filesystem::create_directories(config_.data_dir, error);
  if (error) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot create {}: {}", config_.data_dir.string(), error.message()));
  }
  lock_ = TRY(LockDataDir(config_.data_dir));
  RemovePorts();  // Of a run that crashed: nothing listens there.
  prices_ = std::make_unique<pricing::CurrentPrices>(
      TRY(pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides())));
  TRY(OpenMetadata());
  store_ = TRY(
      store::embedded::EmbeddedStore::Open({.directory = config_.data_dir / "days",
                                            .seal_rows = config_.seal_rows,
                                            .seal_bytes = memory_[MemoryPart::kSealing],
                                            .seal_age = std::chrono::seconds(config_.seal_seconds),
                                            .max_head_bytes = memory_[MemoryPart::kHead],
                                            .query_memory_bytes = memory_[MemoryPart::kQueries],
                                            .fact_cache_bytes = memory_[MemoryPart::kSums] / 4 * 3,
                                            .run_cache_bytes = memory_[MemoryPart::kSums] / 4,
                                            .body_index_bytes = memory_[MemoryPart::kBodyIndex],
                                            .reads = {.bytes = memory_[MemoryPart::kReads],
                                                      .most_bytes_of_read = config_.memory / 4 * 3},
                                            .retention_days = config_.retention_days,
                                            .retention_bytes = config_.retention_bytes},
                                           clock_, losses_, disk_));
  RememberNewestRows();
  history_ = std::make_unique<StoreHistory>(*store_);
  live_ = std::make_unique<live::Live>(
      live::Live::Options{
          .runs = {.idle_limit = std::chrono::seconds(config_.idle_seconds),
                   .max_bytes = memory_[MemoryPart::kLiveRuns]},
          .rollups = {.max_cells = live::Rollups::CellsWithin(memory_[MemoryPart::kRollups])},
          .max_waiting_bytes = memory_[MemoryPart::kLiveQueue]},
      *history_, clock_, losses_);
  runs_ = std::make_unique<LiveRuns>(*live_);
  TRY(StartLive(*store_, clock_, *live_));
  store_->SetRunSource(runs_.get());
  std::uint64_t replayed = 0;
  journal_ = TRY(journal::Journal::Open({.directory = config_.data_dir / "journal",
                                         .segment_bytes = config_.journal_segment_bytes,
                                         .disk_reserve_bytes = config_.disk_reserve_bytes},
                                        store_->sealed_position(), losses_,
                                        [&](std::uint64_t position, std::string_view record) {
                                          ++replayed;
                                          return ReplayRecord(position, record);
                                        }));
  if (replayed != 0) {
    base::LogInfo("journal: replayed {} records", replayed);
  }
  store_->StartSealing([this](std::uint64_t position) { journal_->Release(position); });
  return {};
}

// Damage does not keep telemetry from being taken and read.
base::Result<void> Server::Impl::OpenMetadata() {
  meta_ = TRY(store::meta::SqliteMetaStore::Open(
      {.file = config_.data_dir / kMetadataFile, .losses = &losses_}));
  score_writer_ = std::make_unique<ingest::ScoreWriter>(*meta_, losses_);
  if (const auto loaded = api::LoadOwnPrices(*meta_, *prices_); !loaded.has_value()) {
    base::LogWarning("{}", loaded.error().message());
  }
  return {};
}

// Clients resend what they got no answer for when the process before ended.
void Server::Impl::RememberNewestRows() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const auto visited = store_->VisitNewestRows(
      [this](const model::Batch& rows) { recent_.InsertRestored(rows); }, deadline);
  if (!visited.has_value()) {
    base::LogWarning("what is sent again may be stored twice: {}", visited.error().message());
  }
}

net::HttpServerOptions Server::Impl::HttpOptions(std::uint16_t port) const {
  return {.listen_address = config_.listen,
          .port = port,
          .max_connections = max_connections_,
          .max_connections_per_address = max_connections_per_address_,
          .max_body_bytes = config_.max_body_bytes,
          .allowed_origins = config_.cors_origins,
          .allowed_hosts = config_.allowed_hosts,
          .max_answer_bytes = memory_[MemoryPart::kAnswers]};
}

base::Result<void> Server::Impl::StartIngest() {
  pipeline_ = std::make_unique<ingest::Pipeline>(
      ingest::Pipeline::Options{.max_queued_jobs = max_connections_ + kMaxGrpcCalls,
                                .max_row_bytes = memory_[MemoryPart::kRows],
                                .max_decompressed_bytes = config_.max_body_bytes},
      ingest::Pipeline::Parts{.normalizer = normalizer_,
                              .prices = *prices_,
                              .journal = *journal_,
                              .store = *store_,
                              .recent = recent_,
                              .clock = clock_,
                              .losses = losses_,
                              .on_commit =
                                  [this](const model::BatchPtr& batch) {
                                    score_writer_->Add(*batch,
                                                       ingest::ScoreWriter::WhenFull::kLose);
                                    live_->Add(batch);
                                  },
                              .unmapped = &unmapped_});
  lifecycle_receiver_ = std::make_unique<ingest::LifecycleReceiver>(
      ingest::LifecycleReceiver::Options{.max_queued_requests = max_connections_,
                                         .max_decompressed_bytes = config_.max_body_bytes},
      ingest::LifecycleReceiver::Parts{.normalizer = normalizer_,
                                       .prices = *prices_,
                                       .recent = recent_,
                                       .store = *store_,
                                       .pipeline = *pipeline_,
                                       .state = lifecycle_,
                                       .clock = clock_,
                                       .losses = losses_});
  otlp_listeners_ = TRY(OtlpListeners::Open(
      {.pipeline = *pipeline_, .budget = budget_, .losses = losses_},
      {.listen_address = config_.listen,
       .port = config_.otlp_grpc_port,
       .max_connections = max_connections_,
       .max_connections_per_address = max_connections_per_address_,
       .max_message_bytes = config_.max_body_bytes,
       .max_concurrent_calls = kMaxGrpcCalls,
       // Whole messages leave gRPC's memory at once, so that this is for unfinished ones.
       .max_buffered_bytes = memory_[MemoryPart::kGrpc]},
      HttpOptions(config_.otlp_http_port)));
  ports_.otlp_grpc = otlp_listeners_->grpc();
  ports_.otlp_http = otlp_listeners_->http();
  return {};
}

base::Result<void> Server::Impl::StartApi() {
  queries_ = std::make_unique<base::WorkerPool>("query", kQueryThreads, kMaxQueuedQueries, losses_);
  figures_ = std::make_unique<base::WorkerPool>("figures", 1, kMaxQueuedQueries, losses_);
  routes_ = std::make_unique<RouteTable>(*queries_, *figures_, losses_);
  events_api_ = std::make_unique<api::EventsApi>(*lifecycle_receiver_, budget_, losses_);
  net::HttpServerOptions options = HttpOptions(config_.port);
  options.admission = [this](const net::HttpRequest& head) { return events_api_->Admit(head); };
  // The port must be known before the routes are: requests that come earlier are told to wait.
  auto is_routed = std::make_shared<std::atomic<bool>>(false);
  http_ = TRY(net::HttpServer::Create(
      std::move(options),
      [this, is_routed](net::HttpRequest request, net::ResponseSink sink) {
        if (!is_routed->load(std::memory_order_acquire)) {
          sink.Answer(net::ErrorResponse({base::Code::kUnavailable, "starting"}));
          return;
        }
        routes_->Handle(std::move(request), std::move(sink));
      },
      losses_));
  ports_.http = http_->port();
  const std::chrono::seconds idle_limit(config_.idle_seconds);
  const api::TraceLoader::Options traces{.idle_limit = idle_limit, .query_timeout = kQueryTimeout};
  store_resources_ =
      std::make_unique<StoreResources>(traces, *store_, *meta_, *meta_, clock_, losses_);
  kept_resources_ =
      std::make_unique<KeptResources>(traces, KeptResources::Parts{.meta = *meta_,
                                                                   .datasets = *meta_,
                                                                   .annotations = *meta_,
                                                                   .store = *store_,
                                                                   .queries = *queries_,
                                                                   .clock = clock_});
  price_resources_ = std::make_unique<PriceResources>(
      PriceResources::Options{.max_body_bytes = config_.max_body_bytes,
                              .query_timeout = kQueryTimeout},
      PriceResources::Parts{
          .store = *store_, .meta = *meta_, .prices = *prices_, .live = *live_, .clock = clock_});
  traces_api_ = std::make_unique<api::TracesApi>(
      api::TracesApi::Options{.idle_limit = idle_limit}, *store_, live_.get(), clock_, losses_,
      &price_resources_->breakdown(), meta_.get(), meta_.get());
  live_resources_ = std::make_unique<LiveResources>(
      ports_,
      api::LiveFeeds::Options{.gate = {.max_subscriptions = config_.max_subscriptions,
                                       .max_per_address = config_.max_subscriptions_per_address,
                                       .max_payload_bytes = memory_[MemoryPart::kConnections]},
                              .runs = {.idle_limit = idle_limit}},
      LiveResources::Parts{.live = *live_,
                           .store = *store_,
                           .unmapped = unmapped_,
                           .clock = clock_,
                           .losses = losses_});
  service_api_ = std::make_unique<api::ServiceApi>(
      api::ServiceApi::Parts{.store = *store_,
                             .meta = *meta_,
                             .journal = *journal_,
                             .pipeline = *pipeline_,
                             .budget = budget_,
                             .live = *live_,
                             .feeds = live_resources_->feeds(),
                             .host = live_resources_->host(),
                             .losses = losses_,
                             .is_draining = [this] { return is_draining_.load(); }});
  TRY(routes_->CheckQueries(EmbeddedOpenApi()));
  AddRoutes();
  is_routed->store(true, std::memory_order_release);
  backups_ = std::make_unique<BackupDesk>(
      config_.data_dir, disk_,
      [this](const std::filesystem::path& target, const std::stop_token& stop) {
        return BackUpRunning({.data_dir = config_.data_dir,
                              .disk_reserve_bytes = config_.disk_reserve_bytes,
                              .store = *store_,
                              .meta = *meta_,
                              .disk = disk_,
                              .clock = clock_},
                             target, journal_->stats().last_position, stop);
      });
  return {};
}

void Server::Impl::AddRoutes() {
  const std::string observability = "/api/v1/observability";
  routes_->AddQuery(observability + "/traces",
                    [this](const auto& r) { return traces_api_->List(r); });
  routes_->AddQuery(observability + "/traces/{trace_id}",
                    [this](const auto& r) { return traces_api_->Get(r); });
  routes_->AddQuery(observability + "/traces/{trace_id}/spans/{span_id}",
                    [this](const auto& r) { return traces_api_->GetSpan(r); });
  routes_->AddQuery(observability + "/traces/{trace_id}/spans/{span_id}/content",
                    [this](const auto& r) { return traces_api_->GetSpanContent(r); });
  routes_->AddQuery(observability + "/traces/{trace_id}/logs/{log_id}/content",
                    [this](const auto& r) { return traces_api_->GetLogContent(r); });
  live_resources_->AddRoutes(*routes_);
  price_resources_->AddRoutes(*routes_);
  kept_resources_->AddRoutes(*routes_);
  store_resources_->VisitRoutes([this](std::string_view pattern, StoreResources::Call call) {
    routes_->AddQuery(pattern, std::move(call));
  });
  routes_->AddFigures("/metrics", [this](const auto& r) { return service_api_->Metrics(r); });
  routes_->AddDirect("/healthz", [this](const auto& r) { return service_api_->Health(r); });
  routes_->AddDirect("/readyz", [this](const auto& r) { return service_api_->Ready(r); });
  routes_->AddDirect("/openapi.json", [](const auto&) {
    return net::HttpResponse{.body = std::string(EmbeddedOpenApi()),
                             .content_type = "application/json"};
  });
  routes_->AddReceiver("POST", "/api/v1/events",
                       [this](net::HttpRequest request, net::ResponseSink sink) {
                         events_api_->Post(std::move(request), std::move(sink));
                       });
  routes_->SetFallback([this](net::HttpRequest request, net::ResponseSink sink) {
    sink.Answer(ServeAsset(request, {.http = ports_.otlp_http, .grpc = ports_.otlp_grpc}));
  });
}

base::Result<void> Server::Impl::WritePorts() const {
  return base::WriteFileAtomically(
      config_.data_dir / kPortsFile,
      fmt::format("{{\"http\":{},\"otlp_grpc\":{},\"otlp_http\":{}}}\n", ports_.http,
                  ports_.otlp_grpc, ports_.otlp_http));
}

void Server::Impl::RemovePorts() const {
  std::error_code ignored;
  std::filesystem::remove(config_.data_dir / kPortsFile, ignored);
}

// Front to back: no new requests, what is in flight, the journal, the store.
void Server::Impl::Stop() {
  is_draining_ = true;
  if (lock_.is_open()) {
    RemovePorts();
  }
  backups_.reset();
  const auto deadline = std::chrono::steady_clock::now() + kStopGrace;
  if (otlp_listeners_ != nullptr) {
    otlp_listeners_->Stop(deadline);
  }
  if (http_ != nullptr) {
    http_->Stop(TimeLeft(deadline));
  }
  if (queries_ != nullptr) {
    queries_->Stop();
  }
  if (figures_ != nullptr) {
    figures_->Stop();
  }
  if (price_resources_ != nullptr) {
    price_resources_->Stop();
  }
  if (lifecycle_receiver_ != nullptr) {
    lifecycle_receiver_->Stop();
  }
  if (pipeline_ != nullptr) {
    pipeline_->Stop();
  }
  if (score_writer_ != nullptr) {
    score_writer_->Stop();
  }
  if (live_ != nullptr) {
    live_->Stop();
  }
  if (store_ != nullptr) {
    store_->StopSealing();
  }
  journal_.reset();
  store_.reset();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

base::Result<std::unique_ptr<Server>> Server::Start(const Config& config,
                                                    const base::Clock& clock) {
  const MemoryPlan memory = TRY(PlanMemory(config.memory, config.max_body_bytes));
  auto impl = std::make_unique<Impl>(config, memory, clock);
  TRY(impl->Start());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const api::Ports& Server::ports() const {
  return impl_->ports();
}

}  // namespace sightline::server
