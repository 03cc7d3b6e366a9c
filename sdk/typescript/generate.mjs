// Generate build/sdk/typescript/clincore.d.ts from openapi.yaml.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { parseYaml } from '@redocly/openapi-core'
import openapiTS, { astToString } from 'openapi-typescript'

const here = (path) => new URL(path, import.meta.url)

// Schemas of responses are open. An index signature for that would give a misspelt property the type `unknown` instead
// of an error.
const removeIndexSignatures = (node) => {
  if (node && typeof node === 'object') {
    if ((node.properties || node.allOf) && node.additionalProperties === true) {
      delete node.additionalProperties
    }
    Object.values(node).forEach(removeIndexSignatures)
  }
}

// openapi-fetch gives a response the union of the types of all its media types. It sends no Accept of its own, so the
// service answers with application/json where it can.
const keepOnlyJson = (response) => {
  if (response.content?.['application/json']) {
    response.content = { 'application/json': response.content['application/json'] }
  }
}

const contract = parseYaml(await readFile(here('../../openapi.yaml'), 'utf8'))
removeIndexSignatures(contract)
Object.values(contract.components.responses).forEach(keepOnlyJson)
const types = await openapiTS(contract, {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  defaultNonNullable: false,
})
await mkdir(here('../../build/sdk/typescript/'), { recursive: true })
await writeFile(here('../../build/sdk/typescript/clincore.d.ts'), astToString(types))
