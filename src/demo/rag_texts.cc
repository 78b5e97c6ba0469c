// SPDX-License-Identifier: Apache-2.0
#include "demo/rag_texts.h"

#include <array>

namespace sightline::demo {
namespace {

constexpr auto kAllPassages = std::to_array<Passage>({
    {"docs/backup#pitr", "Backup and restore",
     "Point-in-time recovery needs a base backup and every log segment written since. Run `quill "
     "restore --from s3://bucket/base --until '2026-02-03 14:00 UTC'`. Recovery replays about 80 "
     "MB "
     "of log per second and core; the cluster answers reads as soon as the catalogue is "
     "consistent."},
    {"docs/backup#schedule", "Backup and restore",
     "`quill backup schedule --every 6h --keep 28` takes incremental backups. A full backup is "
     "taken "
     "when increments reach 40 % of the base. Backups are encrypted with the cluster key."},
    {"docs/replication#lag", "Replication",
     "`SHOW REPLICAS` lists each replica's lag in bytes and seconds. Lag above 30 s usually means "
     "a "
     "long transaction on the primary or a disk that cannot keep up; check `apply_queue_depth` "
     "first. A replica more than `max_lag` behind stops serving reads."},
    {"docs/replication#failover", "Replication",
     "A majority of voters elects a new primary within `election_timeout` (default 4 s). Writes "
     "that "
     "were acknowledged with `durability = majority` are never lost; those with `durability = "
     "local` "
     "may be."},
    {"docs/indexes#choosing", "Indexes",
     "Use a hash index for equality on one column, a range index for ordering and intervals, and a "
     "vector index for nearest neighbours. An index on a column with fewer than about 50 distinct "
     "values is rarely used by the planner."},
    {"docs/indexes#online", "Indexes",
     "`CREATE INDEX ... ONLINE` builds without blocking writes. It takes about twice as long and "
     "needs free disk of 1.3 times the finished index. If it fails it leaves an INVALID index, "
     "which "
     "`DROP INDEX` removes."},
    {"docs/security#roles", "Security",
     "Grant rights to roles and roles to users. `GRANT READ ON SCHEMA sales TO ROLE analyst` "
     "covers "
     "future tables as well. `SHOW EFFECTIVE RIGHTS FOR alice` explains where each right comes "
     "from."},
    {"docs/security#tls", "Security",
     "Set `tls.mode = require` and point `tls.cert` and `tls.key` to PEM files. Certificates are "
     "re-read within 10 s of a change; no restart is needed. Clients older than 3.2 cannot verify "
     "ECDSA certificates."},
    {"docs/limits", "Limits",
     "Row 8 MB, key 2 kB, 4,096 columns a table, 1,024 connections a node (pooler: 20,000), "
     "statement text 1 MB, transaction 256 MB of changes."},
    {"docs/errors#40001", "Error codes",
     "40001 serialization_failure: two transactions touched the same rows. Retry the whole "
     "transaction with back-off. The drivers do so for up to `retry.max_attempts` (default 3) when "
     "it was started with `run_transaction`."},
    {"docs/errors#53300", "Error codes",
     "53300 too_many_connections: use the pooler on port 6543 or raise `max_connections`. Each "
     "connection takes about 6 MB."},
    {"docs/upgrade", "Upgrading",
     "Rolling upgrade: replicas first, then `quill failover`, then the old primary. Versions may "
     "differ by one minor release. `quill upgrade check` lists settings that were removed. Going "
     "back "
     "is possible until `quill upgrade finalize`."},
    {"docs/vector", "Vector search",
     "`CREATE INDEX ON passages USING vector (embedding) WITH (metric = cosine, m = 16)`. Recall "
     "at "
     "`ef_search = 64` is about 0.97 on one million rows of 768 dimensions. Filters are applied "
     "while "
     "the graph is walked."},
    {"docs/import", "Bulk import",
     "`COPY table FROM 's3://...' WITH (format = parquet, parallel = 8)` loads 200 to 400 MB/s per "
     "node. Indexes are built after the load. Rejected rows go to `table_rejects` with the "
     "reason."},
    {"docs/zh/slow-query", "慢查询分析",
     "使用 `EXPLAIN (ANALYZE, BUFFERS)` 查看执行计划。若估算行数与实际行数相差十倍以上，请先运行 "
     "`ANALYZE`。`slow_query_ms` 默认为 500，超过该阈值的语句会写入 `quill.slow_log`。"},
    {"docs/ar/timeouts", "المهلات الزمنية",
     "القيمة الافتراضية لـ `statement_timeout` هي 60 ثانية، ويمكن تغييرها لكل جلسة بالأمر "
     "`SET statement_timeout = '5min'`. أما `idle_in_transaction_timeout` فيغلق الجلسات الخاملة "
     "بعد 10 دقائق."},
});

constexpr auto kRestore = std::to_array<RagTurn>({
    {"how do i restore to yesterday 14:00? someone dropped the orders table 😱", "docs/backup#pitr",
     "You can recover to any moment since your last base backup:\n\n```\nquill restore --from "
     "s3://bucket/base --until '2026-02-03 14:00 UTC'\n```\n\nDo it into a **new** cluster, then "
     "copy "
     "the `orders` table back, so that today's other writes stay. Expect about 80 MB of log per "
     "second and core [Backup and restore]."},
    {"And how do I make sure I have such a base backup every night?", "docs/backup#schedule",
     "Schedule incremental backups: `quill backup schedule --every 6h --keep 28`. A new full "
     "backup "
     "is taken by itself once increments reach 40 % of the base [Backup and restore]."},
    {"does the restore work into a smaller machine?", "",
     "I could not find anything about that in the documentation."},
});
constexpr auto kLag = std::to_array<RagTurn>({
    {"Replica 2 shows 45 s of lag since this morning. Where do I look first?",
     "docs/replication#lag",
     "Look at `apply_queue_depth` on the replica first. If it grows, the disk cannot keep up; if "
     "it is "
     "small, a long transaction on the primary is the usual cause. `SHOW REPLICAS` shows the lag "
     "in "
     "bytes and seconds [Replication]."},
    {"It was a long transaction. Could we lose writes if the primary dies now?",
     "docs/replication#failover",
     "Not those acknowledged with `durability = majority`. Writes with `durability = local` may be "
     "lost [Replication]."},
});
constexpr auto kIndex = std::to_array<RagTurn>({
    {"Can I add an index on a 900 GB table in production without locking writers?",
     "docs/indexes#online",
     "Yes: `CREATE INDEX ... ONLINE`. Plan for twice the time and free disk of 1.3 times the "
     "finished "
     "index. If it fails, drop the INVALID index it leaves behind [Indexes]."},
    {"The column has 12 distinct values. Is it worth it?", "docs/indexes#choosing",
     "Probably not. The planner rarely uses an index on a column with fewer than about 50 distinct "
     "values [Indexes]. A partial index on the rare values may help."},
});
constexpr auto kError = std::to_array<RagTurn>({
    {"We get `40001 serialization_failure` about twice a minute at peak. Is something broken?",
     "docs/errors#40001",
     "No, this is normal under contention: two transactions touched the same rows. Retry the whole "
     "transaction with back-off, or use `run_transaction`, which retries up to three times [Error "
     "codes]."},
});
constexpr auto kConnections = std::to_array<RagTurn>({
    {"too_many_connections after we scaled the web tier to 60 pods. Raise the limit?",
     "docs/errors#53300",
     "Use the pooler on port 6543 instead: it takes 20,000 clients. Each direct connection costs "
     "about 6 MB, so raising `max_connections` only helps for a while [Error codes]."},
    {"what's the max row size btw", "docs/limits",
     "8 MB per row, with keys of up to 2 kB [Limits]."},
});
constexpr auto kUpgrade = std::to_array<RagTurn>({
    {"What's the safest way to go from 4.1 to 4.2, and can I go back?", "docs/upgrade",
     "1. `quill upgrade check`\n2. Upgrade the replicas.\n3. `quill failover`\n4. Upgrade the old "
     "primary.\n\nYou can go back until you run `quill upgrade finalize` [Upgrading]."},
    {"Can I skip a version?", "docs/upgrade",
     "No. Versions in one cluster may differ by one minor release only [Upgrading]."},
});
constexpr auto kVector = std::to_array<RagTurn>({
    {"cosine similarity over 1M product embeddings - which index settings, what recall?",
     "docs/vector",
     "`USING vector (embedding) WITH (metric = cosine, m = 16)` and `ef_search = 64`, which gives "
     "a "
     "recall of about 0.97 at one million rows of 768 dimensions [Vector search]."},
});
constexpr auto kImport = std::to_array<RagTurn>({
    {"Fastest way to load 2 TB of Parquet?", "docs/import",
     "`COPY ... WITH (format = parquet, parallel = 8)`: 200 to 400 MB/s per node, so 2 TB take "
     "about "
     "1.5 to 3 hours on one node [Bulk import]. Create indexes afterwards."},
    {"Some rows were rejected, where do I see why?", "docs/import",
     "In `<table>_rejects`, with the reason for each row [Bulk import]."},
});
constexpr auto kRoles = std::to_array<RagTurn>({
    {"How do I give analysts read access to everything in `sales`, including tables we add later?",
     "docs/security#roles",
     "`GRANT READ ON SCHEMA sales TO ROLE analyst;` A grant on a schema covers future tables "
     "[Security]."},
    {"alice still sees the payroll tables, why?", "docs/security#roles",
     "Ask `SHOW EFFECTIVE RIGHTS FOR alice`: it names the role or grant behind each right "
     "[Security]."},
});
constexpr auto kCertificates = std::to_array<RagTurn>({
    {"Do I need a restart after renewing the TLS certificate?", "docs/security#tls",
     "No. Certificates are re-read within 10 s of a change [Security]."},
    {"Does it work on Windows Server 2012?", "",
     "I could not find anything about that in the documentation."},
});
constexpr auto kChinese = std::to_array<RagTurn>({
    {"查询突然变慢了，怎么找出原因？", "docs/zh/slow-query",
     "先用 `EXPLAIN (ANALYZE, BUFFERS)` 看执行计划；如果估算行数和实际行数相差十倍以上，运行 "
     "`ANALYZE` "
     "更新统计信息。超过 `slow_query_ms`（默认 500）的语句都会记录在 `quill.slow_log` 中 "
     "[慢查询分析]。"},
    {"阈值可以改成 200 毫秒吗？", "docs/zh/slow-query",
     "可以，执行 `SET GLOBAL slow_query_ms = 200` 即可，无需重启 [慢查询分析]。"},
});
constexpr auto kArabic = std::to_array<RagTurn>({
    {"كيف أزيد مهلة الاستعلام لجلسة واحدة فقط؟", "docs/ar/timeouts",
     "نفّذ الأمر `SET statement_timeout = '5min'` في تلك الجلسة. القيمة الافتراضية 60 ثانية "
     "[المهلات الزمنية]."},
});

constexpr auto kThreads = std::to_array<RagThread>({
    {"en", kRestore},
    {"en", kLag},
    {"en", kIndex},
    {"en", kError},
    {"en", kConnections},
    {"en", kUpgrade},
    {"en", kVector},
    {"en", kImport},
    {"en", kRoles},
    {"en", kCertificates},
    {"zh", kChinese},
    {"ar", kArabic},
});

}  // namespace

const std::string_view kRagInstructions =
    "You answer questions about the Quillstone database from the passages you are given, and from "
    "nothing else. Put the title of the page in brackets after each fact. If the passages do not "
    "answer the question, say that you could not find it in the documentation. Answer in the "
    "language of the question.";
const std::string_view kNothingFound = "I could not find anything about that in the documentation.";
const std::span<const Passage> kPassages = kAllPassages;
const std::span<const RagThread> kRagThreads = kThreads;

}  // namespace sightline::demo
