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

#include "api/cost_breakdown.h"
#include "api/events_api.h"
#include "api/live_feeds.h"
#include "api/monitoring_api.h"
#include "api/overview_api.h"
#include "api/own_prices.h"
#include "api/prices_api.h"
#include "api/service_api.h"
#include "api/traces_api.h"
#include "api/unmapped_api.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/log.h"
#include "base/loss.h"
#include "base/worker_pool.h"
#include "ingest/lifecycle_receiver.h"
#include "ingest/lifecycle_state.h"
#include "ingest/otlp_grpc.h"
#include "ingest/otlp_http.h"
#include "ingest/pipeline.h"
#include "ingest/unmapped_keys.h"
#include "journal/journal.h"
#include "live/live.h"
#include "model/encoded_batch.h"
#include "net/grpc_server.h"
#include "net/http_server.h"
#include "net/http_status.h"
#include "net/origin.h"
#include "net/router.h"
#include "normalize/normalizer.h"
#include "pricing/current_prices.h"
#include "pricing/embedded_prices.h"
#include "server/assets.h"
#include "server/data_dir.h"
#include "server/embedded_openapi.h"
#include "server/live_start.h"
#include "server/memory_plan.h"
#include "server/open_files.h"
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

void AnswerBusy(net::ResponseSink& sink) {
  sink.Answer(net::ErrorResponse({base::Code::kUnavailable, "too many queries at once"}));
}

}  // namespace

// Members are in the order of starting: each may use what stands above it.
class Server::Impl {
 public:
  Impl(Config config, const MemoryPlan& memory)
      : config_(std::move(config)),
        memory_(memory),
        max_connections_(ConnectionsFor(RaiseOpenFilesLimit(), kPorts, config_.max_connections)),
        max_connections_per_address_(PerAddress(max_connections_)),
        budget_(config_.max_in_flight_bytes != 0 ? config_.max_in_flight_bytes
                                                 : memory[MemoryPart::kBodies]),
        recent_(memory[MemoryPart::kRecentSpans] / ingest::RecentSpans::kBytesPerSpan),
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
  void RememberNewestSpans();
  base::Result<void> ReplayRecord(std::uint64_t position, std::string_view record);
  base::Result<void> StartIngest();
  base::Result<void> StartApi();
  base::Result<void> WritePorts() const;
  void RemovePorts() const;
  void AddRoutes();

  using Call = std::function<net::HttpResponse(const net::HttpRequest&)>;

  // Adds a GET that costs much: not for pages of other sites, not even as a link that is followed.
  void AddCostly(std::string_view pattern, net::HttpHandler handler);

  // What answers on a thread of the pool.
  static net::HttpHandler OnThreadOf(base::WorkerPool& pool, Call call);

  // Changes something, on a query thread. The server refuses pages of other sites before.
  void AddChange(std::string_view method, std::string_view pattern, Call call);

  // Answers on a query thread: what reads the store.
  void AddQuery(std::string_view pattern, Call call);

  // Answers on a thread that never reads the store, and so does not wait for searches.
  void AddFigures(std::string_view pattern, Call call);

  // Opens a feed on a query thread: it may have to look into the store first.
  using OpenFeed = std::function<void(const net::HttpRequest&, net::ResponseSink)>;
  void AddFeed(std::string_view pattern, OpenFeed open);

  // Answers on the connection's thread: for what never waits, and must answer while all query
  // threads are busy.
  void AddDirect(std::string_view pattern, Call call);

  // A part of `connections` that leaves some to other addresses, also when files are few.
  std::size_t PerAddress(std::size_t connections) const {
    return std::min<std::size_t>(config_.max_connections_per_address,
                                 std::max<std::size_t>(connections * 3 / 4, 1));
  }

  net::HttpServerOptions HttpOptions(std::uint16_t port) const;

  const Config config_;
  const MemoryPlan memory_;
  const std::size_t max_connections_;  // Of each port.
  const std::size_t max_connections_per_address_;
  const base::SystemClock clock_;
  base::PosixDisk disk_;
  base::LossTable losses_;
  std::atomic<bool> is_draining_ = false;
  api::Ports ports_;
  base::FileDescriptor lock_;

  ingest::ByteBudget budget_;
  ingest::RecentSpans recent_;
  ingest::UnmappedKeys unmapped_;
  ingest::LifecycleState lifecycle_;
  const normalize::Normalizer normalizer_;
  std::unique_ptr<pricing::CurrentPrices> prices_;
  std::unique_ptr<store::MetaStore> meta_;
  std::unique_ptr<store::embedded::EmbeddedStore> store_;
  std::unique_ptr<StoreHistory> history_;
  std::unique_ptr<live::Live> live_;
  std::unique_ptr<LiveRuns> runs_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<ingest::Pipeline> pipeline_;
  std::unique_ptr<ingest::LifecycleReceiver> lifecycle_receiver_;
  std::unique_ptr<ingest::OtlpGrpcReceiver> grpc_receiver_;
  std::unique_ptr<ingest::OtlpHttpReceiver> http_receiver_;
  std::unique_ptr<net::GrpcServer> otlp_grpc_;
  std::unique_ptr<net::HttpServer> otlp_http_;
  std::unique_ptr<base::WorkerPool> queries_;
  std::unique_ptr<base::WorkerPool> figures_;
  std::unique_ptr<api::EventsApi> events_api_;
  std::unique_ptr<api::CostBreakdown> cost_breakdown_;
  std::unique_ptr<api::PricesApi> prices_api_;
  std::unique_ptr<api::TracesApi> traces_api_;
  std::unique_ptr<StoreResources> store_resources_;
  std::unique_ptr<api::OverviewApi> overview_api_;
  std::unique_ptr<api::ServiceApi> service_api_;
  std::unique_ptr<api::MonitoringApi> monitoring_api_;
  const api::UnmappedApi unmapped_api_{unmapped_, clock_};
  api::HostMonitor host_;
  std::unique_ptr<api::LiveFeeds> feeds_;
  net::Router router_;
  std::unique_ptr<net::HttpServer> http_;
};

base::Result<void> Server::Impl::ReplayRecord(std::uint64_t position, std::string_view record) {
  const std::shared_ptr<model::EncodedBatch> encoded =
      TRY(model::EncodedBatch::Parse(std::string(record)));
  encoded->position = position;
  model::BatchPtr batch = TRY(model::EncodedBatch::Decode(encoded));
  for (const model::Span& span : batch->spans) {
    recent_.InsertRestored(span);
  }
  lifecycle_.Restore(*batch);
  store_->Commit(encoded);
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
                                            .body_index_bytes = memory_[MemoryPart::kBodyIndex],
                                            .retention_days = config_.retention_days,
                                            .retention_bytes = config_.retention_bytes},
                                           clock_, losses_, disk_));
  RememberNewestSpans();
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
  meta_ = TRY(store::meta::SqliteMetaStore::Open({.file = config_.data_dir / kMetadataFile}));
  if (const auto loaded = api::LoadOwnPrices(*meta_, *prices_); !loaded.has_value()) {
    base::LogWarning("{}", loaded.error().message());
  }
  return {};
}

// Clients resend what they got no answer for when the process before ended.
void Server::Impl::RememberNewestSpans() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const auto visited = store_->VisitNewestSpans(
      [this](const model::Span& span) { recent_.InsertRestored(span); }, deadline);
  if (!visited.has_value()) {
    base::LogWarning("spans that are sent again may be stored twice: {}",
                     visited.error().message());
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
      ingest::Pipeline::Parts{
          .normalizer = normalizer_,
          .prices = *prices_,
          .journal = *journal_,
          .store = *store_,
          .recent = recent_,
          .clock = clock_,
          .losses = losses_,
          .on_commit = [this](const model::BatchPtr& batch) { live_->Add(batch); },
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
  grpc_receiver_ = std::make_unique<ingest::OtlpGrpcReceiver>(*pipeline_, budget_, losses_);
  http_receiver_ = std::make_unique<ingest::OtlpHttpReceiver>(*pipeline_, budget_, losses_);
  otlp_grpc_ = TRY(net::GrpcServer::Create(
      {.listen_address = config_.listen,
       .port = config_.otlp_grpc_port,
       .max_connections = max_connections_,
       .max_connections_per_address = max_connections_per_address_,
       .max_message_bytes = config_.max_body_bytes,
       .max_concurrent_calls = kMaxGrpcCalls,
       // Whole messages leave gRPC's memory at once, so that this is for unfinished ones.
       .max_buffered_bytes = memory_[MemoryPart::kGrpc],
       .admission = [this] { return grpc_receiver_->Admit(); }},
      [this](net::GrpcRequest request, net::GrpcResponder responder) {
        grpc_receiver_->Handle(std::move(request), std::move(responder));
      },
      losses_));
  net::HttpServerOptions options = HttpOptions(config_.otlp_http_port);
  options.admission = [this](const net::HttpRequest& head) { return http_receiver_->Admit(head); };
  options.render_error = ingest::OtlpHttpReceiver::RenderError;
  otlp_http_ = TRY(net::HttpServer::Create(
      std::move(options),
      [this](net::HttpRequest request, net::ResponseSink sink) {
        http_receiver_->Handle(std::move(request), std::move(sink));
      },
      losses_));
  ports_.otlp_grpc = otlp_grpc_->port();
  ports_.otlp_http = otlp_http_->port();
  return {};
}

base::Result<void> Server::Impl::StartApi() {
  queries_ = std::make_unique<base::WorkerPool>(kQueryThreads, kMaxQueuedQueries);
  figures_ = std::make_unique<base::WorkerPool>(1, kMaxQueuedQueries);
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
        router_.Handle(std::move(request), std::move(sink));
      },
      losses_));
  ports_.http = http_->port();
  const std::chrono::seconds idle_limit(config_.idle_seconds);
  store_resources_ = std::make_unique<StoreResources>(
      api::TraceLoader::Options{.idle_limit = idle_limit, .query_timeout = kQueryTimeout}, *store_,
      clock_, losses_);
  cost_breakdown_ = std::make_unique<api::CostBreakdown>(*prices_, *meta_);
  prices_api_ = std::make_unique<api::PricesApi>(
      api::PricesApi::Options{.max_body_bytes = config_.max_body_bytes}, *meta_, *prices_, clock_);
  traces_api_ =
      std::make_unique<api::TracesApi>(api::TracesApi::Options{.idle_limit = idle_limit}, *store_,
                                       live_.get(), clock_, losses_, cost_breakdown_.get());
  overview_api_ = std::make_unique<api::OverviewApi>(api::OverviewApi::Options{.ports = ports_},
                                                     *live_, host_, clock_);
  feeds_ = std::make_unique<api::LiveFeeds>(
      api::LiveFeeds::Options{.gate = {.max_subscriptions = config_.max_subscriptions,
                                       .max_per_address = config_.max_subscriptions_per_address,
                                       .max_payload_bytes = memory_[MemoryPart::kConnections]},
                              .runs = {.idle_limit = idle_limit}},
      *live_, *store_, host_, clock_, losses_);
  service_api_ = std::make_unique<api::ServiceApi>(
      api::ServiceApi::Parts{.store = *store_,
                             .meta = *meta_,
                             .journal = *journal_,
                             .pipeline = *pipeline_,
                             .budget = budget_,
                             .live = *live_,
                             .feeds = *feeds_,
                             .host = host_,
                             .losses = losses_,
                             .is_draining = [this] { return is_draining_.load(); }});
  monitoring_api_ = std::make_unique<api::MonitoringApi>(*live_);
  AddRoutes();
  is_routed->store(true, std::memory_order_release);
  return {};
}

void Server::Impl::AddCostly(std::string_view pattern, net::HttpHandler handler) {
  router_.Add(
      "GET", pattern,
      [this, handler = std::move(handler)](net::HttpRequest request, net::ResponseSink sink) {
        // With `Origin` the server has decided already.
        if (net::OriginPolicy::IsFromForeignPage(request) &&
            !request.headers.Find("Origin").has_value()) {
          losses_.Count(base::Loss::kRequestForeign);
          sink.Answer(net::DetailResponse(403, "pages of other sites may not ask for this"));
          return;
        }
        handler(std::move(request), std::move(sink));
      });
}

net::HttpHandler Server::Impl::OnThreadOf(base::WorkerPool& pool, Call call) {
  return [&pool, call = std::move(call)](net::HttpRequest request, net::ResponseSink sink) {
    auto shared_request = std::make_shared<net::HttpRequest>(std::move(request));
    auto shared_sink = std::make_shared<net::ResponseSink>(std::move(sink));
    const bool is_taken = pool.TrySubmit(
        [&call, shared_request, shared_sink] { shared_sink->Answer(call(*shared_request)); });
    if (!is_taken) {
      AnswerBusy(*shared_sink);
    }
  };
}

void Server::Impl::AddQuery(std::string_view pattern, Call call) {
  AddCostly(pattern, OnThreadOf(*queries_, std::move(call)));
}

void Server::Impl::AddFigures(std::string_view pattern, Call call) {
  AddCostly(pattern, OnThreadOf(*figures_, std::move(call)));
}

void Server::Impl::AddChange(std::string_view method, std::string_view pattern, Call call) {
  router_.Add(method, pattern, OnThreadOf(*queries_, std::move(call)));
}

void Server::Impl::AddFeed(std::string_view pattern, OpenFeed open) {
  AddCostly(pattern,
            [this, open = std::move(open)](net::HttpRequest request, net::ResponseSink sink) {
              auto shared_request = std::make_shared<net::HttpRequest>(std::move(request));
              auto shared_sink = std::make_shared<net::ResponseSink>(std::move(sink));
              const bool is_taken = queries_->TrySubmit([&open, shared_request, shared_sink] {
                open(*shared_request, std::move(*shared_sink));
              });
              if (!is_taken) {
                AnswerBusy(*shared_sink);
              }
            });
}

void Server::Impl::AddDirect(std::string_view pattern, Call call) {
  router_.Add("GET", pattern,
              [call = std::move(call)](net::HttpRequest request, net::ResponseSink sink) {
                sink.Answer(call(request));
              });
}

void Server::Impl::AddRoutes() {
  const std::string observability = "/api/v1/observability";
  AddQuery(observability + "/traces", [this](const auto& r) { return traces_api_->List(r); });
  AddQuery(observability + "/traces/{trace_id}",
           [this](const auto& r) { return traces_api_->Get(r); });
  AddQuery(observability + "/traces/{trace_id}/spans/{span_id}",
           [this](const auto& r) { return traces_api_->GetSpan(r); });
  AddQuery(observability + "/traces/{trace_id}/spans/{span_id}/content",
           [this](const auto& r) { return traces_api_->GetSpanContent(r); });
  AddQuery(observability + "/traces/{trace_id}/logs/{log_id}/content",
           [this](const auto& r) { return traces_api_->GetLogContent(r); });
  AddFeed(observability + "/ws/metrics",
          [this](const auto& r, auto sink) { feeds_->metrics().OpenSocket(r, std::move(sink)); });
  AddFeed(observability + "/metrics/stream",
          [this](const auto& r, auto sink) { feeds_->metrics().OpenStream(r, std::move(sink)); });
  AddFeed(observability + "/ws/executions/{execution_id}",
          [this](const auto& r, auto sink) { feeds_->executions().Open(r, std::move(sink)); });
  AddFeed(observability + "/ws/traces/{trace_id}",
          [this](const auto& r, auto sink) { feeds_->traces().Open(r, std::move(sink)); });
  AddFigures("/api/v1/monitoring/health",
             [this](const auto& r) { return monitoring_api_->Health(r); });
  AddFigures("/api/v1/monitoring/recent-executions",
             [this](const auto& r) { return monitoring_api_->RecentExecutions(r); });
  AddFigures(observability + "/overview", [this](const auto& r) { return overview_api_->Get(r); });
  AddFigures(observability + "/observability/overview",
             [this](const auto& r) { return overview_api_->Get(r); });
  AddFigures(observability + "/unmapped", [this](const auto& r) { return unmapped_api_.Get(r); });
  for (const std::string cost : {"/api/v1/cost-tracking", "/api/v1/cost"}) {
    const std::string prices = cost + "/prices";
    AddQuery(prices, [this](const auto& r) { return prices_api_->List(r); });
    AddChange("POST", prices + "/import", [this](const auto& r) { return prices_api_->Import(r); });
    AddChange("PUT", prices + "/{provider}/{model}",
              [this](const auto& r) { return prices_api_->Put(r); });
    AddChange("DELETE", prices + "/{provider}/{model}",
              [this](const auto& r) { return prices_api_->Delete(r); });
  }
  store_resources_->VisitRoutes([this](std::string_view pattern, StoreResources::Call call) {
    AddQuery(pattern, std::move(call));
  });
  AddFigures("/metrics", [this](const auto& r) { return service_api_->Metrics(r); });
  AddDirect("/healthz", [this](const auto& r) { return service_api_->Health(r); });
  AddDirect("/readyz", [this](const auto& r) { return service_api_->Ready(r); });
  AddDirect("/openapi.json", [](const auto&) {
    return net::HttpResponse{.body = std::string(EmbeddedOpenApi()),
                             .content_type = "application/json"};
  });
  router_.Add("POST", "/api/v1/events", [this](net::HttpRequest request, net::ResponseSink sink) {
    events_api_->Post(std::move(request), std::move(sink));
  });
  router_.SetFallback([this](net::HttpRequest request, net::ResponseSink sink) {
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
  const auto deadline = std::chrono::steady_clock::now() + kStopGrace;
  const auto grace = [&] {
    const auto left = deadline - std::chrono::steady_clock::now();
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(left, left.zero()));
  };
  if (otlp_http_ != nullptr) {
    otlp_http_->BeginStop();
  }
  if (otlp_grpc_ != nullptr) {
    otlp_grpc_->Stop(grace());
  }
  if (otlp_http_ != nullptr) {
    otlp_http_->Stop(grace());
  }
  if (http_ != nullptr) {
    http_->Stop(grace());
  }
  if (queries_ != nullptr) {
    queries_->Stop();
  }
  if (figures_ != nullptr) {
    figures_->Stop();
  }
  if (lifecycle_receiver_ != nullptr) {
    lifecycle_receiver_->Stop();
  }
  if (pipeline_ != nullptr) {
    pipeline_->Stop();
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

base::Result<std::unique_ptr<Server>> Server::Start(const Config& config) {
  const MemoryPlan memory = TRY(PlanMemory(config.memory, config.max_body_bytes));
  auto impl = std::make_unique<Impl>(config, memory);
  TRY(impl->Start());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const api::Ports& Server::ports() const {
  return impl_->ports();
}

}  // namespace sightline::server
