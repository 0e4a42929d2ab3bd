"""The iCIMS adapter: request and reply shapes, client, field map, quota."""
