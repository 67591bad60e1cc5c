"""Polyvox, the application: asks, listens, understands and reports."""

__version__ = "0.1.0"
