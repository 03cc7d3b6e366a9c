// Makes build/sdk/typescript/clincore.d.ts from openapi.yaml.

import { mkdir, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const here = (path) => new URL(path, import.meta.url)

// Answers are open. As an index signature that would make `unknown` of a misspelt property, where it must be an error.
const withoutIndexSignature = (schema) => {
  if (schema.properties && schema.additionalProperties === true) {
    delete schema.additionalProperties
  }
}

const types = await openapiTS(here('../../openapi.yaml'), {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  defaultNonNullable: false,
  transform: withoutIndexSignature,
})
await mkdir(here('../../build/sdk/typescript/'), { recursive: true })
await writeFile(here('../../build/sdk/typescript/clincore.d.ts'), astToString(types))
