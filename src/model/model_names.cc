// SPDX-License-Identifier: Apache-2.0
#include "model/model_names.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "model/provider_names.h"

namespace sightline::model {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "20250929" as a plausible date of this century.
bool IsCompactDate(std::string_view text) {
  return text.size() == 8 && AllDigits(text) && text.starts_with("20") &&
         text.substr(4, 2) >= "01" && text.substr(4, 2) <= "12" && text.substr(6) >= "01" &&
         text.substr(6) <= "31";
}

// "2025-09-29".
bool IsDashedDate(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && AllDigits(text.substr(0, 4)) &&
         AllDigits(text.substr(5, 2)) && AllDigits(text.substr(8));
}

std::string_view WithoutResourcePath(std::string_view name) {
  constexpr std::string_view kModels = "models/";
  if (name.starts_with("arn:")) {
    const std::size_t slash = name.rfind('/');
    return slash == std::string_view::npos ? name : name.substr(slash + 1);
  }
  if (name.starts_with(kModels)) {
    return name.substr(kModels.size());
  }
  if (name.starts_with("publishers/") || name.starts_with("projects/")) {
    const std::size_t models = name.rfind("/models/");
    return models == std::string_view::npos ? name : name.substr(models + 1 + kModels.size());
  }
  return name;
}

std::string_view WithoutProvider(std::string_view name, std::string_view provider_id) {
  const std::size_t mark = name.find_first_of("/:");
  const ProviderName* provider =
      mark == std::string_view::npos ? nullptr : FindProviderOfModelPrefix(name.substr(0, mark));
  const bool is_same =
      provider != nullptr && !provider_id.empty() && provider->price_id == provider_id;
  return is_same ? name.substr(mark + 1) : name;
}

std::string_view WithoutVertexVersion(std::string_view name) {
  const std::size_t at = name.find('@');
  return at == 0 ? name : name.substr(0, at);
}

std::string_view WithoutRegion(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  if (slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && IsRegionPrefix(name.substr(0, dot)) ? name.substr(dot + 1)
                                                                              : name;
}

std::string_view BaseOfFineTune(std::string_view name) {
  constexpr std::string_view kFineTune = "ft:";
  if (!name.starts_with(kFineTune)) {
    return name;
  }
  name.remove_prefix(kFineTune.size());
  return name.substr(0, name.find(':'));
}

// "amazon.nova-pro-v1:0:300k" is "amazon.nova-pro".
std::string_view WithoutBedrockVersion(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos || colon + 1 == name.size() || name[colon + 1] < '0' ||
      name[colon + 1] > '9') {
    return name;
  }
  name = name.substr(0, colon);
  const std::size_t version = name.rfind("-v");
  return version != std::string_view::npos && AllDigits(name.substr(version + 2))
             ? name.substr(0, version)
             : name;
}

bool IsTwoDigits(std::string_view text, std::string_view first, std::string_view last) {
  return text.size() == 2 && AllDigits(text) && text >= first && text <= last;
}

// "08-2024" of Cohere and Google.
bool IsMonthAndYear(std::string_view text) {
  return text.size() == 7 && text[2] == '-' && IsTwoDigits(text.substr(0, 2), "01", "12") &&
         AllDigits(text.substr(3)) && text.substr(3, 2) == "20";
}

// "05-20" of Google, which stands after "preview" or "exp" only.
bool IsMonthAndDay(std::string_view text) {
  return text.size() == 5 && text[2] == '-' && IsTwoDigits(text.substr(0, 2), "01", "12") &&
         IsTwoDigits(text.substr(3), "01", "31");
}

std::string_view WithoutDate(std::string_view name) {
  constexpr std::string_view kLatest = "-latest";
  if (name.ends_with(kLatest)) {
    return name.substr(0, name.size() - kLatest.size());
  }
  if (name.size() > 11 && name[name.size() - 11] == '-' &&
      IsDashedDate(name.substr(name.size() - 10))) {
    return name.substr(0, name.size() - 11);
  }
  if (name.size() > 9 && name[name.size() - 9] == '-' &&
      IsCompactDate(name.substr(name.size() - 8))) {
    return name.substr(0, name.size() - 9);
  }
  if (name.size() > 8 && name[name.size() - 8] == '-' &&
      IsMonthAndYear(name.substr(name.size() - 7))) {
    return name.substr(0, name.size() - 8);
  }
  if (name.size() > 6 && name[name.size() - 6] == '-' &&
      IsMonthAndDay(name.substr(name.size() - 5))) {
    const std::string_view rest = name.substr(0, name.size() - 6);
    return rest.ends_with("-preview") || rest.ends_with("-exp") ? rest : name;
  }
  return name;
}

// Puts dashes into the first date without them; "" when there is none.
std::string WithDashedDate(std::string_view name) {
  for (std::size_t dash = name.find('-'); dash != std::string_view::npos;
       dash = name.find('-', dash + 1)) {
    const std::string_view date = name.substr(dash + 1, 8);
    const std::string_view after = name.substr(dash + 1 + date.size());
    if (IsCompactDate(date) && (after.empty() || after.front() == '-' || after.front() == ':')) {
      std::string dashed(name);
      dashed.insert(dash + 7, "-").insert(dash + 5, "-");
      return dashed;
    }
  }
  return {};
}

// What routers put in front, whoever it names: "openrouter/anthropic/claude-...", "openai:gpt-4o".
std::string_view WithoutPrefixes(std::string_view name) {
  if (const std::size_t slash = name.rfind('/'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  const std::size_t colon = name.find(':');
  const bool names_provider = colon != std::string_view::npos &&
                              FindProviderOfModelPrefix(name.substr(0, colon)) != nullptr;
  return names_provider ? name.substr(colon + 1) : name;
}

// "anthropic.claude-..." without its maker, as Bedrock names models.
std::string_view WithoutVendor(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && IsBedrockVendor(name.substr(0, dot))
             ? name.substr(dot + 1)
             : name;
}

// "-001", "-0613", "-2411".
std::string_view WithoutShortVersion(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) {
    return name;
  }
  const std::string_view version = name.substr(dash + 1);
  return (version.size() == 3 || version.size() == 4) && AllDigits(version) ? name.substr(0, dash)
                                                                            : name;
}

std::string_view WithoutEnding(std::string_view name, std::string_view ending) {
  return name.ends_with(ending) && name.size() > ending.size()
             ? name.substr(0, name.size() - ending.size())
             : name;
}

}  // namespace

std::string ModelIdentity(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view rest = WithoutResourcePath(lower);
  rest = WithoutVendor(WithoutRegion(WithoutVertexVersion(WithoutPrefixes(rest))));
  rest = WithoutBedrockVersion(BaseOfFineTune(rest));
  rest = rest.substr(0, rest.find(':'));
  rest = WithoutEnding(WithoutEnding(WithoutDate(rest), "-preview"), "-exp");
  rest = WithoutShortVersion(WithoutDate(rest));
  std::string identity(rest);
  std::ranges::replace(identity, '.', '-');
  // Azure cannot have a dot in the name of a deployment.
  constexpr std::string_view kAzureSpelling = "gpt-35";
  if (identity.starts_with(kAzureSpelling)) {
    identity.insert(kAzureSpelling.size() - 1, "-");
  }
  return identity;
}

std::vector<ModelName> ModelNamesToTry(std::string_view lower, std::string_view provider_id) {
  std::vector<ModelName> names;
  Tuning tuning = Tuning::kNone;
  const auto add = [&names, &tuning](std::string name) {
    if (!name.empty() && std::ranges::find(names, name, &ModelName::name) == names.end()) {
      names.push_back({.name = std::move(name), .tuning = tuning});
    }
  };
  const auto add_with_dated = [&add](std::string_view name) {
    add(std::string(name));
    add(WithDashedDate(name));
  };
  std::string_view name = lower;
  add_with_dated(name);
  add_with_dated(name = WithoutResourcePath(name));
  add_with_dated(name = WithoutProvider(name, provider_id));
  add_with_dated(name = WithoutVertexVersion(name));
  const bool is_bedrock = provider_id == "aws";
  if (is_bedrock) {
    add_with_dated(name = WithoutRegion(name));
  }
  if (const std::string_view base = BaseOfFineTune(name); base != name) {
    tuning = Tuning::kFineTuned;
    add_with_dated(name = base);
  }
  if (is_bedrock) {
    add_with_dated(name = WithoutBedrockVersion(name));
  }
  add_with_dated(WithoutDate(name));
  return names;
}

}  // namespace sightline::model
