"""Metering: admission of requests, the free quota, the roll-up of usage events into totals."""
