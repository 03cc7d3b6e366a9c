"""Metering: admission of requests and the roll-up of usage events into totals."""
