"""The ASGI application `app`, for `uvicorn clincore.asgi:app --workers N`."""

from clincore.app import Application

app = Application()
