// Starts Swagger UI on the page at /docs.

// Swagger UI fills in each parameter with its example and sends it. For optional parameters this is a trap: a filter or
// a cursor hides the case that was just created. So they start empty.
const optionalParametersStartEmpty = (contract) => {
  const shown = structuredClone(contract);
  const resolve = (node) =>
    node.$ref ? resolve(node.$ref.split("/").slice(1).reduce((place, name) => place[name], shown)) : node;
  for (const path of Object.values(shown.paths)) {
    for (const { parameters = [] } of [path, ...Object.values(path)]) {
      for (const parameter of parameters.map(resolve).filter(({ required }) => !required)) {
        const { example, ...schema } = resolve(parameter.schema);
        parameter.schema = schema;
        delete parameter.example;
        delete parameter.examples;
      }
    }
  }
  return shown;
};

window.ui = SwaggerUIBundle({
  // Relative to the page, so that it works under every root_path.
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [
    {
      statePlugins: {
        spec: {
          wrapActions: {
            updateJsonSpec: (update) => (contract) => update(optionalParametersStartEmpty(contract)),
          },
        },
      },
    },
  ],
});
