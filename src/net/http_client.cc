// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.h"

#include <algorithm>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/check.h"

namespace sightline::net {
namespace {

// libcurl's global state is set up once, before the first handle.
void InitCurlOnce() {
  static const CURLcode kCode = curl_global_init(CURL_GLOBAL_DEFAULT);
  CHECK(kCode == CURLE_OK);
}

base::Code CodeFor(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return base::Code::kDeadlineExceeded;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return base::Code::kInvalidArgument;
    case CURLE_WRITE_ERROR:  // Only our own callback refuses to write.
      return base::Code::kResourceExhausted;
    default:
      return base::Code::kUnavailable;
  }
}

struct Receiver {
  HttpResponse response;
  std::size_t max_bytes = 0;
};

std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::size_t bytes = size * count;
  if (receiver.response.body.size() + bytes > receiver.max_bytes) {
    return 0;
  }
  receiver.response.body.append(data, bytes);
  return bytes;
}

std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
    line.remove_suffix(1);
  }
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    receiver.response.headers = {};  // The final response follows an interim one (100 Continue).
  } else if (colon != std::string_view::npos) {
    const auto value = line.find_first_not_of(" \t", colon + 1);
    receiver.response.headers.Add(
        std::string(line.substr(0, colon)),
        std::string(value == std::string_view::npos ? std::string_view() : line.substr(value)));
  }
  return size * count;
}

}  // namespace

class HttpClient::Impl {
 public:
  explicit Impl(HttpClientOptions options) : options_(options) {
    InitCurlOnce();
    handle_ = curl_easy_init();
    CHECK(handle_ != nullptr);
  }

  ~Impl() { curl_easy_cleanup(handle_); }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // A null body is a GET.
  base::Result<HttpResponse> Exchange(const std::string& url, const HttpHeaders& headers,
                                      const std::string_view* body);

 private:
  const HttpClientOptions options_;
  CURL* handle_ = nullptr;
};

base::Result<HttpResponse> HttpClient::Impl::Exchange(const std::string& url,
                                                      const HttpHeaders& headers,
                                                      const std::string_view* body) {
  curl_easy_reset(handle_);  // Keeps connections.
  Receiver receiver{.response = {}, .max_bytes = options_.max_response_bytes};
  curl_slist* fields = curl_slist_append(nullptr, "Expect:");  // Do not wait for 100 Continue.
  for (const NameValue& field : headers) {
    fields = curl_slist_append(fields, fmt::format("{}: {}", field.name, field.value).c_str());
  }
  curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, fields);
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout.count()));
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &receiver);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &receiver);
  if (body != nullptr) {
    curl_easy_setopt(handle_, CURLOPT_POST, 1L);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body->empty() ? "" : body->data());
  }
  const CURLcode code = curl_easy_perform(handle_);
  curl_slist_free_all(fields);
  if (code != CURLE_OK) {
    return base::Error(CodeFor(code),
                       fmt::format("cannot reach {}: {}", url, curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  receiver.response.status = static_cast<int>(status);
  receiver.response.content_type =
      std::string(receiver.response.headers.Find("Content-Type").value_or(""));
  return std::move(receiver.response);
}

HttpClient::HttpClient(HttpClientOptions options) : impl_(std::make_unique<Impl>(options)) {}

HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

base::Result<HttpResponse> HttpClient::Post(const std::string& url, const HttpHeaders& headers,
                                            std::string_view body) {
  return impl_->Exchange(url, headers, &body);
}

base::Result<HttpResponse> HttpClient::Get(const std::string& url, const HttpHeaders& headers) {
  return impl_->Exchange(url, headers, nullptr);
}

}  // namespace sightline::net
