"""The HTTP server: uvicorn's protocol and event loop with limits for slow, greedy and ambiguous clients."""
