// Redocly rules for openapi.yaml in addition to Redocly's own.

const bounded = (schema) => {
  switch (schema.type) {
    case 'string':
      return schema.enum || schema.format || schema.maxLength !== undefined
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.maximum !== undefined
    case 'array':
      return schema.maxItems !== undefined
    case 'object':
      return !schema.additionalProperties || schema.maxProperties !== undefined
    default:
      return true
  }
}

// A rule for every schema of a request, at any depth. Redocly's nested visitors stop at the first schema.
const forRequests = (isGood, message) => () => {
  const seen = new Set()
  const walk = (schema, location, context) => {
    if (schema?.$ref) {
      const target = context.resolve(schema, location.source.absoluteRef)
      walk(target.node, target.location, context)
    } else if (schema && typeof schema === 'object' && !seen.has(schema)) {
      seen.add(schema)
      if (!isGood(schema)) {
        context.report({ message: message(schema), location })
      }
      for (const keyword of ['items', 'additionalProperties']) {
        walk(schema[keyword], location.child([keyword]), context)
      }
      for (const keyword of ['properties', 'allOf', 'oneOf', 'anyOf']) {
        for (const [name, inner] of Object.entries(schema[keyword] ?? {})) {
          walk(inner, location.child([keyword, name]), context)
        }
      }
    }
  }
  return {
    RequestBody(body, context) {
      for (const [type, { schema }] of Object.entries(body.content ?? {})) {
        walk(schema, context.location.child(['content', type, 'schema']), context)
      }
    },
    Parameter(parameter, context) {
      walk(parameter.schema, context.location.child(['schema']), context)
    },
  }
}

const requestBounds = forRequests(
  bounded,
  ({ type }) =>
    `Schemas of requests must have bounds, but this ${type} has none. Give a string an enum, a format or maxLength, a number minimum and maximum, an array maxItems, a map maxProperties.`,
)

// An open object would accept a misspelt field and ignore it.
const requestObjectsClosed = forRequests(
  ({ type, additionalProperties }) => type !== 'object' || (additionalProperties ?? true) !== true,
  () => 'Objects of requests must be closed: give the object additionalProperties, false or a schema.',
)

const schemaExample = () => ({
  NamedSchemas(schemas, { report, location }) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (!('example' in schema)) {
        report({
          message: `The schema ${name} needs an example: Swagger UI and the tests build requests from it.`,
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
        message: 'operationId must be verb_noun in lower case: it names the handler and the SDK method.',
        location: location.child(['operationId']),
      })
    }
  },
})

// FHIR clients expect FHIR's own error documents.
const errorsAreProblems = () => ({
  Responses(responses, { report, location, resolve, rawLocation }) {
    const isFhir = /\/paths\/~1fhir~1/.test((rawLocation ?? location).pointer)
    const mediaType = isFhir ? 'application/fhir+json' : 'application/problem+json'
    for (const [status, response] of Object.entries(responses)) {
      const found = response.$ref ? resolve(response) : { node: response, location: location.child([status]) }
      if (Number(status) >= 400 && Object.keys(found.node?.content ?? {}).join() !== mediaType) {
        report({
          message: `${status} must be an error document with only the media type ${mediaType}.`,
          location: found.location ?? location.child([status]),
        })
      }
    }
  },
})

// Generators put all components into one namespace, and those for Go make a function `NewCase` for a schema `Case`.
const uniqueComponentNames = () => ({
  Components(components, { report, location }) {
    const sections = new Map()
    // Start with schemas, so that the other component is reported: a schema's name is the name of a type in clients.
    for (const [section, named] of Object.entries({ schemas: {}, ...components })) {
      for (const name of Object.keys(named)) {
        const before = sections.get(name.toLowerCase())
        if (before) {
          report({ message: `${name} is also a name in ${before}.`, location: location.child([section, name]) })
        }
        sections.set(name.toLowerCase(), section)
      }
    }
    for (const name of Object.keys(components.schemas ?? {})) {
      if (`New${name}` in components.schemas) {
        report({
          message: `New${name} is also the name of a function for the schema ${name} in Go.`,
          location: location.child(['schemas', `New${name}`]),
        })
      }
    }
  },
})

// Without additionalProperties some generators assume true, others false.
const explicitAdditionalProperties = () => ({
  Schema(schema, { report, location }) {
    const isObject = schema.type === 'object' || schema.properties || schema.allOf
    if (isObject && schema.additionalProperties === undefined) {
      report({ message: 'State whether the object can have other properties: additionalProperties.', location })
    }
  },
})

// Generators turn it into a date type, which has no length.
const noLengthOfDates = () => ({
  Schema(schema, { report, location }) {
    for (const keyword of ['minLength', 'maxLength']) {
      if (['date', 'date-time'].includes(schema.format) && keyword in schema) {
        report({ message: `${keyword} with the format ${schema.format}`, location: location.child([keyword]) })
      }
    }
  },
})

export default () => ({
  id: 'clincore',
  rules: {
    oas3: {
      'request-bounds': requestBounds,
      'request-objects-closed': requestObjectsClosed,
      'schema-example': schemaExample,
      'operation-id-form': operationIdForm,
      'errors-are-problems': errorsAreProblems,
      'unique-component-names': uniqueComponentNames,
      'explicit-additional-properties': explicitAdditionalProperties,
      'no-length-of-dates': noLengthOfDates,
    },
  },
})
