// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "api/request/parameters.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "net/http.h"
#include "store/meta_store.h"

namespace sightline::api {

// What a kind of saved documents looks like in requests and answers.
//
// Thread: value. Texts are static.
struct SavedForm {
  enum class Change : std::uint8_t { kCreate, kReplace };
  enum class Part : std::uint8_t { kSummary, kWhole };  // Of a list, or of one that is asked for.
  static constexpr std::size_t kMostNameBytes = 200;
  using Filter = std::function<bool(const store::SavedDocument&)>;

  store::SavedKind kind;
  std::string_view noun;          // "view".
  std::string_view list;          // Member of lists: "views".
  std::string_view id_parameter;  // Of the path: "view_id".
  std::size_t most_body_bytes;
  // Come with the program, are listed first and cannot be changed.
  std::span<const store::SavedDocument> builtins;

  // A request's body, without id and times; with its version when that is to be compared.
  base::Result<store::SavedDocument> (*read)(const std::string& body, Change change,
                                             const base::Clock& clock);
  base::Result<void> (*write)(const store::SavedDocument& saved, Part part, base::JsonWriter& json);
  // Which ones a list is asked for; null for all.
  base::Result<Filter> (*read_filter)(const Parameters& parameters);
};

// Documents of one kind that people save under a name: listed, made, read, replaced and deleted.
//
// Thread: any; calls block while the metadata store reads or writes. What it refers to must outlive
// it.
class SavedApi {
 public:
  SavedApi(const SavedForm& form, store::MetaStore& meta, const base::Clock& clock)
      : form_(form), meta_(meta), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse Create(const net::HttpRequest& request);
  net::HttpResponse Get(const net::HttpRequest& request) const;
  net::HttpResponse Replace(const net::HttpRequest& request);
  net::HttpResponse Delete(const net::HttpRequest& request);

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<std::string> CreateJson(const std::string& body);
  base::Result<std::string> GetJson(const net::HttpRequest& request) const;
  base::Result<std::string> ReplaceJson(const net::HttpRequest& request, const std::string& body);
  base::Result<std::string> DeleteJson(const net::HttpRequest& request);
  base::Result<store::SavedDocument> Read(const std::string& body, SavedForm::Change change) const;
  base::Result<std::string> Json(const store::SavedDocument& saved) const;
  base::Result<void> RefuseBuiltin(std::string_view id) const;
  const store::SavedDocument* FindBuiltin(std::string_view id) const;
  base::Error Unknown(std::string_view id) const;

  const SavedForm form_;
  store::MetaStore& meta_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
