"""The only process that other machines talk to: events from iCIMS, health and metrics."""

from core.gateway.app import create_gateway, gateway

__all__ = ["create_gateway", "gateway"]
