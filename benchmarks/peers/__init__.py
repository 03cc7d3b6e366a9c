"""The same endpoints, written as others write them."""
