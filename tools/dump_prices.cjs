// SPDX-License-Identifier: Apache-2.0
// Writes the data inside the JavaScript package genai-prices as JSON: what pricing needs of it.
// Usage: node tools/dump_prices.cjs <package>/dist/index.cjs <source text> > prices.json
'use strict'

const path = require('node:path')

const [, , bundle, source] = process.argv
// The package offers its data only as the result of the update that it waits for at start.
const { waitForUpdate } = require(path.resolve(bundle))

waitForUpdate().then((data) => {
  const providers = data.map((provider) => ({
    id: provider.id,
    provider_match: provider.provider_match,
    model_match: provider.model_match,
    fallback_model_providers: provider.fallback_model_providers,
    models: provider.models.map(({ id, match, prices }) => ({ id, match, prices })),
  }))
  if (providers.length === 0) {
    throw new Error('dump_prices: the package holds no prices')
  }
  process.stdout.write(JSON.stringify({ source, providers }) + '\n')
})
