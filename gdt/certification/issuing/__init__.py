"""From what is ready to numbered certificates: ordering, preparing, approving, steering, registering."""
