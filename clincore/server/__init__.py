"""The HTTP server: uvicorn's protocol and event loop, with limits on slow clients, greedy clients and bad framing."""
