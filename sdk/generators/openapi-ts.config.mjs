export default {
  input: '../../openapi.yaml',
  output: '../../build/sdk/generators/hey-api',
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch', 'zod'],
}
