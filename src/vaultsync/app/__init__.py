"""The use cases: plain functions from options and a workspace to a result."""
