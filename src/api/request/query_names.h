// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace sightline::api {

// The names of query parameters that each operation of the OpenAPI document takes. A name such as
// `score.{name}` stands for all that begin with what is before the brace and have more.
//
// Thread: any (immutable).
class QueryNames {
 public:
  // The document as JSON. kInvalidArgument: it is none, or refers to what it does not have.
  static base::Result<QueryNames> Of(std::string_view openapi);

  // kInvalidArgument: the query has a parameter that the operation does not take; names it and the
  // nearest that it takes. HEAD takes what GET takes. `pattern` is the path as the document has it;
  // operations that are not in the document take everything.
  base::Result<void> Check(std::string_view method, std::string_view pattern,
                           const net::QueryParameters& query) const;

 private:
  // By method and path, such as "GET /healthz".
  std::map<std::string, std::vector<std::string>, std::less<>> names_;
};

}  // namespace sightline::api
