// What openapi.yaml must be beyond what Redocly asks, as rules of Redocly's.

const bounded = (schema) => {
  switch (schema.type) {
    case 'string':
      return schema.enum || schema.format || schema.maxLength !== undefined
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.maximum !== undefined
    case 'array':
      return schema.maxItems !== undefined
    default:
      return true
  }
}

const requestBounds = () => {
  const Schema = (schema, { report, location }) => {
    if (!bounded(schema)) {
      report({
        message: `What a client sends must have bounds: this ${schema.type} has none. Give a string an enum, a format or maxLength, a number minimum and maximum, an array maxItems.`,
        location,
      })
    }
  }
  return { RequestBody: { Schema }, Parameter: { Schema } }
}

const schemaExample = () => ({
  NamedSchemas(schemas, { report, location }) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (!('example' in schema)) {
        report({
          message: `The schema ${name} needs an example: Swagger UI and the tests make requests from it.`,
          location: location.child([name]),
        })
      }
    }
  },
})

const operationIdForm = () => ({
  Operation(operation, { report, location }) {
    if (!/^[a-z]+(_[a-z]+)+$/.test(operation.operationId ?? '')) {
      report({
        message: 'operationId is the name of the handler and of the SDK method: verb_noun in lower case.',
        location: location.child(['operationId']),
      })
    }
  },
})

const errorsAreProblems = () => ({
  Responses(responses, { report, location, resolve }) {
    for (const [status, response] of Object.entries(responses)) {
      const { content } = (response.$ref ? resolve(response).node : response) ?? {}
      if (Number(status) >= 400 && Object.keys(content ?? {}).join() !== 'application/problem+json') {
        report({
          message: `${status} must be a problem document (RFC 9457): application/problem+json and nothing else.`,
          location: location.child([status]),
        })
      }
    }
  },
})

export default () => ({
  id: 'clincore',
  rules: {
    oas3: {
      'request-bounds': requestBounds,
      'schema-example': schemaExample,
      'operation-id-form': operationIdForm,
      'errors-are-problems': errorsAreProblems,
    },
  },
})
