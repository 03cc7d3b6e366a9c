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

// A case is served as FHIR too. The client does not ask for that, so a case would have the type of either.
const removeFhir = (node) => {
  if (node && typeof node === 'object') {
    if (node.content?.['application/json']) {
      delete node.content['application/fhir+json']
    }
    Object.values(node).forEach(removeFhir)
  }
}

const contract = parseYaml(await readFile(here('../../openapi.yaml'), 'utf8'))
removeIndexSignatures(contract)
removeFhir(contract)
const types = await openapiTS(contract, {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  defaultNonNullable: false,
})
await mkdir(here('../../build/sdk/typescript/'), { recursive: true })
await writeFile(here('../../build/sdk/typescript/clincore.d.ts'), astToString(types))
