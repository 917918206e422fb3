"""What goes over the wire: messages, frames, close codes, limits, metrics."""
