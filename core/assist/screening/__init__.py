"""Judge an application against its requisition's criteria."""
